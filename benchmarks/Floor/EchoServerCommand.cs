using System.CommandLine;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>The child process of the floor measurements.</summary>
internal static class EchoServerCommand
{
    public const string Name = "echo-server";

    public static Command Create()
    {
        var certificate = new Option<string>("--certificate") { Required = true, Description = "PEM of the server's certificate." };
        var key = new Option<string>("--key") { Required = true, Description = "PEM of its key." };
        var authority = new Option<string>("--authority") { Required = true, Description = "PEM of the terminals' authority." };
        var command = new Command(Name, "Serves the null echo that floor measures. Started by it.") { certificate, key, authority };
        command.SetAction((parsed, cancellation) =>
            EchoServer.RunAsync(parsed.GetRequiredValue(certificate), parsed.GetRequiredValue(key), parsed.GetRequiredValue(authority), cancellation));
        return command;
    }
}
