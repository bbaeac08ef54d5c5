using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.CardOffice;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Operation;

/// <summary><c>gateway card lost CARD</c>: the card office's report that a holder lost the card, by hand.</summary>
internal static class CardCommand
{
    public static Command Create()
    {
        var card = new Argument<string>("CARD") { Description = "The card's user-authentication certificate (PEM or DER), or its card key (a UUID)." };
        var postgres = new Option<string>("--card-office") { Description = "Connection string of eg_card_office, with Search Path=eligibility.", Required = true };
        var lost = new Command("lost", "Reports the card lost: it is refused from the next tap on.") { card, postgres };
        lost.SetAction(async (arguments, cancellation) =>
        {
            var key = KeyOf(arguments.GetRequiredValue(card));
            var outcome = await StoreConnection.UseAsync(
                "--card-office", arguments.GetRequiredValue(postgres), store => new CardOfficeFeed(store).ReportLostAsync(key, TimeProvider.System.GetUtcNow(), cancellation));
            Console.WriteLine(outcome switch
            {
                CardOfficeOutcome.Done => "The card is reported lost.",
                CardOfficeOutcome.AlreadySo => "The card was reported lost before.",
                CardOfficeOutcome.CardUnknown => throw new SettingsException("The card office has bound no such card: check the certificate or the card key."),
                CardOfficeOutcome.NotFromThisState => throw new SettingsException("The card was revoked or replaced before, and is refused already: nothing was changed."),
                _ => throw new InvalidOperationException($"A loss can't end in {outcome}."),
            });
            return 0;
        });
        return new Command("card", "What became of a card.") { lost };
    }

    private static Guid KeyOf(string card)
    {
        if (Guid.TryParse(card, out var key)) return key;
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(card);
            return CardKey.Of(certificate.RawDataMemory.Span);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"{card} is neither a card key nor a certificate that can be read: give a UUID, or a file in PEM or DER.");
        }
    }
}
