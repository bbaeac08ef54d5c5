using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.LoadTests.Plan;

/// <summary>Where the gateway is meant to have the finding when the tap comes.</summary>
public enum TapKind
{
    /// <summary>In Redis.</summary>
    First,

    /// <summary>In the process, since the same person tapped a little earlier.</summary>
    Second,

    /// <summary>In Postgres alone.</summary>
    Cold,
}

/// <summary>Where a tap of that kind is answered from.</summary>
public static class TapKinds
{
    public static Source Source(this TapKind kind) => kind switch
    {
        TapKind.First => Contracts.V1.Source.Redis,
        TapKind.Second => Contracts.V1.Source.Process,
        TapKind.Cold => Contracts.V1.Source.Store,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A tap is first, second or cold."),
    };
}
