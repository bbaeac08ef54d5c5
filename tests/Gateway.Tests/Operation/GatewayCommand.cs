using System.Diagnostics;

namespace EligibilityGateway.Gateway.Tests.Operation;

/// <summary>A command of the gateway's program, run to its end as an operator runs it.</summary>
internal sealed record GatewayCommand(int ExitCode, string Output, string Errors)
{
    /// <summary>Only a hang reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    public static async Task<GatewayCommand> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "gateway.dll"), .. arguments]) start.ArgumentList.Add(argument);
        using var limit = new CancellationTokenSource(Deadline);
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return new GatewayCommand(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>It said on one line what is wrong and what to do.</summary>
    public void AssertRefused(params string[] because)
    {
        Assert.Equal((1, ""), (ExitCode, Output));
        Assert.StartsWith("gateway: ", Errors, StringComparison.Ordinal);
        Assert.Equal(Errors.IndexOf('\n', StringComparison.Ordinal), Errors.Length - 1);
        foreach (var word in because) Assert.Contains(word, Errors, StringComparison.Ordinal);
    }
}
