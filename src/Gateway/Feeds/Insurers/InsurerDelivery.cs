namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>
/// What an insurer hands in at once: accepted whole or not at all. Entries say how things are; those that differ from what the store
/// holds become new revisions.
/// </summary>
public sealed record InsurerDelivery
{
    /// <summary>Most entries of one delivery: the transaction that it becomes is decoded in one piece by whoever follows the log.</summary>
    public const int MaxEntries = 20_000;

    public IReadOnlyList<InsurerEntry> Insurers { get; init; } = [];

    public IReadOnlyList<PersonEntry> Persons { get; init; } = [];

    public IReadOnlyList<CoverageEntry> Coverages { get; init; } = [];

    public IReadOnlyList<BurdenEntry> Burdens { get; init; } = [];

    public IReadOnlyList<LimitEntry> Limits { get; init; } = [];

    public IReadOnlyList<SpecificDiseaseEntry> SpecificDiseases { get; init; } = [];

    public IReadOnlyList<EligibilityCertificateEntry> EligibilityCertificates { get; init; } = [];

    public IReadOnlyList<WithheldLimitEntry> WithheldLimits { get; init; } = [];

    public IReadOnlyList<MedicalTicketEntry> MedicalTickets { get; init; } = [];

    public IReadOnlyList<ClinicalEntry> ClinicalFacts { get; init; } = [];

    /// <summary>Facts that were never true. An end is not a withdrawal: it is an entry with a last day.</summary>
    public IReadOnlyList<FactReference> Withdrawals { get; init; } = [];

    internal int EntryCount =>
        Insurers.Count + Persons.Count + Coverages.Count + Burdens.Count + Limits.Count + SpecificDiseases.Count
        + EligibilityCertificates.Count + WithheldLimits.Count + MedicalTickets.Count + ClinicalFacts.Count + Withdrawals.Count;
}
