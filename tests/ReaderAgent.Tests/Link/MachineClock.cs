using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

/// <summary>A machine's clock that can be off, and be set while it runs; its monotonic time and its timers go on.</summary>
internal sealed class MachineClock : FakeTimeProvider
{
    public static readonly DateTimeOffset Opening = new(2026, 10, 15, 0, 0, 0, TimeSpan.Zero);

    public MachineClock() : base(Opening)
    {
    }

    /// <summary>The time that it truly is.</summary>
    public DateTimeOffset True => base.GetUtcNow();

    /// <summary>By how much it is ahead of that.</summary>
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public override long GetTimestamp() => True.UtcTicks;
}
