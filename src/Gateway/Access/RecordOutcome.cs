namespace EligibilityGateway.Gateway.Access;

/// <summary>What became of an attempt to record a look-up.</summary>
public enum RecordState
{
    /// <summary>Durable: the answer may leave.</summary>
    Recorded,

    /// <summary>A version that it relied upon is no longer the present one: decide anew from the store.</summary>
    Overtaken,

    /// <summary>The document whose numbers were typed has been tried too often: nothing was recorded, and the look-up is to be refused.</summary>
    Barred,

    /// <summary>The event was answered before: its answer is in <see cref="RecordOutcome.Kept"/>.</summary>
    AnsweredBefore,

    /// <summary>The store is away: decide without it and journal that.</summary>
    OutOfReach,

    /// <summary>The store is there and was too slow: it may have been recorded, and nothing may leave. A resend finds what was committed.</summary>
    Late,

    /// <summary>The store or the journal can't hold this record: nothing may leave.</summary>
    Failed,

    /// <summary>Too many wait already: nothing was recorded; the terminal tries again.</summary>
    Full,
}

/// <summary>What became of it, and the answer that was given before where there was one.</summary>
public readonly record struct RecordOutcome(RecordState State, KeptAnswer? Kept = null);
