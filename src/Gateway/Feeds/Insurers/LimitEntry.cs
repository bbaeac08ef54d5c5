namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>Limit class (適用区分), last day inclusive.</summary>
/// <param name="LimitId">The insurer's own number for it.</param>
/// <param name="PersonId">Whose limit it is.</param>
/// <param name="CoverageId">On which coverage.</param>
/// <param name="CertificateClass">LimitApplicationCertificateClassification: 01, 02, 03.</param>
/// <param name="LimitClass">A01–A06 under 70, B01–B10 from 70.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="ValidFrom">First day.</param>
/// <param name="ValidUntil">Last day, inclusive; null while open.</param>
/// <param name="LongTermOn">From when the lower meal price of a long stay (長期入院該当) counts; null where it doesn't.</param>
public sealed record LimitEntry(
    long LimitId,
    long PersonId,
    long CoverageId,
    string CertificateClass,
    string LimitClass,
    DateOnly IssuedOn,
    DateOnly ValidFrom,
    DateOnly? ValidUntil,
    DateOnly? LongTermOn);
