using System.Globalization;
using EligibilityGateway.Common.Files;
using Microsoft.Win32.SafeHandles;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>The journal's files by name. Whoever has the folder open holds its lock, which ends with the process however that ends.</summary>
internal sealed class JournalFolder : IDisposable
{
    private const string SegmentPattern = "segment-*.journal";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Zeros are written in pieces of this size.</summary>
    private static readonly byte[] Zeros = new byte[1 << 20];

    private readonly string _path;
    private readonly SafeFileHandle _lock;

    private JournalFolder(string path, SafeFileHandle held)
    {
        _path = path;
        _lock = held;
    }

    /// <exception cref="JournalUnavailableException">Another process has the folder, or it can't be made or written.</exception>
    public static JournalFolder Open(string path)
    {
        try
        {
            if (!Directory.Exists(path)) Make(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException($"The journal's folder {path} can't be made: {fault.Message}", fault);
        }

        try
        {
            // FileShare.None is a lock of the operating system on this file, between processes and within one.
            return new JournalFolder(path, OpenFile(Path.Combine(path, JournalLock.FileName), FileMode.OpenOrCreate, FileShare.None));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new JournalUnavailableException($"The journal's folder {path} can't be written: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new JournalUnavailableException(
                $"The journal's folder {path} is in use by another process; each gateway needs one of its own. ({fault.Message})", fault);
        }
    }

    /// <summary>The segment files that are there, by name.</summary>
    public IReadOnlyList<string> SegmentFiles() =>
        [.. Directory.EnumerateFiles(_path, SegmentPattern).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    public static string SegmentFile(int slot) => string.Create(CultureInfo.InvariantCulture, $"segment-{slot:000}.journal");

    public SafeFileHandle OpenExisting(string file) => OpenFile(Path.Combine(_path, file), FileMode.Open);

    /// <summary>
    /// Makes a file that is written in full and durable with its name, so that no later write to it needs room on the disk or changes
    /// anything but its bytes. If there is no room, nothing is left behind.
    /// </summary>
    /// <exception cref="IOException">No room, or a broken disk.</exception>
    public SafeFileHandle Create(string file, int length)
    {
        var path = Path.Combine(_path, file);
        SafeFileHandle? handle = null;
        try
        {
            handle = OpenFile(path, FileMode.CreateNew, preallocate: length);
            WriteZeros(handle, 0, length);
            DiskSync.File(handle);
            DiskSync.Folder(_path);
            return handle;
        }
        catch
        {
            if (handle is not null)
            {
                handle.Dispose();
                File.Delete(path);
            }
            throw;
        }
    }

    public string PathOf(string file) => Path.Combine(_path, file);

    /// <summary>Writes a small file whole, or leaves it as it was. Durable when this returns.</summary>
    public void Replace(string file, ReadOnlySpan<byte> content)
    {
        var (path, beside) = (PathOf(file), PathOf(file + ".new"));
        using (var handle = OpenFile(beside, FileMode.Create))
        {
            RandomAccess.Write(handle, content, 0);
            DiskSync.File(handle);
        }
        File.Move(beside, path, overwrite: true);
        DiskSync.Folder(_path);
    }

    public void Delete(string file)
    {
        File.Delete(Path.Combine(_path, file));
        DiskSync.Folder(_path);
    }

    /// <summary>Gives a file a name under which nothing touches it any more, and returns the name.</summary>
    public string SetAside(string file, DateTimeOffset now)
    {
        var name = string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(file)}-{now:yyyyMMdd'T'HHmmss}-{Guid.NewGuid():N}.damaged");
        File.Move(Path.Combine(_path, file), Path.Combine(_path, name));
        DiskSync.Folder(_path);
        return name;
    }

    public static void WriteZeros(SafeFileHandle handle, long from, long to)
    {
        while (from < to)
        {
            var piece = Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, to - from));
            RandomAccess.Write(handle, piece, from);
            from += piece.Length;
        }
    }

    /// <summary>Fills <paramref name="buffer"/> from the offset on, and returns how much of it the file filled.</summary>
    public static int Read(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[filled..], offset + filled);
            if (read == 0) break;
            filled += read;
        }
        return filled;
    }

    public bool Exists(string file) => File.Exists(Path.Combine(_path, file));

    public void Dispose() => _lock.Dispose();

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent) DiskSync.Folder(parent);
    }

    private static SafeFileHandle OpenFile(
        string path, FileMode mode, FileShare share = FileShare.ReadWrite | FileShare.Delete, long preallocate = 0)
    {
        var handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, share, preallocationSize: preallocate);
        if (mode != FileMode.Open && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, OwnerOnly);
        return handle;
    }
}
