using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>A person of the scenario. Facts hang on the last coverage.</summary>
public sealed record ScenarioPerson(
    string Key, string Name, string NameKana, Sex Sex, DateOnly Born, IReadOnlyList<ScenarioCoverage> Coverages, string OtherName = "")
{
    public IReadOnlyList<ScenarioBurden> Burdens { get; init; } = [];

    public IReadOnlyList<ScenarioLimit> Limits { get; init; } = [];

    public IReadOnlyList<ScenarioDisease> SpecificDiseases { get; init; } = [];

    public IReadOnlyList<ScenarioCertificate> EligibilityCertificates { get; init; } = [];

    public IReadOnlyList<ScenarioWithheldLimit> WithheldLimits { get; init; } = [];

    public IReadOnlyList<ScenarioTicket> MedicalTickets { get; init; } = [];

    public IReadOnlyList<ScenarioClinicalFact> ClinicalFacts { get; init; } = [];

    public IReadOnlyList<ScenarioCard> Cards { get; init; } = [];
}

/// <summary>Covered from <paramref name="Acquired"/> until the day before <paramref name="Lost"/>.</summary>
public sealed record ScenarioCoverage(
    string Insurer, string Number, DateOnly Acquired, string Symbol = "", string? Branch = null, Relation Relation = Relation.Insured, DateOnly? Lost = null,
    string Classification = "01");

public sealed record ScenarioBurden(short Percent, DateOnly From, DateOnly Until);

public sealed record ScenarioLimit(string CertificateClass, string Class, DateOnly From, DateOnly Until);

public sealed record ScenarioDisease(short Category, int MonthlyLimitYen, DateOnly From);

public sealed record ScenarioCertificate(DateOnly Issued, DateOnly Until);

public sealed record ScenarioWithheldLimit(DateOnly From);

/// <summary>A medical ticket for the calendar month that <paramref name="Month"/> begins.</summary>
public sealed record ScenarioTicket(string Institution, DateOnly Month, int SelfPayYen);

public sealed record ScenarioClinicalFact(ClinicalKind Kind, DateOnly On, string What, string Institution);

/// <summary>A card; without dates its holder did not ask for a user-authentication certificate. <paramref name="LastDay"/> is the card's own.</summary>
public sealed record ScenarioCard(
    string Name,
    DateOnly? From = null,
    DateOnly? Until = null,
    bool Registered = true,
    CardStatus Status = CardStatus.InUse,
    CardCarrier Carrier = CardCarrier.Plastic,
    DateOnly? LastDay = null,
    CardTerm? Term = null);
