using Dapper;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>
/// What insurers say of persons against what another insurer says whose coverage is in force: held until an operator has asked both
/// and decided, which is on record.
/// </summary>
/// <param name="store">Connects as eg_operator.</param>
internal sealed class PersonReviews(NpgsqlDataSource store)
{
    private const int CommandSeconds = 30;

    /// <summary>Those that nobody has decided yet, the oldest first.</summary>
    public async Task<IReadOnlyList<PersonReview>> ListAsync(CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        return (await connection.QueryAsync<PersonReview>(new CommandDefinition(
            """
            SELECT review_id AS "Id", held_at AS "HeldAt", batch_id AS "Batch", line AS "Line", person_id AS "Person", insurer_number AS "Insurer", birth_date AS "BirthDate",
                sex AS "Sex", against AS "Against", their_birth_date AS "TheirBirthDate", their_sex AS "TheirSex"
            FROM open_person_reviews()
            """,
            commandTimeout: CommandSeconds,
            cancellationToken: cancellation))).AsList();
    }

    /// <summary>Brings a held statement into force, or refuses it for good.</summary>
    public async Task<ReviewDecision> DecideAsync(long review, bool isAccepted, string because, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        var outcome = await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            "SELECT decide_person_review(@review, @isAccepted, @because)", new { review, isAccepted, because }, commandTimeout: CommandSeconds, cancellationToken: cancellation));
        return outcome switch
        {
            "done" => ReviewDecision.Done,
            "unknown" => ReviewDecision.Unknown,
            "decided" => ReviewDecision.DecidedBefore,
            "overtaken" => ReviewDecision.Overtaken,
            _ => throw new InvalidOperationException("The store gave a decision that this program does not know."),
        };
    }
}

/// <summary>A statement that is held. No names: birth date and sex are what is to be decided.</summary>
/// <param name="Id">Its number.</param>
/// <param name="HeldAt">Since when.</param>
/// <param name="Batch">The file that it came with.</param>
/// <param name="Line">Its line there.</param>
/// <param name="Person">The person's number.</param>
/// <param name="Insurer">Who says it.</param>
/// <param name="BirthDate">What it says.</param>
/// <param name="Sex">What it says.</param>
/// <param name="Against">The insurer who says otherwise.</param>
/// <param name="TheirBirthDate">What that one says now.</param>
/// <param name="TheirSex">What that one says now.</param>
internal sealed record PersonReview(
    long Id, DateTime HeldAt, long Batch, int Line, long Person, string Insurer, DateOnly BirthDate, Sex Sex, string Against, DateOnly TheirBirthDate, Sex TheirSex);

/// <summary>What became of a decision.</summary>
internal enum ReviewDecision
{
    Done,
    Unknown,
    DecidedBefore,

    /// <summary>The insurer has said something newer of the same day, which is in force.</summary>
    Overtaken,
}
