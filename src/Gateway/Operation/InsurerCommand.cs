using System.CommandLine;
using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.CertificatesDue;

namespace EligibilityGateway.Gateway.Operation;

/// <summary><c>gateway insurer certificates-due --insurer NUMBER --on DATE</c>: lists for an insurer.</summary>
internal static class InsurerCommand
{
    public static Command Create() => new("insurer", "Lists for an insurer.") { CertificatesDue() };

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
            if (!JapanTime.TryParseDate(arguments.GetRequiredValue(on), out var day)) throw new SettingsException("--on is no day that exists: write it as yyyy-MM-dd.");
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
