namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>An eligibility certificate (資格確認書) issued on one coverage; last day inclusive, at most five years on.</summary>
public sealed record EligibilityCertificateEntry(long CertificateId, long PersonId, long CoverageId, DateOnly IssuedOn, DateOnly ValidUntil);
