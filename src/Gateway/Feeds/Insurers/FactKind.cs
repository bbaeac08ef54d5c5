namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>What kind of entry of an insurer's delivery.</summary>
public enum FactKind
{
    Insurer,
    Person,
    Coverage,
    Burden,
    Limit,
    SpecificDisease,
    EligibilityCertificate,
    Clinical,
    WithheldLimit,
    MedicalTicket,
}
