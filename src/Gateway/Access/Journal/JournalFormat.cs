namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>
/// The journal's files, byte by byte. All numbers are little-endian.
/// </summary>
/// <remarks>
/// <code>
/// FOLDER
///   lock                   held open for as long as the journal is; empty
///   segment-NNN.journal    a fixed set of files, written full of zeros when they are made, then used again and again
///   progress               what is drained (two sectors, written in turn)
///   *.damaged              what was set aside; nothing reads it
///
/// SEGMENT (SegmentBytes long)
///   0                      header
///   512                    entries without gaps, then zeros
///   SegmentBytes - 512     the header once more
/// A file whose two headers are zero is free.
///
/// HEADER (512 bytes)
///   0    8   "EGJRNL" and two zero bytes
///   8    1   version, 1
///   9    1   key id
///   10   6   zero
///   16   8   segment number, from 1, one more for each segment
///   24   16  segment id, random
///   40   4   SegmentBytes
///   44   4   entries in the segment before this one; -1 if that is not known
///   48   432 zero
///   480  32  HMAC-SHA256 of bytes 0 to 479, with the segment's "header" key
///
/// ENTRY (56 bytes and the content)
///   0    8   first 8 bytes of the segment id, to find the next entry behind a damaged one
///   8    4   bytes of the content, n, from 1 to 65,536
///   12   4   index in the segment, from 0
///   16   4   index of the first entry of its group
///   20   8   when it was written, in milliseconds since 1970 UTC
///   28   12  nonce, random
///   40   n   content, by AES-256-GCM with the segment's "entries" key; bytes 0 to 27 are the associated data
///   40+n 16  tag
/// The key belongs to the segment and the index is authenticated, so an entry opens at no other place: none can be swapped,
/// repeated, moved or left out unnoticed. The segment behind says how many entries there were, so none can be cut off unnoticed
/// either, but for the end of the newest segment, which looks like a crash.
///
/// A group is what was written with one write and confirmed by one sync. A group is only begun when the one before is synced;
/// therefore an entry of a later group proves that what lies before its group had been acknowledged.
///
/// PROGRESS (2 sectors of 512 bytes; the intact one with the higher count of writings holds)
///   0    8   "EGDRAIN" and a zero byte
///   8    1   version, 1
///   9    1   key id
///   10   6   zero
///   16   8   count of writings
///   24   8   highest number of a segment that was drained to its end
///   32   16  id of the segment that was drained to its end last
///   48   16  id of the segment that is being drained
///   64   4   index of its first entry that is not drained
///   68   412 zero
///   480  32  HMAC-SHA256 of bytes 0 to 479, with the key for "progress" and bytes 48 to 63
/// </code>
/// </remarks>
internal static class JournalFormat
{
    public const byte Version = 1;

    /// <summary>What a disk writes whole or not at all, at the least.</summary>
    public const int SectorBytes = 512;

    /// <summary>Where the entries begin.</summary>
    public const int EntriesStart = SectorBytes;

    public const int SegmentIdBytes = 16;
    public const int MarkBytes = 8;
    public const int AssociatedBytes = 28;
    public const int NonceBytes = 12;
    public const int EntryHeaderBytes = AssociatedBytes + NonceBytes;
    public const int TagBytes = 16;
    public const int EntryOverheadBytes = EntryHeaderBytes + TagBytes;
    public const int LargestContentBytes = 64 << 10;
}
