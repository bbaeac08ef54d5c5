namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>An entry's place in the journal; entries are ordered by it. No place is ever given to two acknowledged entries.</summary>
/// <param name="Segment">Number of the segment, from 1.</param>
/// <param name="Index">Index of the entry in its segment, from 0.</param>
public readonly record struct JournalPosition(long Segment, int Index) : IComparable<JournalPosition>
{
    public int CompareTo(JournalPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Index.CompareTo(other.Index);

    public static bool operator <(JournalPosition left, JournalPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(JournalPosition left, JournalPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(JournalPosition left, JournalPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JournalPosition left, JournalPosition right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Segment}:{Index}";
}
