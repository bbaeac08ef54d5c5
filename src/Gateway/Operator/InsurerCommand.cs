using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Lists.CertificatesDue;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway insurer admit|revoke CERTIFICATE</c>, <c>certificates-due</c>, <c>review</c>: who may hand in changes over the wire, and lists for an insurer.</summary>
internal static class InsurerCommand
{
    public static Command Create() => new("insurer", "Insurers' clients, and lists for an insurer.")
    {
        Register("admit", "Lets the client of this certificate hand in the changes of the insurers that it names.", async (register, certificate, cancellation) =>
            await register.AdmitAsync(certificate, cancellation) is { } revoked
                ? throw new SettingsException($"The client of this certificate was revoked on {JapanTime.Format(JapanTime.DateOf(revoked))} and stays out: have a certificate of a new key issued, and admit that one.")
                : $"The client is let in for {string.Join(", ", InsurerIdentity.FromCertificate(certificate))}."),
        Register("revoke", "Shuts the client of this certificate out for good; a delivery that is not accepted yet is not taken any more.", async (register, certificate, cancellation) =>
            await register.RevokeAsync(ClientCertificate.IdOf(certificate), TimeProvider.System.GetUtcNow(), cancellation)
                ? "The client is shut out."
                : "The client is not admitted, or was revoked before."),
        CertificatesDue(),
        InsurerReviewCommand.Create(),
    };

    private static Command Register(string name, string description, Func<InsurerRegistration, X509Certificate2, CancellationToken, Task<string>> run)
    {
        var file = new Argument<string>("CERTIFICATE") { Description = "The client's certificate (PEM or DER)." };
        var postgres = StoreConnection.OptionOf("--operator", "eg_operator");
        var command = new Command(name, description) { file, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            using var certificate = ClientCertificateFile.Read(
                arguments.GetRequiredValue(file),
                "insurer",
                certificate => InsurerIdentity.FromCertificate(certificate).Count > 0 ? null : $"it needs one URI or more among its alternative names, {InsurerIdentity.Form}");
            Console.WriteLine(await StoreConnection.UseAsync(
                "--operator", arguments.GetRequiredValue(postgres), store => run(new InsurerRegistration(store), certificate, cancellation)));
            return 0;
        });
        return command;
    }

    private static Command CertificatesDue()
    {
        var insurer = new Option<string>("--insurer") { Description = "The insurer's number, 6 or 8 digits.", Required = true };
        var on = new Option<string>("--on") { Description = "The day, as yyyy-MM-dd. Cards are taken as they are now.", Required = true };
        var postgres = StoreConnection.InsurerFeed();
        var command = new Command("certificates-due", "Writes who is due an eligibility certificate as CSV to standard output: no card that works, or the own one ends within three months.")
        {
            insurer, on, postgres,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            if (!InsurerNumber.TryParse(arguments.GetRequiredValue(insurer), out var number)) throw new SettingsException("--insurer is no insurer number: it has 6 or 8 digits.");
            var day = OptionText.DayIn(on.Name, arguments.GetRequiredValue(on));
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            await StoreConnection.UseAsync(postgres.Name, arguments.GetRequiredValue(postgres), async store =>
            {
                await new DueList(store).WriteAsync(number, day, output, cancellation);
                return true;
            });
            return 0;
        });
        return command;
    }
}
