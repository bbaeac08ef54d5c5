namespace EligibilityGateway.ReaderAgent.Spool;

/// <summary>What became of an event that was to be kept.</summary>
internal enum SpoolWrite
{
    /// <summary>On the disk, synced: it survives the process and the machine's power.</summary>
    Durable,

    /// <summary>As many wait as may wait; the event was not taken.</summary>
    Full,

    /// <summary>The disk can't be written. The event may still be asked from memory; only a crash would lose it.</summary>
    NotWritable,
}
