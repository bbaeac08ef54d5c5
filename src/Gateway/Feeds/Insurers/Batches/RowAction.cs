namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>What a row does with its fact. The numbers are in the checks' statements.</summary>
internal enum RowAction : short
{
    /// <summary>Says how the fact is, new or known.</summary>
    State = 1,

    /// <summary>A fact that was not there.</summary>
    Insert = 2,

    /// <summary>Gives a coverage its end and leaves the rest.</summary>
    End = 3,

    /// <summary>Says how a known fact is.</summary>
    Correction = 4,

    /// <summary>The fact was never true.</summary>
    Withdrawal = 5,
}
