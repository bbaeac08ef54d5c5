using System.Diagnostics;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary>A command of the gateway's program, run to its end as an operator runs it.</summary>
internal sealed record GatewayCommand(int ExitCode, string Output, string Errors)
{
    /// <summary>Only a hang reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Runs it with the password of a connection string in the environment, where an operator has it.</summary>
    public static Task<GatewayCommand> RunAsync(params string[] arguments) => RunAsync(ToStart(arguments));

    /// <summary>Runs it with these arguments as they are, and these variables.</summary>
    public static Task<GatewayCommand> RunAsTypedAsync(string[] arguments, params (string Name, string Value)[] variables) => RunAsync(AsTyped(arguments, variables));

    /// <summary>How it is started with the password of a connection string in the environment.</summary>
    public static ProcessStartInfo ToStart(params string[] arguments)
    {
        var (typed, variables) = (new List<string>(), new List<(string, string)>());
        foreach (var argument in arguments)
        {
            if (!argument.Contains("Password=", StringComparison.OrdinalIgnoreCase))
            {
                typed.Add(argument);
                continue;
            }
            var connection = new NpgsqlConnectionStringBuilder(argument);
            variables.Add(("PGPASSWORD", connection.Password!));
            connection.Remove("Password");
            typed.Add(connection.ConnectionString);
        }
        return AsTyped([.. typed], [.. variables]);
    }

    private static ProcessStartInfo AsTyped(string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "gateway.dll"), .. arguments]) start.ArgumentList.Add(argument);
        foreach (var name in (string[])["PGPASSWORD", "PGPASSFILE"]) start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return start;
    }

    private static async Task<GatewayCommand> RunAsync(ProcessStartInfo start)
    {
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
