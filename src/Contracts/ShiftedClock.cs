namespace EligibilityGateway.Contracts;

/// <summary>
/// The machine's clock moved by a fixed amount, for demonstrations and load tests that play on a given day. Time-outs
/// (<see cref="TimeProvider.GetTimestamp"/>, timers) stay the machine's.
/// </summary>
public sealed class ShiftedClock(TimeSpan shift) : TimeProvider
{
    public TimeSpan Shift { get; } = shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
