using System.Globalization;
using System.Text.Json;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// How many entries each key of the ring has sealed, over all openings of this journal: a small file beside its segments, since the journal
/// is written while Postgres is away. A block is reserved there before it is used, so that a crash makes the count too high and never too low.
/// Where it can't be written the journal goes on, and it is counted in memory.
/// </summary>
/// <remarks>
/// No ring key seals an entry itself (<see cref="SegmentKey"/>), and a segment's own key seals far fewer than it bears. The count is held
/// against the ring's key all the same: it is the stricter one. Not for two threads at once.
/// </remarks>
internal sealed class JournalKeyUse
{
    /// <summary>JSON: a key's id and name to what is reserved of it.</summary>
    public const string FileName = "key-use.json";

    /// <summary>After a failure it is tried again with as many entries more.</summary>
    private const int BetweenTries = 4096;

    private readonly JournalFolder _folder;
    private readonly KeyRing _keys;
    private readonly Dictionary<byte, Count> _counts = [];
    private readonly Dictionary<string, long> _written;
    private long _untilNextTry;

    private JournalKeyUse(JournalFolder folder, KeyRing keys, Dictionary<string, long> written) => (_folder, _keys, _written) = (folder, keys, written);

    /// <param name="folder">The journal's.</param>
    /// <param name="keys">The journal's.</param>
    /// <param name="isDamaged">Whether there is such a file and it can't be read; the counts begin anew then.</param>
    public static JournalKeyUse Open(JournalFolder folder, KeyRing keys, out bool isDamaged)
    {
        var written = Read(folder.PathOf(FileName));
        isDamaged = written is null;
        return new JournalKeyUse(folder, keys, written ?? []);
    }

    /// <summary>What is written of a journal that may be open elsewhere; null where it can't be read.</summary>
    /// <param name="file">Where it is; one that is not there holds nothing.</param>
    public static Dictionary<string, long>? Read(string file)
    {
        try
        {
            var read = File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(file)) : [];
            return read?.Values.All(messages => messages >= 0) == true ? read : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The name of a key in the file.</summary>
    /// <param name="keyId">Its id.</param>
    /// <param name="keyName">As <see cref="KeyUse.NameOf"/> has it, in hexadecimal digits.</param>
    public static string NameOf(byte keyId, string keyName) => string.Create(CultureInfo.InvariantCulture, $"{keyId} {keyName}");

    /// <summary>Counts entries that are about to be sealed; what the operator should hear of the key, once at each level.</summary>
    public (KeyUseLevel Level, string Told)? Add(byte keyId, int entries)
    {
        var count = CountOf(keyId);
        count.Used += entries;
        if (count.Used > _written.GetValueOrDefault(count.Name)) Reserve(count, entries);
        var level = KeyUseLevels.Of(count.Used);
        if (level <= count.Told) return null;
        count.Told = level;
        _keys.TryGet(keyId, out var key);
        return (level, KeyUseLevels.Told(RingNames.Journal, keyId, KeyUse.NameOf(key), count.Used));
    }

    /// <summary>Writes what was really used; without it, what was reserved counts as used.</summary>
    public void Close()
    {
        foreach (var count in _counts.Values) _written[count.Name] = count.Used;
        if (_counts.Count > 0) TryWrite();
    }

    private Count CountOf(byte keyId)
    {
        if (_counts.TryGetValue(keyId, out var count)) return count;
        _keys.TryGet(keyId, out var key);
        var name = NameOf(keyId, Convert.ToHexStringLower(KeyUse.NameOf(key)));
        return _counts[keyId] = new Count(name) { Used = _written.GetValueOrDefault(name) };
    }

    private void Reserve(Count count, int entries)
    {
        _untilNextTry -= entries;
        if (_untilNextTry > 0) return;
        var before = _written.GetValueOrDefault(count.Name);
        _written[count.Name] = count.Used + KeyUse.Block;
        if (TryWrite()) return;
        _written[count.Name] = before;
        _untilNextTry = BetweenTries;
    }

    private bool TryWrite()
    {
        try
        {
            _folder.Replace(FileName, JsonSerializer.SerializeToUtf8Bytes(_written));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private sealed class Count(string name)
    {
        public string Name => name;

        public long Used { get; set; }

        public KeyUseLevel Told { get; set; }
    }
}
