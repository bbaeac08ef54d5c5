using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>A file that a setting names.</summary>
internal static class PemFile
{
    /// <exception cref="SettingsException">It can't be read: which, of which setting, and why.</exception>
    public static string Read(string setting, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The file {file} of \"{setting}\" can't be read: {e.Message}");
        }
    }
}
