using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Cards;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>
/// Takes the card office's file of events: checked whole before anything is written, then written in transactions that name at most
/// <see cref="MostCards"/> cards. An event that is in stays in and is known by its number: a file that was broken off is imported again.
/// </summary>
/// <param name="store">Connects as eg_card_office.</param>
/// <param name="anchors">Who issues certificates.</param>
/// <param name="clock">For what lies ahead.</param>
public sealed class CardImport(NpgsqlDataSource store, TrustAnchors anchors, TimeProvider clock)
{
    /// <summary>Most cards that one transaction names.</summary>
    public const int MostCards = 2_000;

    /// <summary>Any number, as long as it is the same everywhere: files are written one after the other.</summary>
    private const long ImportLock = 0x6361_7264_6576;

    /// <summary>Imports the file, and tells what is wrong with it.</summary>
    public async Task<FileOutcome> ImportAsync(Stream file, Action<FeedFault> tell, CancellationToken cancellation)
    {
        var errors = 0L;
        using var hash = new FileHash(file);
        var events = new CardEventFile(anchors, clock.GetUtcNow(), Found).Read(hash.Content, cancellation);
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        await FoldAsync(connection, events, Found, cancellation);
        if (errors > 0) return new FileOutcome(errors, 0, 0);

        var (done, before) = (0L, 0L);
        foreach (var step in Steps(events))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await using (var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = ImportLock } } })
                await turn.ExecuteNonQueryAsync(cancellation);
            // Whoever reports by hand meanwhile waits; what was reported since the check is seen.
            await CardRows.LockAsync(connection, step, cancellation);
            var lives = await FoldAsync(connection, step, Found, cancellation);
            if (errors > 0) return new FileOutcome(errors, done, before);
            await CardRows.WriteAsync(connection, lives, cancellation);
            if (lives.States.Count > 0) await FileHash.RecordAsync(connection, "cards", hash.Value, cancellation);
            await transaction.CommitAsync(cancellation);
            before += lives.Before;
            done += step.Count - lives.Before;
        }
        return new FileOutcome(0, done, before);

        void Found(FeedFault fault)
        {
            if (fault.Severity == FeedSeverity.Error) errors++;
            tell(fault);
        }
    }

    /// <summary>In the order of the events' numbers.</summary>
    internal static IEnumerable<List<CardEvent>> Steps(List<CardEvent> events)
    {
        var (step, cards) = (new List<CardEvent>(), new HashSet<Guid>());
        foreach (var told in events)
        {
            if (cards.Count + 2 > MostCards)
            {
                yield return step;
                (step, cards) = ([], []);
            }
            step.Add(told);
            cards.Add(told.CardKey);
            if (told.ReplacedBy is { } other) cards.Add(other);
        }
        if (step.Count > 0) yield return step;
    }

    private static async Task<CardLives> FoldAsync(NpgsqlConnection connection, List<CardEvent> events, Action<FeedFault> found, CancellationToken cancellation)
    {
        var lives = await CardRows.ReadAsync(connection, events, cancellation);
        foreach (var told in events)
        {
            if (lives.Take(told) is not { } fault) continue;
            var (column, reason) = TextOf(fault);
            found(FeedFault.Error(told.Line, column, reason));
        }
        return lives;
    }

    private static (string Column, string Reason) TextOf(CardFault fault) => fault switch
    {
        CardFault.CardUnknown => ("card", "neither the file nor the store knows this card"),
        CardFault.PersonUnknown => ("person", "the store knows no such person"),
        CardFault.BoundToAnother => ("person", "the card is bound to another person, for good"),
        CardFault.IssuedBefore => ("certificate", "the card is known already"),
        CardFault.HasEnded => ("kind", "the card has ended and does not come back"),
        CardFault.NotInUse => ("kind", "the card is not in use, and can't be registered"),
        CardFault.NoLaterDay => ("until", "the card has ended, or the day is no later than its last one"),
        CardFault.ReplacementUnknown => ("replaced_by", "neither the file nor the store knows this card"),
        CardFault.ReplacesItself => ("replaced_by", "a card does not replace itself"),
        CardFault.OfTwoPersons => ("replaced_by", "the two cards are of two persons"),
        CardFault.OfTwoKinds => ("replaced_by", "a phone's certificate and the plastic card do not replace each other"),
        CardFault.ReplacementNotInUse => ("replaced_by", "the new card is not in use"),
        CardFault.HolderDied => ("kind", "the holder died: there is no new card"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No such fault."),
    };
}
