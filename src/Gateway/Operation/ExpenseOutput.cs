using System.Text;

namespace EligibilityGateway.Gateway.Operation;

/// <summary>Where a list goes: standard output, or a file that is there whole or not at all, and readable by its owner alone.</summary>
internal sealed class ExpenseOutput : IAsyncDisposable
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string? _unfinished;
    private readonly bool _replaces;

    private ExpenseOutput(string? path, string? unfinished, bool replaces, Stream stream)
    {
        (Path, _unfinished, _replaces) = (path, unfinished, replaces);
        Writer = new StreamWriter(stream, Encoding);
    }

    /// <summary>Null where it is standard output.</summary>
    public string? Path { get; }

    public TextWriter Writer { get; }

    /// <exception cref="SettingsException">The file is there already, or can't be written.</exception>
    public static ExpenseOutput Open(string? path, bool replaces)
    {
        if (path is null) return new ExpenseOutput(null, null, replaces, Console.OpenStandardOutput());
        if (!replaces && File.Exists(path)) throw Exists(path);
        var unfinished = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new ExpenseOutput(path, unfinished, replaces, new FileStream(unfinished, options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"--out {path} can't be written: give a file in a folder that is there and may be written.");
        }
    }

    /// <summary>What was written is all of it: the file gets its name.</summary>
    public async Task KeepAsync()
    {
        await Writer.FlushAsync();
        if (Path is null) return;
        await Writer.DisposeAsync();
        try
        {
            File.Move(_unfinished!, Path, _replaces);
        }
        catch (IOException)
        {
            throw Exists(Path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        if (_unfinished is not null) File.Delete(_unfinished);
    }

    private static SettingsException Exists(string path) => new($"--out {path} is there already: name another file, or replace it with --force.");
}
