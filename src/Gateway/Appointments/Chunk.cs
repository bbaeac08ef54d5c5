using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>Some rows of a batch, taken to be done.</summary>
/// <param name="Reception">Reception number (受付番号) of the batch.</param>
/// <param name="FirstRow">Place of the first row in the batch, counted from 1.</param>
/// <param name="Rows">As they were handed in.</param>
/// <param name="Institution">Whose batch it is, as its certificate says.</param>
/// <param name="TerminalId">Who handed it in.</param>
/// <param name="Purpose">Why.</param>
/// <param name="ServiceDate">The day of the appointments.</param>
/// <param name="Seed">Of the rows' event ids.</param>
/// <param name="AcceptedAt">When the batch was handed in.</param>
internal sealed record Chunk(
    long Reception, int FirstRow, IReadOnlyList<Appointment> Rows, string Institution, Guid TerminalId, Purpose Purpose, DateOnly ServiceDate, Guid Seed, DateTimeOffset AcceptedAt)
{
    /// <summary>
    /// A chunk is one transaction and one page of results. Larger ones make no row cheaper by much, and each is a while in which the
    /// desk shares the store with it.
    /// </summary>
    public const int Size = 250;
}
