using System.CommandLine;

namespace EligibilityGateway.LoadTests.FreshGateways;

/// <summary>
/// The program that takes a core away, as a virus scanner, a backup or a neighbour on the same host does. One thread spins at normal
/// priority until the input closes, which the kernel does when the process that started it is gone.
/// </summary>
public static class BurnCommand
{
    public const string Name = "burn";

    /// <summary>The line that says it burns.</summary>
    public const string ReadyLine = "burning";

    public static Command Create()
    {
        var command = new Command(Name, "Burns one core until its input closes. Started by the measurements.") { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            await using var input = Console.OpenStandardInput();
            await BurnAsync(input, Console.Out, cancellation);
        });
        return command;
    }

    public static async Task BurnAsync(Stream input, TextWriter output, CancellationToken cancellation)
    {
        var over = false;
        var spinning = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
            {
            }
        })
        { IsBackground = true };
        spinning.Start();
        try
        {
            await output.WriteLineAsync(ReadyLine);
            var ignored = new byte[64];
            while (await input.ReadAsync(ignored, cancellation) > 0)
            {
            }
        }
        finally
        {
            Volatile.Write(ref over, true);
            spinning.Join();
        }
    }
}
