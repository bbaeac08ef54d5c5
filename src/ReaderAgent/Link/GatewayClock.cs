namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>
/// The time by which event ids are made and judged: the gateway's, as it was told last, carried on by this machine's monotonic time. So it
/// matters neither what this machine's own clock says nor who sets it meanwhile. Until a gateway has told its time it is this machine's.
/// Where a machine has slept and its monotonic time with it, it is behind until the next welcome.
/// </summary>
/// <param name="machine">This machine's clock; timers and the monotonic time stay its own.</param>
internal sealed class GatewayClock(TimeProvider machine) : TimeProvider
{
    /// <summary>By how much a clock may be off before staff are told, and an id before it is made anew. A gateway takes no id that is further ahead.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private volatile Told? _told;

    /// <summary>A gateway has told its time.</summary>
    public bool IsKnown => _told is not null;

    /// <summary>This time minus that of this machine's own clock, as both are now.</summary>
    public TimeSpan MachineOff => GetUtcNow() - machine.GetUtcNow();

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>A gateway says that it is this time now.</summary>
    public void Follow(DateTimeOffset gatewayTime) => _told = new Told(gatewayTime, machine.GetTimestamp());

    public override DateTimeOffset GetUtcNow() => _told is { } told ? told.Time + machine.GetElapsedTime(told.At) : machine.GetUtcNow();

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    private sealed record Told(DateTimeOffset Time, long At);
}
