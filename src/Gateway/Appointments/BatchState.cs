using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>A batch that was accepted, and how far it is.</summary>
internal sealed class BatchState
{
    public long Reception { get; init; }

    public Guid BatchId { get; init; }

    public Purpose Purpose { get; init; }

    public DateOnly ServiceDate { get; init; }

    public byte[] RequestHash { get; init; } = [];

    public Guid Seed { get; init; }

    public int Rows { get; init; }

    public int Done { get; init; }

    public int Found { get; init; }

    public int Failed { get; init; }

    public bool IsFinished => Done == Rows;

    public AppointmentProgress ToMessage() => new()
    {
        ReceptionNumber = Reception.ToString(CultureInfo.InvariantCulture),
        BatchId = BatchId.ToString("D"),
        ServiceDate = JapanTime.Format(ServiceDate),
        Received = (uint)Rows,
        Done = (uint)Done,
        Found = (uint)Found,
        NotFound = (uint)(Done - Found - Failed),
        Failed = (uint)Failed,
        Finished = IsFinished,
    };
}
