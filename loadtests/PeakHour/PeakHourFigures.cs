using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests.PeakHour;

/// <summary>What a gateway did with the realistic mix.</summary>
public sealed record PeakHourFigures
{
    /// <summary>A run further off the mix than this measured something else.</summary>
    public const double MixTolerance = 0.02;

    /// <summary>Answers in doubt cost something else; a machine that stands still for a moment gives some.</summary>
    public const double MostInDoubt = 0.01;

    public required double Rate { get; init; }

    public required double Seconds { get; init; }

    public required int Terminals { get; init; }

    public required int Window { get; init; }

    public required long People { get; init; }

    /// <summary>Cards that tapped in the measured part and the warm-up, each with a key of its own.</summary>
    public required int DistinctCards { get; init; }

    public required RunTally Run { get; init; }

    /// <summary>Process CPU over the measured part, by answers and refusals.</summary>
    public required double GatewayCpuMicrosecondsPerAnswer { get; init; }

    /// <summary>Resident at the end.</summary>
    public required long GatewayMemoryBytes { get; init; }

    /// <summary>Why the figures are worth nothing; null where they are.</summary>
    public string? WorthNothing(TapMix mix)
    {
        if (Run.Errors > 0) return $"{Run.Errors} of {Run.Sent} taps got a problem or no answer.";
        var inDoubt = Run.AnsweredByValidity.GetValueOrDefault(nameof(Validity.Unconfirmed));
        if (inDoubt > MostInDoubt * Run.Sent)
            return $"{inDoubt} of {Run.Sent} taps were answered UNCONFIRMED: Postgres was too slow for the gateway, which was not measured at its own work.";
        var (process, redis) = (Run.ProcessHitRate - mix.SecondTaps, Run.RedisHitRate - mix.FirstTaps);
        if (Math.Abs(process) <= MixTolerance && Math.Abs(redis) <= MixTolerance) return null;
        return $"The run was off the mix by more than {MixTolerance:P0}: from the process {Run.ProcessHitRate:P1} instead of {mix.SecondTaps:P0}, "
            + $"from Redis {Run.RedisHitRate:P1} instead of {mix.FirstTaps:P0}.";
    }
}
