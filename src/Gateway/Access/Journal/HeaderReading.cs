namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>One copy of a segment's header as it lies on the disk. The header is proved only if it is intact.</summary>
internal readonly record struct HeaderReading(HeaderState State, SegmentHeader? Header = null);
