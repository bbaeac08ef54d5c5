using EligibilityGateway.Contracts;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>A terminal that proved itself by its client certificate and is known to the operator. Immutable.</summary>
/// <param name="Id">First 16 bytes of the SHA-256 of its certificate.</param>
/// <param name="Identity">What its certificate names it.</param>
/// <param name="Version">Version of the operator's entry: a record stands only while it is still the present one.</param>
/// <param name="CertificateEnds">Its certificate's last moment; null where it is not connected.</param>
public sealed record Terminal(Guid Id, TerminalIdentity Identity, long Version, DateTimeOffset? CertificateEnds = null)
{
    /// <summary>The terminal that this call comes from; admission has put it there.</summary>
    public static Terminal Of(ServerCallContext context) => context.GetHttpContext().Features.Get<Terminal>()
        ?? throw new InvalidOperationException("A call came past the admission of terminals.");

    /// <summary>Which purposes its role may name.</summary>
    public bool MayAskFor(Contracts.V1.Purpose purpose) => (Identity.Role, purpose) switch
    {
        (TerminalRole.Reception, Contracts.V1.Purpose.Care or Contracts.V1.Purpose.Registration) => true,
        (TerminalRole.Pharmacy, Contracts.V1.Purpose.Dispensing or Contracts.V1.Purpose.Registration) => true,
        (TerminalRole.Ambulance, Contracts.V1.Purpose.EmergencyTransport) => true,
        (TerminalRole.HospitalEmergency, Contracts.V1.Purpose.EmergencyCare or Contracts.V1.Purpose.Care) => true,
        // Insurers, card offices and auditors look nobody up.
        _ => false,
    };

    /// <summary>An emergency, of a terminal whose role may name it as its purpose.</summary>
    public bool IsEmergency(Contracts.V1.Purpose purpose) => IsAnEmergency(purpose) && MayAskFor(purpose);

    /// <summary>The purposes for which an emergency summary may be wanted.</summary>
    public static bool IsAnEmergency(Contracts.V1.Purpose purpose) => purpose is Contracts.V1.Purpose.EmergencyTransport or Contracts.V1.Purpose.EmergencyCare;

    /// <summary>Whether it stands at a desk, and never asks in an emergency.</summary>
    public bool IsDesk => Identity.Role is TerminalRole.Reception or TerminalRole.Pharmacy;

    /// <summary>Whether anybody pays where it stands.</summary>
    public bool MayReportCharges => Identity.Role is TerminalRole.Reception or TerminalRole.Pharmacy or TerminalRole.HospitalEmergency;

    /// <summary>Whether its role may ask where an application for a card stands.</summary>
    public bool MayAskForApplications => Identity.Role == TerminalRole.Reception;
}
