using System.Globalization;
using System.Text.RegularExpressions;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>The folder with PostgreSQL's server programs, and their version.</summary>
/// <param name="Folder">Holds postgres, initdb and pg_ctl.</param>
/// <param name="Major">15, 16, …: clusters belong to one major version.</param>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest major version that the schema works on.</summary>
    public const int OldestMajor = 15;

    private static readonly string[] Needed = ["postgres", "initdb", "pg_ctl"];

    public string Postgres => ProgramPath("postgres");

    public string InitDb => ProgramPath("initdb");

    public string PgCtl => ProgramPath("pg_ctl");

    /// <summary>
    /// Those on the PATH come first, since somebody chose them; then the usual places, newest first.
    /// </summary>
    /// <param name="major">Where a cluster exists, the version that made it; else null.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="StorageException">There are none that serve; says what to install.</exception>
    public static Task<PostgresBinaries> FindAsync(int? major, CancellationToken cancellation) =>
        FindAsync(Folders(), major, cancellation);

    internal static async Task<PostgresBinaries> FindAsync(IEnumerable<string> folders, int? major, CancellationToken cancellation)
    {
        var rejected = new List<string>();
        foreach (var folder in folders.Where(IsComplete).Select(Real).Distinct(StringComparer.Ordinal))
        {
            var found = new PostgresBinaries(folder, 0);
            var version = await ChildProgram.RunAsync(ClusterUser.Self.Command(found.Postgres, ["--version"]), TimeSpan.FromSeconds(10), cancellation);
            if (Version().Match(version.Output) is not { Success: true } match) continue;
            found = found with { Major = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) };
            if (major is null ? found.Major >= OldestMajor : found.Major == major) return found;
            rejected.Add($"{found.Major} in {folder}");
        }
        var wanted = major is null ? $"PostgreSQL {OldestMajor} or newer" : $"PostgreSQL {major}, which made the existing cluster,";
        var instead = rejected.Count == 0 ? "was not found" : $"was not found, only {string.Join(", ", rejected)}";
        throw new StorageException($"{wanted} {instead}: {Advice(major)}");
    }

    private static string Advice(int? major)
    {
        if (OperatingSystem.IsWindows()) return "install it with `winget install PostgreSQL.PostgreSQL`, or put its bin folder on the PATH.";
        if (OperatingSystem.IsMacOS()) return $"install it with `brew install postgresql@{major ?? 17}`.";
        return $"install it with `apt-get install postgresql{(major is null ? "" : $"-{major}")}` or your distribution's like, or put its bin folder on the PATH.";
    }

    private static IEnumerable<string> Folders()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] parents = OperatingSystem.IsWindows()
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL")]
            : ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/Library/PostgreSQL", "/usr/local"];
        var usual = parents.Where(Directory.Exists)
            .SelectMany(parent => Directory.EnumerateDirectories(parent))
            .Select(folder => (Folder: folder, Match: VersionedFolder().Match(Path.GetFileName(folder))))
            .Where(found => found.Match.Success)
            .OrderByDescending(found => int.Parse(found.Match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            .Select(found => Path.Combine(found.Folder, "bin"));
        // Red Hat's packages put all programs on the PATH; others' "pgsql" folder has no version in its name.
        return [.. path, .. usual, "/usr/local/pgsql/bin", "/usr/pgsql/bin"];
    }

    private static bool IsComplete(string folder) => Needed.All(program => File.Exists(Path.Combine(folder, FileName(program))));

    /// <summary>Follows a link such as /usr/local/bin/postgres to the folder that the program and its siblings really are in.</summary>
    private static string Real(string folder)
    {
        var program = Path.Combine(folder, FileName("postgres"));
        return File.ResolveLinkTarget(program, returnFinalTarget: true) is { Exists: true } target
            && Path.GetDirectoryName(target.FullName) is { } real && IsComplete(real)
                ? real
                : folder;
    }

    private static string FileName(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    private string ProgramPath(string program) => Path.Combine(Folder, FileName(program));

    [GeneratedRegex(@"\(PostgreSQL\) ([0-9]{1,3})")]
    private static partial Regex Version();

    [GeneratedRegex(@"^(?:postgresql@|pgsql-)?([0-9]{2,3})(?:\.[0-9]+)?$")]
    private static partial Regex VersionedFolder();
}
