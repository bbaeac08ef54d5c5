using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using EligibilityGateway.Common;
using EligibilityGateway.Common.Files;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>The key file: JSON, for each use a ring with "active" (id) and "keys" (id → 32 bytes in Base64). Rings that it does not know stay as they are.</summary>
internal sealed class KeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Form = new(JsonSerializerOptions.Web) { WriteIndented = true, AllowDuplicateProperties = false };

    private readonly string _path;
    private readonly Dictionary<string, Ring> _rings;

    private KeyFile(string path, Dictionary<string, Ring> rings) => (_path, _rings) = (path, rings);

    /// <exception cref="SettingsException">It is missing, or is no key file.</exception>
    public static KeyFile Read(string path)
    {
        try
        {
            return new KeyFile(path, JsonSerializer.Deserialize<Dictionary<string, Ring>>(File.ReadAllText(path), Form) ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"The key file {path} can't be read: {e.Message} Make one with `gateway keys new FILE`.");
        }
        catch (JsonException)
        {
            // Its message is about the program's types.
            throw new SettingsException($"The key file {path} has not the form of one: compare it with what `gateway keys new FILE` makes.");
        }
    }

    /// <summary>Writes a file with a fresh random key in each ring, readable by its owner alone. An existing file is never overwritten.</summary>
    public static void WriteNew(string path, IEnumerable<string> rings)
    {
        using var stream = Create(path);
        JsonSerializer.Serialize(stream, rings.ToDictionary(ring => ring, _ => FreshRing()), Form);
    }

    /// <summary>Writes that ring alone into a new file, readable by its owner alone.</summary>
    /// <exception cref="SettingsException">There is no such ring, or it is wrong.</exception>
    public void WriteRing(string ring, string newFile)
    {
        _ = RingOf(ring);
        using var stream = Create(newFile);
        JsonSerializer.Serialize(stream, new Dictionary<string, Ring> { [ring] = _rings[ring] }, Form);
    }

    /// <summary>
    /// Changes it whole or not at all: what is new is written beside it, brought to the disk and put in its place. The file beside it keeps
    /// out whoever would change it at the same time.
    /// </summary>
    /// <param name="path">Of a link, what it leads to is changed.</param>
    /// <param name="change">The change; what it throws leaves the file as it was.</param>
    /// <exception cref="SettingsException">It can't be read or written, or is just being changed.</exception>
    public static void Change(string path, Action<KeyFile> change)
    {
        var target = Path.GetFullPath(File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path);
        // Where there is none, that is told before anything is made beside it.
        _ = Read(target);
        var beside = target + ".new";
        using (var stream = CreateBeside(beside))
        {
            try
            {
                var file = Read(target);
                change(file);
                JsonSerializer.Serialize(stream, file._rings, Form);
                stream.Flush();
                FileOwner.Copy(target, beside);
                DiskSync.File(stream.SafeFileHandle);
                File.Move(beside, target, overwrite: true);
                DiskSync.Folder(Path.GetDirectoryName(target)!);
            }
            catch (Exception e)
            {
                // After the move there is none.
                File.Delete(beside);
                if (e is IOException or UnauthorizedAccessException) throw new SettingsException($"The key file {target} can't be written anew: {e.Message}");
                throw;
            }
        }
    }

    public bool Has(string ring) => _rings.ContainsKey(ring);

    /// <exception cref="SettingsException">The file has no such ring, or one that is wrong: says how.</exception>
    public KeyRing RingOf(string ring)
    {
        if (!_rings.TryGetValue(ring, out var written) || written.Keys is null)
            throw new SettingsException($"The key file {_path} has no ring \"{ring}\": `gateway keys add {_path} {ring}` puts it in.");
        try
        {
            return new KeyRing(written.Active, written.Keys.ToDictionary(key => byte.Parse(key.Key, CultureInfo.InvariantCulture), key => Convert.FromBase64String(key.Value)));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            // Its message may quote a key.
            throw new SettingsException(
                $"The key file {_path}, ring \"{ring}\": each key is an id from 0 to 255 with {KeyRing.KeyLength} bytes in Base64, and the active id must be one of them. Compare it with what `gateway keys new FILE` makes.");
        }
    }

    /// <summary>Puts a fresh random key into the ring, which does not use it yet; its id. The first key of a ring that was not there is active.</summary>
    public byte Add(string ring)
    {
        if (!Has(ring) && RingNames.All.Contains(ring))
        {
            _rings[ring] = FreshRing();
            return _rings[ring].Active;
        }
        var ids = RingOf(ring).Ids.ToHashSet();
        // The id of a key that was removed is not given away as long as there are others: what it sealed may still lie about.
        var id = ids.Max() < byte.MaxValue ? (byte)(ids.Max() + 1)
            : Enumerable.Range(0, byte.MaxValue).Select(free => (byte?)free).FirstOrDefault(free => !ids.Contains(free!.Value))
              ?? throw new SettingsException($"The ring \"{ring}\" has 256 keys, as many as there are ids: remove one first.");
        _rings[ring].Keys!.Add(id.ToString(CultureInfo.InvariantCulture), FreshKey());
        return id;
    }

    /// <summary>Makes that key the one that new things are made with; the id of the one before.</summary>
    public byte Activate(string ring, byte id)
    {
        var before = Holding(ring, id).ActiveId;
        if (before == id) throw new SettingsException($"Key {id} of the ring \"{ring}\" is active already.");
        _rings[ring] = _rings[ring] with { Active = id };
        return before;
    }

    /// <summary>Takes a key out for good.</summary>
    public void Remove(string ring, byte id)
    {
        if (Holding(ring, id).ActiveId == id) throw new SettingsException($"Key {id} of the ring \"{ring}\" is active: activate another one first.");
        var keys = _rings[ring].Keys!;
        keys.Remove(keys.Keys.First(written => byte.Parse(written, CultureInfo.InvariantCulture) == id));
    }

    private KeyRing Holding(string ring, byte id)
    {
        var keys = RingOf(ring);
        return keys.Holds(id) ? keys : throw new SettingsException($"The ring \"{ring}\" has no key {id}: it has {string.Join(", ", keys.Ids.Order())}.");
    }

    private static FileStream CreateBeside(string path)
    {
        try
        {
            return Create(path);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new SettingsException($"{path} is there: another command changes the key file just now, or one was ended in the middle. Where none is at work, delete {path}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{path} can't be written: the key file is written anew beside itself, so its folder must be yours. {e.Message}");
        }
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static Ring FreshRing() => new(1, new Dictionary<string, string> { ["1"] = FreshKey() });

    private static string FreshKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyRing.KeyLength));

    private sealed record Ring(byte Active, Dictionary<string, string>? Keys);
}
