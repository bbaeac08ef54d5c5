using System.Security.Cryptography;
using EligibilityGateway.Common.Files;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;

namespace EligibilityGateway.ReaderAgent.Spool;

/// <summary>
/// The events that were not acknowledged yet, on disk, so that a kill or a power cut loses none. One file each, named by the event's
/// id, so that their order is that of the ids. A file holds the look-up alone, encrypted: nothing medical ever comes here.
/// <list type="number">
/// <item>written whole under another name (…event.tmp), and synced</item>
/// <item>renamed to its own name, and the folder synced: from here on it is kept</item>
/// <item>deleted when acknowledged. A deletion lost in a power cut costs nothing: the same event gets the same answer</item>
/// </list>
/// Not for several processes: the lock file holds others out. Safe for several threads.
/// </summary>
internal sealed class EventSpool : IDisposable
{
    public const string KeyFile = "spool.key";

    public const string SetAsideFolder = "set-aside";

    private const string LockFile = "spool.lock";
    private const string EventSuffix = ".event";
    private const string TemporarySuffix = ".tmp";

    /// <summary>Files set aside are for whoever looks into it; they must not fill the disk.</summary>
    private const int MostSetAside = 100;

    /// <summary>No look-up comes near: a certificate is 4 KB at most.</summary>
    private const int LongestFile = 64 * 1024;

    private readonly string _folder;
    private readonly int _capacity;
    private readonly Action<string> _report;
    private readonly FileStream _lock;
    private readonly SpoolCipher _cipher;
    private readonly Lock _gate = new();
    private readonly HashSet<EventId> _kept = [];

    private EventSpool(string folder, int capacity, Action<string> report, FileStream heldLock)
    {
        _folder = folder;
        _capacity = capacity;
        _report = report;
        _lock = heldLock;
        _cipher = new SpoolCipher(OpenKey());
    }

    /// <summary>How many events wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _kept.Count;
        }
    }

    /// <summary>Opens the folder, making it and its key where there are none, both for this user only.</summary>
    /// <param name="folder">For this agent alone.</param>
    /// <param name="capacity">Events kept at once.</param>
    /// <param name="report">Told in one line of each file that was set aside.</param>
    /// <exception cref="SpoolInUseException">Another process holds it.</exception>
    /// <exception cref="IOException">The folder can't be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be used.</exception>
    public static EventSpool Open(string folder, int capacity, Action<string> report)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var heldLock = HoldLock(folder);
        try
        {
            return new EventSpool(folder, capacity, report, heldLock);
        }
        catch
        {
            heldLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What an earlier run left, oldest first. What can't be read is set aside and reported, and never stops the agent; half-written
    /// files are deleted, since their events were never sent.
    /// </summary>
    public IReadOnlyList<SpooledEvent> Load()
    {
        var events = new List<SpooledEvent>();
        foreach (var path in Directory.GetFiles(_folder))
        {
            var name = Path.GetFileName(path);
            if (name.EndsWith(TemporarySuffix, StringComparison.Ordinal)) Delete(path);
            else if (name.EndsWith(EventSuffix, StringComparison.Ordinal))
            {
                if (Read(path, name) is { } spooled) events.Add(spooled);
                else SetAside(path, "can't be read");
            }
        }
        events.Sort((a, b) => a.Id.Value.CompareTo(b.Id.Value));
        lock (_gate)
            foreach (var spooled in events) _kept.Add(spooled.Id);
        return events;
    }

    /// <summary>Keeps an event; when this returns <see cref="SpoolWrite.Durable"/> it may be sent.</summary>
    public SpoolWrite Keep(EventId id, LookUp lookUp)
    {
        lock (_gate)
        {
            if (_kept.Contains(id)) return SpoolWrite.Durable;
            if (_kept.Count >= _capacity) return SpoolWrite.Full;
            _kept.Add(id);
        }
        return Write(id, lookUp);
    }

    /// <summary>Keeps an event under another id, which the look-up has already; nothing where it was not kept. A crash meanwhile may leave it under both.</summary>
    public void Rename(EventId from, EventId to, LookUp lookUp)
    {
        lock (_gate)
        {
            if (!_kept.Contains(from)) return;
            _kept.Add(to);
        }
        Write(to, lookUp);
        Forget(from);
    }

    /// <summary>The event was answered, refused or given up: nothing of it stays.</summary>
    public void Forget(EventId id)
    {
        lock (_gate)
            if (!_kept.Remove(id)) return;
        var path = Path.Combine(_folder, id + EventSuffix);
        Delete(path);
        Delete(path + TemporarySuffix);
    }

    public void Dispose()
    {
        _cipher.Dispose();
        _lock.Dispose();
    }

    private SpoolWrite Write(EventId id, LookUp lookUp)
    {
        var name = id + EventSuffix;
        try
        {
            WriteDurably(Path.Combine(_folder, name), _cipher.Seal(name, lookUp.ToByteArray()));
            return SpoolWrite.Durable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _report($"An event can't be written to the spool: {WhyNot(e)}.");
            Forget(id);
            return SpoolWrite.NotWritable;
        }
    }

    private static FileStream HoldLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new SpoolInUseException("The spool is in use by another reader agent.");
        }
    }

    private byte[] OpenKey()
    {
        var path = Path.Combine(_folder, KeyFile);
        if (File.Exists(path))
        {
            var key = File.ReadAllBytes(path);
            if (key.Length == SpoolCipher.KeyLength) return key;
            SetAside(path, "is no key");
        }
        var fresh = RandomNumberGenerator.GetBytes(SpoolCipher.KeyLength);
        WriteDurably(path, fresh);
        return fresh;
    }

    private static void WriteDurably(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = path + TemporarySuffix;
        // A leftover would keep its own, perhaps wider, permissions.
        File.Delete(temporary);
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush();
            DiskSync.File(file.SafeFileHandle);
        }
        File.Move(temporary, path, overwrite: true);
        DiskSync.Folder(Path.GetDirectoryName(path)!);
    }

    private SpooledEvent? Read(string path, string name)
    {
        try
        {
            if (!EventId.TryParse(name[..^EventSuffix.Length], out var id) || new FileInfo(path).Length > LongestFile) return null;
            if (_cipher.Open(name, File.ReadAllBytes(path)) is not { } content) return null;
            var lookUp = LookUp.Parser.ParseFrom(content);
            return lookUp.EventId == id.ToString() ? new SpooledEvent(id, lookUp) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private void SetAside(string path, string why)
    {
        var name = Path.GetFileName(path);
        _report($"{name} in the spool {why}; it was set aside in {SetAsideFolder}.");
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, SetAsideFolder));
            foreach (var old in folder.GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostSetAside - 1)) old.Delete();
            File.Move(path, Path.Combine(folder.FullName, name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _report($"{name} could not be moved: {WhyNot(e)}.");
        }
    }

    private void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Then the file is gone too.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The event is answered all the same; at the next start it gets the same answer, or is too old.
            _report($"{Path.GetFileName(path)} could not be deleted: {WhyNot(e)}.");
        }
    }

    private static string WhyNot(Exception fault) => fault is UnauthorizedAccessException ? "this user may not write in its folder" : "the disk is full, or fails";
}
