namespace EligibilityGateway.Gateway.Access.Journal;

public sealed partial class AccessJournal
{
    private void LogDamage(JournalDamage damage)
    {
        if (damage.Kind is JournalDamageKind.TornTail or JournalDamageKind.TornGroup)
            LogTorn(damage.Kind, damage.File, damage.Segment, damage.Offset, damage.Length, damage.FirstIndex);
        else
            LogLost(damage.Kind, damage.File, damage.Segment, damage.Offset, damage.Length, damage.FirstIndex, damage.Entries);
    }

    [LoggerMessage(LogLevel.Information, "Journal opened in {Folder}: {Pending} entries to drain, {Free} bytes free")]
    private partial void LogOpened(string folder, long pending, long free);

    [LoggerMessage(LogLevel.Warning,
        "Journal: {Kind} in {File}, segment {Segment}, {Length} bytes from {Offset}, entry {FirstIndex}: a write that a crash cut off")]
    private partial void LogTorn(JournalDamageKind kind, string file, long segment, long offset, long length, int firstIndex);

    [LoggerMessage(LogLevel.Error,
        "Journal: {Kind} in {File}, segment {Segment}, {Length} bytes from {Offset}, {Entries} entries from {FirstIndex}")]
    private partial void LogLost(
        JournalDamageKind kind, string file, long segment, long offset, long length, int firstIndex, int entries);

    [LoggerMessage(LogLevel.Error, "Journal: the disk failed, nothing more is taken until it is well again: {Cause}")]
    private partial void LogFailed(string cause);

    [LoggerMessage(LogLevel.Warning, "Journal: the disk is well again, entries are taken in a new segment")]
    private partial void LogResumed();

    [LoggerMessage(LogLevel.Error, "Journal: no room for the capacity of {Capacity} bytes, {Free} are free: {Cause}")]
    private partial void LogShort(long capacity, long free, string cause);

    [LoggerMessage(LogLevel.Warning, "Journal: {File} can't be read; how many entries each key has sealed is counted anew")]
    private partial void LogCountLost(string file);

    [LoggerMessage("Journal: {Told}")]
    private partial void LogKeyUse(LogLevel level, string told);

    [LoggerMessage(LogLevel.Error, "Journal: the disk did not answer within {Deadline} at closing")]
    private partial void LogStuck(TimeSpan deadline);
}
