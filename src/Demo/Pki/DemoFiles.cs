namespace EligibilityGateway.Demo.Pki;

/// <summary>
/// Files of the demo's PKI. Each is written whole or not at all (under another name, then renamed), so that a start after a kill
/// finds old files, new files or none; keys are readable by their owner alone.
/// </summary>
internal static class DemoFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes something that only its owner may read.</summary>
    public static void WriteSecret(string path, ReadOnlySpan<byte> content) => Write(path, content, OwnerOnly);

    /// <summary>Writes something that everybody may read.</summary>
    public static void WritePublic(string path, ReadOnlySpan<byte> content) => Write(path, content, Everybody);

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A hidden name: whoever reads the whole folder passes it over.
        var unfinished = Path.Combine(Path.GetDirectoryName(path)!, "." + Path.GetFileName(path) + ".new");
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using (var file = new FileStream(unfinished, options)) file.Write(content);
        File.Move(unfinished, path, overwrite: true);
    }
}
