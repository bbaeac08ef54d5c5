namespace EligibilityGateway.LoadTests.Overload;

/// <summary>
/// Looks for the highest rate that is carried: in steps until one is and the next one is not, then by halves between those two. A rate
/// counts as not carried only when it failed twice: one moment in which the machine was busy with something else spoils a run, and
/// nothing makes a run better than the gateway is.
/// </summary>
/// <param name="run">Runs at a rate, in taps a second.</param>
/// <param name="isCarried">Whether all was well in that run.</param>
public sealed class BestRateSearch<TRun>(Func<double, Task<TRun>> run, Func<TRun, bool> isCarried)
    where TRun : class
{
    public const double Step = 1.15;

    /// <summary>How close the rates that were carried and not carried are in the end.</summary>
    public const double Precision = 1.05;

    /// <summary>From 1,000 a second they lead to 16,000 and to 60: past either, something else is wrong.</summary>
    private const int MostSteps = 20;

    /// <summary>The run at the highest rate that was carried.</summary>
    /// <exception cref="MeasurementException">Not even a rate far below the first one is carried, or one far above it still is.</exception>
    public async Task<TRun> FindAsync(double from)
    {
        var (best, carried, failed) = await BracketAsync(from);
        while (failed / carried > Precision)
        {
            var middle = Math.Sqrt(carried * failed);
            if (await CarriedAsync(middle) is { } better) (best, carried) = (better, middle);
            else failed = middle;
        }
        return best;
    }

    private async Task<(TRun Best, double Carried, double Failed)> BracketAsync(double from)
    {
        var best = await CarriedAsync(from);
        var (climbs, rate) = (best is not null, from);
        for (var step = 0; step < MostSteps; step++)
        {
            var next = climbs ? rate * Step : rate / Step;
            var nextRun = await CarriedAsync(next);
            if (climbs && nextRun is null) return (best!, rate, next);
            if (!climbs && nextRun is not null) return (nextRun, next, rate);
            (best, rate) = (nextRun, next);
        }
        throw new MeasurementException(climbs
            ? $"Still carried at {rate:F0} taps a second: begin higher, with --from."
            : $"Not carried even at {rate:F0} taps a second: something is wrong with the machine or the gateway.");
    }

    /// <summary>Null where it failed twice.</summary>
    private async Task<TRun?> CarriedAsync(double rate)
    {
        var first = await run(rate);
        if (isCarried(first)) return first;
        var second = await run(rate);
        return isCarried(second) ? second : null;
    }
}
