using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Emergency;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>What is to be answered and recorded, before it is durable. Immutable.</summary>
public sealed record Draft
{
    /// <summary>The look-up itself is refused; nobody's facts are shown.</summary>
    public required bool IsRefusal { get; init; }

    public required Validity Validity { get; init; }

    public required Reason Reason { get; init; }

    public required Assurance Assurance { get; init; }

    /// <summary>What it stands on.</summary>
    public required Finding? Finding { get; init; }

    public required Source Source { get; init; }

    /// <summary>What the rules said; null where they were not asked.</summary>
    public EligibilityDecision? Decision { get; init; }

    /// <summary>What is collected for the bill that the look-up named; null where there is none to work out.</summary>
    public WindowOutcome? Window { get; init; }

    /// <summary>What the month has cost elsewhere; only where the person agreed.</summary>
    public MonthElsewhereOutcome? Elsewhere { get; init; }

    public IReadOnlyList<Reason> Notices { get; init; } = [];

    public Rules.Emergency.EmergencySummary? Summary { get; init; }

    /// <summary>Why an emergency look-up shows no summary; <see cref="Reason.Unspecified"/> where it does, or none was asked for.</summary>
    public Reason SummaryWithheld { get; init; }

    public EmergencyBasis Ground { get; init; }

    public bool RegistersCard { get; init; }

    /// <summary>Holds though the store is away: a proof or a right that is missing, a date of the certificate, a known loss or revocation.</summary>
    public bool HoldsWithoutStore { get; init; }

    /// <summary>Nobody's facts are shown and nobody was looked up, or none that may be told.</summary>
    public static Draft Refused(Reason reason, Assurance assurance = Assurance.None, Found found = default, bool holdsWithoutStore = true) => new()
    {
        IsRefusal = true,
        Validity = Validity.Unspecified,
        Reason = reason,
        Assurance = assurance,
        Finding = found.Finding,
        Source = found.Source,
        HoldsWithoutStore = holdsWithoutStore,
    };
}
