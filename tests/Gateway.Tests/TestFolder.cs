using System.Security.Cryptography;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>Folders for tests, below the system's temporary one.</summary>
public static class TestFolder
{
    /// <summary>A path where nothing is yet.</summary>
    public static string NewPath() =>
        Path.Combine(Path.GetTempPath(), "eligibility-tests-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
}
