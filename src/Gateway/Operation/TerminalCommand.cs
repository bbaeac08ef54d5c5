using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Readers;
using Npgsql;

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
        var postgres = new Option<string>("--operator") { Description = "Connection string of eg_operator, with Search Path=eligibility.", Required = true };
        var command = new Command(name, description) { file, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            try
            {
                using var certificate = X509CertificateLoader.LoadCertificateFromFile(arguments.GetRequiredValue(file));
                await using var store = NpgsqlDataSource.Create(arguments.GetRequiredValue(postgres));
                Console.WriteLine(await run(new TerminalRegistration(store), certificate, cancellation));
                return 0;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException or IOException)
            {
                throw new SettingsException($"{arguments.GetRequiredValue(file)} is no certificate of a terminal: {e.Message}");
            }
            catch (NpgsqlException e)
            {
                throw new SettingsException($"The register can't be reached ({e.SqlState ?? e.GetType().Name}): check --operator.");
            }
        });
        return command;
    }
}
