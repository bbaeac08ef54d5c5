namespace EligibilityGateway.Rules.HighCost;

/// <summary>A class of the monthly limit (適用区分) as people write it.</summary>
/// <param name="Code">LimitApplicationCertificateClassificationFlag of the official interface: A under 70, B from 70.</param>
/// <param name="Japanese">As on certificates and receipts.</param>
/// <param name="English">For those who don't read it.</param>
public sealed record LimitClassLabel(string Code, string Japanese, string English);
