using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>
/// Whom the cluster's programs run as: ourselves, or, as PostgreSQL refuses to run as root, an unprivileged user that root changes to.
/// </summary>
internal sealed class ClusterUser
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>What a child needs. The rest of our environment may hold keys, which are none of its business.</summary>
    private static readonly string[] InheritedVariables = ["PATH", "SystemRoot", "SystemDrive", "TEMP", "TMP", "ProgramData"];

    private readonly (uint User, uint Group)? _changeTo;

    private ClusterUser((uint User, uint Group)? changeTo) => _changeTo = changeTo;

    /// <summary>The user who runs this program.</summary>
    public static ClusterUser Self { get; } = new(null);

    public bool IsSelf => _changeTo is null;

    /// <summary>The user for a new cluster that root makes: the package's postgres, else nobody.</summary>
    public static async Task<ClusterUser> FindUnprivilegedAsync(CancellationToken cancellation)
    {
        foreach (var name in (string[])["postgres", "nobody"])
        {
            if (await IdAsync("-u", name, cancellation) is { } user && await IdAsync("-g", name, cancellation) is { } group && user != 0)
                return new ClusterUser((user, group));
        }
        throw new StorageException("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to change to: start the gateway as an ordinary user.");
    }

    /// <summary>The user whom the folder belongs to; null where that is root.</summary>
    public static async Task<ClusterUser?> OwnerOfAsync(string folder, CancellationToken cancellation)
    {
        var (user, group) = await OwnerAsync(folder, cancellation);
        return user == 0 ? null : new ClusterUser((user, group));
    }

    /// <summary>The ids of the file's owner and group. A link's own, not its target's.</summary>
    public static async Task<(uint User, uint Group)> OwnerAsync(string path, CancellationToken cancellation)
    {
        string[] format = OperatingSystem.IsMacOS() ? ["-f", "%u %g"] : ["-c", "%u %g"];
        var stat = await ChildProgram.RunAsync(Self.Command("stat", [.. format, path]), Deadline, cancellation);
        var ids = stat.Output.Split(' ', StringSplitOptions.TrimEntries);
        if (stat.ExitCode != 0 || ids.Length != 2) throw new StorageException($"The owner of {path} can't be told: {stat.Errors.Trim()}");
        return (uint.Parse(ids[0], CultureInfo.InvariantCulture), uint.Parse(ids[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Whether this user can enter the folder, asked by trying.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken cancellation)
    {
        var tried = await ChildProgram.RunAsync(Command("/bin/sh", ["-c", "cd \"$1\"", "sh", folder]), Deadline, cancellation);
        return tried.ExitCode == 0;
    }

    /// <summary>A program as this user, with next to nothing of our environment.</summary>
    public ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo { UseShellExecute = false, CreateNoWindow = true, WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory) };
        if (_changeTo is { } to)
        {
            start.FileName = "setpriv";
            string[] change = [$"--reuid={to.User}", $"--regid={to.Group}", "--clear-groups", "--", program];
            foreach (var argument in change) start.ArgumentList.Add(argument);
        }
        else
        {
            start.FileName = program;
        }
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        start.Environment.Clear();
        foreach (var name in InheritedVariables)
            if (Environment.GetEnvironmentVariable(name) is { } value) start.Environment[name] = value;
        start.Environment["LC_ALL"] = "C"; // messages that we read, and no dependence on the machine's settings
        start.Environment["TZ"] = "UTC";
        return start;
    }

    /// <summary>Gives a file or folder to this user.</summary>
    public void GiveTo(string path)
    {
        if (_changeTo is not { } to || OperatingSystem.IsWindows()) return;
        if (Posix.ChangeOwner(path, to.User, to.Group) != 0)
            throw new StorageException($"{path} can't be given to user {to.User}: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    private static async Task<uint?> IdAsync(string which, string name, CancellationToken cancellation)
    {
        var id = await ChildProgram.RunAsync(Self.Command("id", [which, name]), Deadline, cancellation);
        return id.ExitCode == 0 ? uint.Parse(id.Output.Trim(), CultureInfo.InvariantCulture) : null;
    }
}
