using System.Text;
using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>Where a list goes: standard output, or a file that is there whole or not at all, and readable by its owner alone.</summary>
internal sealed class ExpenseOutput : IAsyncDisposable
{
    private readonly string? _unfinished;
    private readonly bool _replaces;
    private readonly Stream _stream;

    private ExpenseOutput(string? path, string? unfinished, bool replaces, Stream stream) => (Path, _unfinished, _replaces, _stream) = (path, unfinished, replaces, stream);

    /// <summary>Null where it is standard output.</summary>
    public string? Path { get; }

    /// <exception cref="SettingsException">The file is there already, or can't be written.</exception>
    public static ExpenseOutput Open(string? path, bool replaces)
    {
        if (path is null) return new ExpenseOutput(null, null, replaces, Console.OpenStandardOutput());
        if (!replaces && File.Exists(path)) throw Exists(path);
        var unfinished = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new ExpenseOutput(path, unfinished, replaces, new FileStream(unfinished, options));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"--out {path} can't be written: give a file in a folder that is there and may be written.");
        }
    }

    /// <summary>Writes all of it; only then the file has its name.</summary>
    public async Task WriteAsync(string text, CancellationToken cancellation)
    {
        try
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
            await _stream.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            throw new SettingsException($"{(Path is null ? "Standard output" : $"--out {Path}")} could not be written to its end: make room, or take another, and ask again.");
        }
        if (Path is null) return;
        await _stream.DisposeAsync();
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
        await _stream.DisposeAsync();
        if (_unfinished is not null) File.Delete(_unfinished);
    }

    private static SettingsException Exists(string path) => new($"--out {path} is there already: name another file, or replace it with --force.");
}
