using EligibilityGateway.LoadTests.Drive;

namespace EligibilityGateway.Benchmarks.Bulk;

/// <summary>Batches of appointments at a gateway that nobody else asks, and at one whose desks ask all the while.</summary>
internal sealed record BulkFigures
{
    public required int Rows { get; init; }

    public required long People { get; init; }

    /// <summary>The desks' look-ups a second, by the realistic mix.</summary>
    public required double Rate { get; init; }

    /// <summary>Length of each part: the desks alone, and with batches one after the other.</summary>
    public required double Seconds { get; init; }

    /// <summary>Rows a second from the hand-in to the last result, without the desks: the median batch.</summary>
    public required double RowsPerSecondAlone { get; init; }

    /// <summary>The gateway's CPU for a row of those.</summary>
    public required double GatewayCpuMicrosecondsPerRow { get; init; }

    /// <summary>The same with the desks.</summary>
    public required double RowsPerSecondBesideDesks { get; init; }

    public required RunTally DesksAlone { get; init; }

    public required RunTally DesksBesideBulk { get; init; }

    /// <summary>By how much the desks' p99 is longer with batches under way.</summary>
    public double P99Ratio => (double)DesksBesideBulk.LatencyMicroseconds.P99 / Math.Max(1, DesksAlone.LatencyMicroseconds.P99);
}
