namespace EligibilityGateway.Gateway.Readers;

/// <summary>How many look-ups may be under way, as learnt from how long work waits for a processor. One thread teaches it.</summary>
internal sealed class IntakeLimit
{
    /// <summary>So many samples in a row in which work waited too long are a queue that stands; fewer are a moment.</summary>
    internal const int SamplesOfAQueue = 8;

    /// <summary>What is kept of the number under way where a queue stands.</summary>
    private const double Kept = 0.85;

    /// <summary>By how much it is raised in one sample without a queue.</summary>
    private const int Step = 2;

    private int _waitedTooLong;
    private int _value = Intake.FirstLimit;

    public int Value => Volatile.Read(ref _value);

    /// <param name="lag">How long work waits now.</param>
    /// <param name="underWay">Look-ups that are under way.</param>
    public void Learn(TimeSpan lag, int underWay)
    {
        if (lag < Intake.TooLong)
        {
            _waitedTooLong = 0;
            // Raised only where it was in the way: what nobody uses says nothing about what there is room for.
            if (underWay >= _value * 3 / 4 || _value < Intake.FirstLimit) Set(_value + Step);
            return;
        }
        if (++_waitedTooLong < SamplesOfAQueue) return;
        // From what is under way, which may be far fewer than might be.
        Set((int)(Math.Min(_value, Math.Max(underWay, Intake.LowestLimit)) * Kept));
        // The next lowering waits for what this one does.
        _waitedTooLong = SamplesOfAQueue / 2;
    }

    private void Set(int value) => Volatile.Write(ref _value, Math.Clamp(value, Intake.LowestLimit, Intake.HighestLimit));
}
