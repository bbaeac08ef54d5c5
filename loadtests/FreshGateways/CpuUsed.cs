namespace EligibilityGateway.LoadTests.FreshGateways;

/// <summary>CPU of all that a run needs: since each of them started, or in between where two of these are subtracted.</summary>
/// <param name="Gateway">The gateway's process.</param>
/// <param name="Postgres">All of Postgres's processes.</param>
/// <param name="Redis">Redis's process.</param>
/// <param name="Generator">This process, which plays the terminals.</param>
public readonly record struct CpuUsed(TimeSpan Gateway, TimeSpan Postgres, TimeSpan Redis, TimeSpan Generator)
{
    public static CpuUsed operator -(CpuUsed later, CpuUsed earlier) => new(
        later.Gateway - earlier.Gateway, later.Postgres - earlier.Postgres, later.Redis - earlier.Redis, later.Generator - earlier.Generator);

    public CpuPerTap Per(int taps) => new(
        Gateway.TotalMicroseconds / taps, Postgres.TotalMicroseconds / taps, Redis.TotalMicroseconds / taps, Generator.TotalMicroseconds / taps);
}

/// <summary>Microseconds of CPU for each tap that was offered, answered or not.</summary>
public sealed record CpuPerTap(double Gateway, double Postgres, double Redis, double Generator);
