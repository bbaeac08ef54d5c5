namespace EligibilityGateway.Gateway.Access.Journal;

public enum AppendStatus
{
    /// <summary>The entry is on the disk, and the disk has confirmed it.</summary>
    Durable = 1,

    /// <summary>No room; for the desk lane this is so while the emergency reserve is still free. Nothing was written.</summary>
    Full,

    /// <summary>The disk is slower than the appends, and as many wait as may wait. Nothing was written.</summary>
    Busy,

    /// <summary>
    /// The disk refused a write or a sync, or the journal is closed. It takes no more until it is opened again. An entry that met the
    /// error itself may be found at the next opening, and is drained then; no answer left on its account.
    /// </summary>
    Failed,
}
