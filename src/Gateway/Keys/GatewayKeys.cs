using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>
/// The gateway's secret keys, one ring for each use. All gateways of one installation share them, but for <see cref="Journal"/>,
/// which may differ. The file is JSON: for each use an object with "active" (id) and "keys" (id → 32 bytes in Base64).
/// </summary>
/// <param name="Challenges">HMAC of challenges.</param>
/// <param name="CacheNames">HMAC that makes names in Redis pseudonymous.</param>
/// <param name="CacheValues">AES-256-GCM of values in Redis.</param>
/// <param name="Answers">AES-256-GCM of answers kept for resends.</param>
/// <param name="Journal">AES-256-GCM of the local journal.</param>
public sealed record GatewayKeys(KeyRing Challenges, KeyRing CacheNames, KeyRing CacheValues, KeyRing Answers, KeyRing Journal)
{
    private static readonly string[] Uses = ["challenges", "cacheNames", "cacheValues", "answers", "journal"];
    private static readonly JsonSerializerOptions Form = new(JsonSerializerOptions.Web) { WriteIndented = true, AllowDuplicateProperties = false };

    /// <exception cref="SettingsException">The file is missing or a ring in it is wrong: says which and how.</exception>
    public static GatewayKeys Load(string file)
    {
        Dictionary<string, Ring>? rings;
        try
        {
            rings = JsonSerializer.Deserialize<Dictionary<string, Ring>>(File.ReadAllText(file), Form);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The key file {file} can't be read: {e.Message} Make one with `gateway keys new FILE`.");
        }
        catch (JsonException)
        {
            // Its message is about the program's types.
            throw new SettingsException($"The key file {file} has not the form of one: compare it with what `gateway keys new FILE` makes.");
        }
        return new GatewayKeys(Read("challenges"), Read("cacheNames"), Read("cacheValues"), Read("answers"), Read("journal"));

        KeyRing Read(string use)
        {
            if (rings is null || !rings.TryGetValue(use, out var ring) || ring.Keys is null)
                throw new SettingsException($"The key file {file} has no ring \"{use}\". Make a new file with `gateway keys new FILE` to see its form.");
            try
            {
                var keys = ring.Keys.ToDictionary(k => byte.Parse(k.Key, CultureInfo.InvariantCulture), k => Convert.FromBase64String(k.Value));
                return new KeyRing(ring.Active, keys);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
            {
                // Its message may quote a key.
                throw new SettingsException(
                    $"The key file {file}, ring \"{use}\": each key is an id from 0 to 255 with {KeyRing.KeyLength} bytes in Base64, and the active id must be one of them. Compare it with what `gateway keys new FILE` makes.");
            }
        }
    }

    /// <summary>Writes a file of fresh random keys, readable by its owner alone. An existing file is never overwritten.</summary>
    public static void WriteNew(string file)
    {
        var rings = Uses.ToDictionary(
            use => use,
            _ => new Ring(1, new Dictionary<string, string> { ["1"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyRing.KeyLength)) }));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, rings, Form);
    }

    private sealed record Ring(byte Active, Dictionary<string, string>? Keys);
}
