namespace EligibilityGateway.Gateway.Terminals;

/// <summary>How many look-ups may be under way, as learnt from how long work waits for a processor. One thread teaches it.</summary>
internal sealed class IntakeLimit
{
    /// <summary>Work comes in bursts, and a moment that stands still is one sample: what half of so many say is a queue that stands.</summary>
    internal const int Samples = 15;

    /// <summary>Between two lowerings: the next one waits for what this one does.</summary>
    internal const int SamplesBetween = 5;

    /// <summary>What is kept of the limit where a queue stands.</summary>
    private const double Kept = 0.85;

    /// <summary>By how much it is raised in one sample without a queue.</summary>
    private const int Step = 4;

    private readonly TimeSpan[] _lags = new TimeSpan[Samples];
    private readonly TimeSpan[] _sorted = new TimeSpan[Samples];
    private int _next;
    private int _sinceLowered;
    private int _value = Intake.FirstLimit;

    public int Value => Volatile.Read(ref _value);

    /// <param name="lag">How long work waits now.</param>
    /// <param name="underWay">Look-ups that are under way.</param>
    public void Learn(TimeSpan lag, int underWay)
    {
        _lags[_next] = lag;
        _next = (_next + 1) % Samples;
        _sinceLowered++;
        var usual = Median();
        if (usual > Intake.TooLong)
        {
            // Far below the limit it is something else that takes the processors, and a lower limit would give none of them back.
            if (_sinceLowered < SamplesBetween || underWay < _value / 2) return;
            Set((int)(_value * Kept));
            _sinceLowered = 0;
        }
        // Raised only where it was in the way: what nobody uses says nothing about what there is room for.
        else if (usual < Intake.TooLong / 2 && (underWay >= _value * 3 / 4 || _value < Intake.FirstLimit)) Set(_value + Step);
    }

    private TimeSpan Median()
    {
        _lags.CopyTo(_sorted, 0);
        Array.Sort(_sorted);
        return _sorted[Samples / 2];
    }

    private void Set(int value) => Volatile.Write(ref _value, Math.Clamp(value, Intake.LowestLimit, Intake.HighestLimit));
}
