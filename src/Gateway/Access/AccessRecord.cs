using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Emergency;

namespace EligibilityGateway.Gateway.Access;

/// <summary>Who asked what of whom, why, on which ground, with which outcome, from which versions. One for each look-up; a flood of refusals that looked for nobody is counted in one.</summary>
public sealed record AccessRecord
{
    public required EventId EventId { get; init; }

    public required Guid TerminalId { get; init; }

    public required InstitutionCode Institution { get; init; }

    public required TerminalRole Role { get; init; }

    public required Purpose Purpose { get; init; }

    public required DateOnly ServiceDate { get; init; }

    public required Assurance Assurance { get; init; }

    /// <summary>On what ground medical facts were opened.</summary>
    public required EmergencyBasis Ground { get; init; }

    /// <summary>What the crew wrote, at most 200 characters; it is kept here alone.</summary>
    public required string Note { get; init; }

    public required Validity Validity { get; init; }

    public required Reason Reason { get; init; }

    /// <summary>Whose facts were looked at; null where nobody was found or the look-up was refused before anybody was.</summary>
    public required long? PersonId { get; init; }

    /// <summary>What the answer relied upon.</summary>
    public required ReliedUpon ReliedUpon { get; init; }

    public required Source Source { get; init; }

    /// <summary>When the facts were known to be true.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the gateway decided, by its clock.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>SHA-256 of the request, 32 bytes.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>The card is registered for insurance by the same statement.</summary>
    public required bool RegistersCard { get; init; }

    /// <summary>The month's sum charged elsewhere was shown, on the person's consent.</summary>
    public bool ShowsMonthElsewhere { get; init; }

    /// <summary>To be looked at afterwards: the terminal opened more summaries on its word alone than a crew does.</summary>
    public bool IsForReview { get; init; }

    /// <summary>
    /// Not one look-up but so many refusals of the terminal that looked for nobody, counted in one minute; 0 for a look-up.
    /// </summary>
    public int RefusalsCounted { get; init; }

    /// <summary>The store was out of reach: answered on the strength of the journal.</summary>
    public required bool Journalled { get; init; }
}

/// <summary>
/// The versions that a decision stands on. The statement that records it inserts only where each is still the present one; version
/// 0 is absence, so that "there is no such card" is proved like anything else.
/// </summary>
public readonly record struct ReliedUpon(
    long TerminalVersion, long? PersonId, long PersonVersion, Guid? CardKey, long CardVersion, Guid? DocumentKey, long DocumentVersion);
