using EligibilityGateway.Common.Files;
using EligibilityGateway.Gateway.Keys;
using Microsoft.Win32.SafeHandles;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>A segment file in full length that holds nothing but zeros.</summary>
internal readonly record struct FreeSegment(string File, SafeFileHandle Handle)
{
    public static FreeSegment Create(JournalFolder folder, string file, int length) => new(file, folder.Create(file, length));

    /// <summary>
    /// Makes a used file free again. The headers go first, so that a crash on the way leaves a free file (wiped at the next opening)
    /// or the segment as it was, never a segment without its entries.
    /// </summary>
    public static FreeSegment Wipe(string file, SafeFileHandle handle, int length)
    {
        JournalFolder.WriteZeros(handle, 0, JournalFormat.SectorBytes);
        JournalFolder.WriteZeros(handle, length - JournalFormat.SectorBytes, length);
        DiskSync.File(handle);
        JournalFolder.WriteZeros(handle, JournalFormat.EntriesStart, length - JournalFormat.SectorBytes);
        DiskSync.File(handle);
        return new(file, handle);
    }

    /// <summary>Writes both headers; the segment exists when this returns.</summary>
    public void WriteHeader(SegmentHeader header, KeyRing keys)
    {
        var sector = header.ToSector(keys);
        RandomAccess.Write(Handle, sector, header.EntriesEnd);
        RandomAccess.Write(Handle, sector, 0);
        DiskSync.File(Handle);
    }
}
