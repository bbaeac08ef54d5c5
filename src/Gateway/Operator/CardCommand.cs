using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Rules.Cards;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway card lost|found|revoked|died|replaced|registered|extended|application</c>: the card office's reports of what became of a card, by hand.</summary>
internal static class CardCommand
{
    public static Command Create() => new("card", "What became of a card, as the card office knows it. Each report counts from the next tap on.")
    {
        Lost(), Found(), Revoked(), Died(), Replaced(), Registered(), Extended(), ApplicationCommand.Create(),
    };

    private static Command Lost() => Report(
        "lost", "The holder lost the card: it is refused.", (feed, card, now, cancellation) => feed.ReportLostAsync(card, now, cancellation),
        "The card is reported lost.", "The card was reported lost before.", "The card was revoked or replaced before, and is refused already: nothing was changed.");

    private static Command Found() => Report(
        "found", "The holder found the lost card again: it is in use as before.", (feed, card, now, cancellation) => feed.ReportFoundAsync(card, now, cancellation),
        "The card is in use again.", "The card is in use already.", "The card was revoked or replaced, and does not come back: nothing was changed. The holder needs a new card.");

    private static Command Revoked() => Report(
        "revoked", "The card is ended for good: its holder gave it back, say.", (feed, card, now, cancellation) => feed.RevokeAsync(card, now, cancellation),
        "The card is ended.", "The card was ended before.", "");

    private static Command Died() => Report(
        "died", "The holder died: all cards of the person are ended, a phone's certificate too.", (feed, card, now, cancellation) => feed.ReportDiedAsync(card, now, cancellation),
        "The person's cards are ended.", "The death was reported before.", "");

    private static Command Extended()
    {
        var (card, store) = (Card("CARD"), Store());
        var until = new Option<string>("--until") { Description = "The card's new last day, inclusive, as yyyy-MM-dd.", Required = true };
        var command = new Command("extended", "A card that ends with the period of stay was extended after the stay was.") { card, until, store };
        command.SetAction((arguments, cancellation) =>
        {
            var lastDay = OptionText.DayIn(until.Name, arguments.GetRequiredValue(until));
            return SayAsync(
                arguments.GetRequiredValue(store),
                feed => feed.ExtendAsync(KeyOf(arguments.GetRequiredValue(card)), lastDay, TimeProvider.System.GetUtcNow(), cancellation),
                "The card's last day is moved.", "That was its last day before.", "The card has ended, or that day is no later than its last one: nothing was changed. A card that has ended needs a new one.");
        });
        return command;
    }

    private static Command Replaced()
    {
        var (old, store) = (Card("OLD"), Store());
        var fresh = Card("NEW");
        var command = new Command("replaced", "The holder got a new card: the old one is refused, and its registration for insurance is carried over.") { old, fresh, store };
        command.SetAction((arguments, cancellation) => SayAsync(
            arguments.GetRequiredValue(store),
            feed => feed.ReplaceAsync(KeyOf(arguments.GetRequiredValue(old)), KeyOf(arguments.GetRequiredValue(fresh)), TimeProvider.System.GetUtcNow(), cancellation),
            "The old card is replaced by the new one.", "The old card was replaced by the new one before.", "The new card is not in use, or the holder died: nothing was changed."));
        return command;
    }

    private static Command Registered()
    {
        var (card, store) = (Card("CARD"), Store());
        var channel = new Option<string>("--at") { Description = "Where: portal (Myna Portal) or atm (cash machine). Readers register by themselves.", Required = true };
        channel.OneOf("portal", "atm");
        var command = new Command("registered", "The holder registered the card for use as insurance card, elsewhere than at a reader.") { card, channel, store };
        command.SetAction((arguments, cancellation) => SayAsync(
            arguments.GetRequiredValue(store),
            feed => feed.ReportRegisteredAsync(
                KeyOf(arguments.GetRequiredValue(card)),
                arguments.GetRequiredValue(channel) == "portal" ? RegistrationChannel.Portal : RegistrationChannel.CashMachine,
                TimeProvider.System.GetUtcNow(),
                cancellation),
            "The card is registered.", "The card was registered before.", "The card is lost, revoked or replaced, and can't be registered: nothing was changed."));
        return command;
    }

    private static Command Report(
        string name, string description, Func<CardOfficeFeed, Guid, DateTimeOffset, CancellationToken, Task<CardOfficeOutcome>> report, string done, string before, string notNow)
    {
        var (card, store) = (Card("CARD"), Store());
        var command = new Command(name, description) { card, store };
        command.SetAction((arguments, cancellation) => SayAsync(
            arguments.GetRequiredValue(store), feed => report(feed, KeyOf(arguments.GetRequiredValue(card)), TimeProvider.System.GetUtcNow(), cancellation), done, before, notNow));
        return command;
    }

    private static Argument<string> Card(string name) => new(name) { Description = "The card's user-authentication certificate (PEM or DER), or its card key (a UUID)." };

    private static Option<string> Store() => StoreConnection.OptionOf("--card-office", "eg_card_office");

    private static async Task<int> SayAsync(string postgres, Func<CardOfficeFeed, Task<CardOfficeOutcome>> report, string done, string before, string notNow)
    {
        var outcome = await StoreConnection.UseAsync("--card-office", postgres, store => report(new CardOfficeFeed(store)));
        Console.WriteLine(outcome switch
        {
            CardOfficeOutcome.Done => done,
            CardOfficeOutcome.AlreadySo => before,
            CardOfficeOutcome.CardUnknown => throw new SettingsException("The card office has bound no such card: check the certificate or the card key."),
            CardOfficeOutcome.BoundToAnother => throw new SettingsException("The two cards are of two persons: nothing was changed."),
            CardOfficeOutcome.NoReplacement => throw new SettingsException(
                "A card replaces another one of its kind, not itself, and no phone's certificate replaces a card's: nothing was changed. Name the old card and the new one."),
            CardOfficeOutcome.NotFromThisState => throw new SettingsException(notNow),
            _ => throw new InvalidOperationException($"A report can't end in {outcome}."),
        });
        return 0;
    }

    private static Guid KeyOf(string card)
    {
        if (Guid.TryParse(card, out var key)) return key;
        if (TypedCard.FaultOf(card) is { } fault) throw new SettingsException($"{fault} Give the card's certificate (a file in PEM or DER), or its card key (a UUID).");
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
