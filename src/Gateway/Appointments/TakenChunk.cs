using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>A chunk as it lay in the store, still sealed.</summary>
internal sealed class TakenChunk
{
    public long Reception { get; init; }

    public int FirstRow { get; init; }

    public byte[] Sealed { get; init; } = [];

    public string Institution { get; init; } = "";

    public Guid TerminalId { get; init; }

    public Purpose Purpose { get; init; }

    public DateOnly ServiceDate { get; init; }

    public Guid Seed { get; init; }

    public DateTime AcceptedAt { get; init; }
}
