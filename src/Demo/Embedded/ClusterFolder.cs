using System.Globalization;
using System.Security.Cryptography;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>
/// The files of one private cluster, held by one process at a time. Ours are the lock, the configuration, the secrets, the port and
/// the mark of completion; the folder <c>data</c> and the log are the cluster user's.
/// </summary>
internal sealed class ClusterFolder : IDisposable
{
    public const string DataName = "data";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OthersMayPass = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>A log from before this start is kept once; the two together stay below twice this.</summary>
    private const long LogBytesBeforeRotation = 8 << 20;

    private readonly string _path;
    private readonly ClusterUser _user;
    private readonly FileStream _lock;

    private ClusterFolder(ClusterPlace place, FileStream @lock)
    {
        _path = place.Folder;
        _user = place.User;
        _lock = @lock;
    }

    public string Data => Path.Combine(_path, DataName);

    public string Log => Path.Combine(_path, "postgres.log");

    public string Configuration => Path.Combine(_path, "postgresql.conf");

    public string HostRules => Path.Combine(_path, "pg_hba.conf");

    public string Secrets => Path.Combine(_path, "secrets.json");

    /// <summary>The cluster was made to its end. Without the mark it is half-made, and nothing in it was ever used.</summary>
    public bool IsComplete => File.Exists(CompleteMark);

    /// <summary>Of the existing cluster; null where there is none.</summary>
    public int? Major =>
        IsComplete && File.Exists(Path.Combine(Data, "PG_VERSION"))
        && int.TryParse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")), NumberStyles.None | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var major)
            ? major
            : null;

    /// <summary>The port kept from the last start; null where there is none.</summary>
    public int? Port =>
        File.Exists(PortFile) && ushort.TryParse(File.ReadAllText(PortFile), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : null;

    private string CompleteMark => Path.Combine(_path, "complete");

    private string PortFile => Path.Combine(_path, "port");

    /// <exception cref="StorageException">Another process holds it, or it is another user's.</exception>
    public static ClusterFolder Open(ClusterPlace place)
    {
        try
        {
            MakePassable(place);
            var @lock = new FileStream(Path.Combine(place.Folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new ClusterFolder(place, @lock);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException($"{place.Folder} belongs to another user: start the gateway as that user, or remove the folder.", e);
        }
        catch (IOException e) when (Directory.Exists(place.Folder))
        {
            throw new StorageException($"{place.Folder} is in use by another running gateway: stop that one, or give this one a folder of its own.", e);
        }
    }

    /// <summary>Takes away what a start that was broken off left behind.</summary>
    public void Clear()
    {
        File.Delete(CompleteMark);
        if (Directory.Exists(Data)) Directory.Delete(Data, recursive: true);
        File.Delete(Secrets);
        File.Delete(PortFile);
    }

    /// <summary>An empty data folder, the cluster user's alone.</summary>
    public void MakeData()
    {
        Directory.CreateDirectory(Data);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Data, OwnerOnly | UnixFileMode.UserExecute);
        _user.GiveTo(Data);
    }

    /// <summary>A file that the cluster user alone may read, until it is disposed of.</summary>
    public TemporaryFile MakePasswordFile(string password)
    {
        var path = Path.Combine(_path, "password." + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        WritePrivately(path, password);
        _user.GiveTo(path);
        return new TemporaryFile(path);
    }

    /// <summary>A log that the cluster user can write, and room in it.</summary>
    public void PrepareLog()
    {
        if (new FileInfo(Log) is { Exists: true, Length: > LogBytesBeforeRotation }) File.Move(Log, Log + ".1", overwrite: true);
        if (File.Exists(Log)) return;
        WritePrivately(Log, "");
        _user.GiveTo(Log);
    }

    public void KeepPort(int port) => Replace(PortFile, port.ToString(CultureInfo.InvariantCulture));

    public void MarkComplete() => Replace(CompleteMark, "");

    /// <summary>Readable by us alone; there in full or not at all.</summary>
    public static void ReplacePrivately(string path, string text)
    {
        File.Delete(path + ".new");
        WritePrivately(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>There in full or not at all.</summary>
    public static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path + ".new", OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(path + ".new", path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>The cluster user must get through to its data, whatever our umask; it can read no names on the way.</summary>
    private static void MakePassable(ClusterPlace place)
    {
        var missing = new Stack<string>();
        for (var folder = place.Folder; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)) missing.Push(folder);
        foreach (var folder in missing)
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows() && !place.User.IsSelf) File.SetUnixFileMode(folder, OthersMayPass);
        }
        if (!OperatingSystem.IsWindows() && place.User.IsSelf && missing.Count > 0) File.SetUnixFileMode(place.Folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static void WritePrivately(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
