namespace EligibilityGateway.Demo.Population;

/// <summary>What became of a load.</summary>
public abstract record LoadOutcome
{
    private LoadOutcome()
    {
    }

    /// <summary>All people are in.</summary>
    /// <param name="People">How many.</param>
    /// <param name="Rows">How many rows they are.</param>
    /// <param name="Took">From the first statement to the last commit, statistics included.</param>
    /// <param name="MendedCutOff">An earlier load was cut off; its remains were cleared first.</param>
    public sealed record Loaded(long People, long Rows, TimeSpan Took, bool MendedCutOff) : LoadOutcome;

    /// <summary>This very population is there already.</summary>
    public sealed record AlreadyThere(long People) : LoadOutcome;

    /// <summary>Another population is there.</summary>
    public sealed record AnotherThere(ulong Seed, long People) : LoadOutcome;

    /// <summary>There are rows that no load brought in: they are not this program's to touch.</summary>
    public sealed record NotEmpty(string Table) : LoadOutcome;
}
