namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>Where the journal lies and how much it may hold.</summary>
/// <param name="Folder">A folder of its own, on a volume that outlives the process.</param>
/// <param name="CapacityBytes">Disk taken for good at the first start: a full disk later on takes nothing away from the journal.</param>
/// <param name="SegmentBytes">Size of one file; a file is used again once all of its entries are drained.</param>
/// <param name="EmergencyReserveBytes">The last bytes, which only the emergency lane may fill.</param>
public sealed record JournalOptions(
    string Folder,
    long CapacityBytes = 256L << 20,
    int SegmentBytes = 8 << 20,
    long EmergencyReserveBytes = 16L << 20)
{
    /// <summary>Twice the largest entry, so that a segment is never mostly waste.</summary>
    public const int SmallestSegmentBytes = 128 << 10;

    public const int LargestSegmentBytes = 1 << 30;

    /// <summary>How many segment files make up the capacity.</summary>
    internal int SegmentCount => (int)(CapacityBytes / SegmentBytes);

    /// <summary>What is wrong with these options, in one line; null if nothing.</summary>
    internal string? Fault() => this switch
    {
        { Folder: null or "" } => "The journal needs a folder.",
        { SegmentBytes: < SmallestSegmentBytes or > LargestSegmentBytes } =>
            $"A journal segment has from {SmallestSegmentBytes} to {LargestSegmentBytes} bytes, not {SegmentBytes}.",
        _ when SegmentBytes % DiskBlock != 0 => $"A journal segment is a multiple of {DiskBlock} bytes; {SegmentBytes} is not.",
        _ when CapacityBytes / SegmentBytes is < 2 or > MostSegments =>
            $"The journal's capacity is from 2 to {MostSegments} segments; {CapacityBytes} bytes with segments of {SegmentBytes} is not.",
        _ when EmergencyReserveBytes < 0 || EmergencyReserveBytes >= CapacityBytes =>
            $"The emergency reserve is a part of the journal's {CapacityBytes} bytes; {EmergencyReserveBytes} is not.",
        _ => null,
    };

    private const int DiskBlock = 4096;

    /// <summary>Three digits of a file name, and as many open files.</summary>
    private const int MostSegments = 999;
}
