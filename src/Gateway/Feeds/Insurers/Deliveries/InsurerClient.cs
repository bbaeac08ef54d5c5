using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>An insurer's client that proved itself by its certificate and is known to the operator.</summary>
/// <param name="Id">First 16 bytes of the SHA-256 of its certificate.</param>
/// <param name="Insurers">Whose changes it may hand in.</param>
internal sealed record InsurerClient(Guid Id, IReadOnlyList<InsurerNumber> Insurers);
