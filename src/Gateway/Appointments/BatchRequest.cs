using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>A batch that can be taken as a whole. What a single row holds is judged when it is worked on.</summary>
/// <param name="BatchId">The site's.</param>
/// <param name="Purpose">Why the site asks.</param>
/// <param name="ServiceDate">The day of the appointments.</param>
/// <param name="Rows">1 to <see cref="BatchForm.MostRows"/>.</param>
/// <param name="Hash">SHA-256 of the message: the same id with another one is refused.</param>
internal sealed record BatchRequest(Guid BatchId, Purpose Purpose, DateOnly ServiceDate, IReadOnlyList<Appointment> Rows, byte[] Hash);
