using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Readers;

namespace EligibilityGateway.Gateway.Operation;

/// <summary><c>gateway terminal register|revoke CERTIFICATE</c>: the operator's register of terminals.</summary>
internal static class TerminalCommand
{
    public static Command Create() => new("terminal", "Which terminals are let in.")
    {
        Create("register", "Lets the terminal of this certificate in.", async (register, certificate, cancellation) =>
        {
            await register.RegisterAsync(certificate, cancellation);
            return "The terminal is let in, unless it was revoked before.";
        }),
        Create("revoke", "Shuts the terminal of this certificate out for good; its open streams end within two seconds.", async (register, certificate, cancellation) =>
            await register.RevokeAsync(AdmittedTerminals.IdOf(certificate), TimeProvider.System.GetUtcNow(), cancellation)
                ? "The terminal is shut out."
                : "The terminal is not registered, or was revoked before."),
    };

    private static Command Create(string name, string description, Func<TerminalRegistration, X509Certificate2, CancellationToken, Task<string>> run)
    {
        var file = new Argument<string>("CERTIFICATE") { Description = "The terminal's certificate (PEM or DER)." };
        var postgres = StoreConnection.OptionOf("--operator", "eg_operator");
        var command = new Command(name, description) { file, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var certificate = ClientCertificateFile.Read(
                arguments.GetRequiredValue(file), "terminal", certificate => TerminalIdentity.FromCertificate(certificate) is not null, "one urn:eligibility-gateway:terminal:…");
            Console.WriteLine(await StoreConnection.UseAsync(
                "--operator", arguments.GetRequiredValue(postgres), store => run(new TerminalRegistration(store), certificate, cancellation)));
            return 0;
        });
        return command;
    }
}
