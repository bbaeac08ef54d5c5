namespace EligibilityGateway.Gateway.Access.Journal;

public enum JournalDamageKind
{
    /// <summary>The rest of a write that a crash cut off at the journal's end: it was never acknowledged.</summary>
    TornTail = 1,

    /// <summary>A hole in the last group that was written: most likely a crash in the middle of that write, never acknowledged.</summary>
    TornGroup,

    /// <summary>Entries that had been acknowledged (a later group or segment proves it) and are unreadable.</summary>
    LostEntries,

    /// <summary>A whole segment that must be there and is not.</summary>
    MissingSegment,

    /// <summary>A file of which neither header copy is intact, or whose number another file has.</summary>
    DamagedSegment,

    /// <summary>A segment written with a key that the ring does not hold, or holds differently. It is kept until the key is back.</summary>
    UnknownKey,

    /// <summary>A segment written in a later format. It is kept until a gateway that knows it is back.</summary>
    UnknownVersion,

    /// <summary>The record of what is drained is unreadable: what is left in the journal is drained once more.</summary>
    DamagedProgress,
}
