namespace EligibilityGateway.LoadTests.Guesses;

/// <summary>Look-ups that find nobody, sent one after the other by one terminal; microseconds.</summary>
/// <param name="Pairs">Of each sort.</param>
/// <param name="UnknownNumberMedian">Nobody has the number.</param>
/// <param name="WrongBirthDateMedian">Somebody has it, born on another day.</param>
public sealed record GuessesFigures(int Pairs, long UnknownNumberMedian, long WrongBirthDateMedian)
{
    /// <summary>No more may be told apart by many trials; far less than a network adds.</summary>
    public const long Goal = 200;

    public long Difference => Math.Abs(UnknownNumberMedian - WrongBirthDateMedian);
}
