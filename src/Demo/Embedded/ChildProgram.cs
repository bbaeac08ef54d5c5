using System.ComponentModel;
using System.Diagnostics;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>A program that was run to its end.</summary>
/// <param name="ExitCode">0 is success by custom.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record ChildProgram(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs it without input. A program still running at the deadline is killed.</summary>
    /// <exception cref="StorageException">It can't be started, or did not end in time.</exception>
    public static async Task<ChildProgram> RunAsync(ProcessStartInfo start, TimeSpan deadline, CancellationToken cancellation)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Start(start);
        process.StandardInput.Close();

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(limit.Token));
            return new ChildProgram(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new StorageException($"{start.FileName} did not end within {deadline.TotalSeconds:0} s and was stopped.");
        }
    }

    /// <exception cref="StorageException">It is not there or may not be run.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new StorageException($"{start.FileName} can't be started.");
        }
        catch (Win32Exception e)
        {
            throw new StorageException($"{start.FileName} can't be started: {e.Message}.", e);
        }
    }
}
