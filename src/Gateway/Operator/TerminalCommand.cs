using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Terminals;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway terminal register|revoke|show|list</c>: the operator's register of terminals.</summary>
internal static class TerminalCommand
{
    public static Command Create() => new("terminal", "Which terminals are let in.")
    {
        OfCertificate("register", "Lets the terminal of this certificate in.", async (register, certificate, cancellation) =>
            await register.RegisterAsync(certificate, cancellation) is { } revoked
                ? throw new SettingsException($"The terminal of this certificate was revoked on {JapanTime.Format(JapanTime.DateOf(revoked))} and stays out: have a certificate of a new key issued, and register that one.")
                : "The terminal is let in."),
        OfCertificate("revoke", "Shuts the terminal of this certificate out for good; its open streams end within two seconds.", async (register, certificate, cancellation) =>
            await register.RevokeAsync(AdmittedTerminals.IdOf(certificate), TimeProvider.System.GetUtcNow(), cancellation)
                ? "The terminal is shut out."
                : "The terminal is not registered, or was revoked before."),
        Show(),
        List(),
    };

    private static Command OfCertificate(string name, string description, Func<TerminalRegistration, X509Certificate2, CancellationToken, Task<string>> run)
    {
        var file = new Argument<string>("CERTIFICATE") { Description = "The terminal's certificate (PEM or DER)." };
        var postgres = StoreConnection.OptionOf("--operator", "eg_operator");
        var command = new Command(name, description) { file, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var certificate = CertificateIn(arguments.GetRequiredValue(file));
            Console.WriteLine(await StoreConnection.UseAsync(
                "--operator", arguments.GetRequiredValue(postgres), store => run(new TerminalRegistration(store), certificate, cancellation)));
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var which = new Argument<string>("TERMINAL") { Description = "The terminal's id, as logs name it, or its certificate (PEM or DER)." };
        var postgres = StoreConnection.OptionOf("--operator", "eg_operator");
        var command = new Command("show", "Says what the register has of a terminal.") { which, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            if (!Guid.TryParse(arguments.GetRequiredValue(which), out var id))
            {
                using var certificate = CertificateIn(arguments.GetRequiredValue(which));
                id = AdmittedTerminals.IdOf(certificate);
            }
            var found = await StoreConnection.UseAsync("--operator", arguments.GetRequiredValue(postgres), store => new TerminalRegistration(store).FindAsync(id, cancellation));
            Console.WriteLine(found is null
                ? throw new SettingsException($"The register has no terminal {id}: look at the id, or register its certificate.")
                : LineOf(found));
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var institution = new Option<string>("--institution") { Description = "Those of this institution alone: its code of 10 digits." };
        var ending = new Option<bool>("--ending") { Description = $"Those alone whose certificate ends within {TerminalReminder.Beforehand.Days} days, or has ended." };
        var postgres = StoreConnection.OptionOf("--operator", "eg_operator");
        var command = new Command("list", "Lists the terminals, by institution and name.") { institution, ending, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            var code = arguments.GetValue(institution);
            if (code is not null) _ = OptionText.InstitutionIn(institution.Name, code);
            DateTimeOffset? before = arguments.GetValue(ending) ? TimeProvider.System.GetUtcNow() + TerminalReminder.Beforehand : null;
            var count = await StoreConnection.UseAsync("--operator", arguments.GetRequiredValue(postgres), async store =>
            {
                var listed = 0;
                await foreach (var terminal in new TerminalRegistration(store).ListAsync(code, before, cancellation))
                {
                    listed++;
                    Console.WriteLine(LineOf(terminal));
                }
                return listed;
            });
            if (count == 0) Console.WriteLine("There is no such terminal.");
            return 0;
        });
        return command;
    }

    private static X509Certificate2 CertificateIn(string file) => ClientCertificateFile.Read(
        file,
        "terminal",
        certificate => TerminalIdentity.FromCertificate(certificate, out var fault) is null ? $"{fault}. It needs one URI among its alternative names, {TerminalIdentity.Form}" : null);

    private static string LineOf(RegisteredTerminal terminal) =>
        $"{terminal.Id}  {terminal.Institution}  {TerminalIdentity.RoleName(terminal.Role)}  {WrittenText.Shown(terminal.Name)}  {terminal.StateAt(TimeProvider.System.GetUtcNow())}";
}
