using System.Security.Cryptography;
using System.Text.Json;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>The random passwords of a private cluster's roles, in a file that only we can read.</summary>
internal sealed class ClusterSecrets
{
    private readonly Dictionary<string, string> _passwords;

    private ClusterSecrets(Dictionary<string, string> passwords) => _passwords = passwords;

    /// <summary>Reads them; makes those that are missing.</summary>
    public static ClusterSecrets ReadOrMake(string file, IEnumerable<string> roles)
    {
        Dictionary<string, string> passwords;
        try
        {
            passwords = File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file)) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new StorageException($"{file} can't be read: bring it back from a backup, or remove its folder to begin anew.", e);
        }
        var known = passwords.Count;
        foreach (var role in roles) passwords.TryAdd(role, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        if (passwords.Count > known) ClusterFolder.ReplacePrivately(file, JsonSerializer.Serialize(passwords));
        return new ClusterSecrets(passwords);
    }

    public string PasswordOf(string role) => _passwords[role];
}
