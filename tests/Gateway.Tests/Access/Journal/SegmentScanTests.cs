using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

public sealed class SegmentScanTests
{
    private const int Frame = 10 + JournalFormat.EntryOverheadBytes;

    private readonly KeyRing _keys = JournalFolderFixture.KeyRing(1, 1);
    private readonly SegmentHeader _header = SegmentHeader.New(1, 1, 4096, null);

    [Fact]
    public void A_hole_in_the_last_group_may_be_a_torn_write()
    {
        var scan = Scan(groupStarts: [0, 1, 1, 1], damaged: 2);
        Assert.Equal([0, 1, 3], scan.Entries.Select(entry => entry.Index));
        Assert.Equal(new SegmentHole(512 + (2 * Frame), Frame, 2, 1, WasAcknowledged: false), Assert.Single(scan.Holes));
        Assert.Equal(4, scan.NextIndex);
    }

    [Fact]
    public void A_hole_in_front_of_a_later_group_was_acknowledged()
    {
        var scan = Scan(groupStarts: [0, 0, 0, 3], damaged: 1);
        Assert.False(scan.Holes.Single().WasAcknowledged); // entry 2 is of its own group and proves nothing ...
        scan = Scan(groupStarts: [0, 0, 2, 3], damaged: 1);
        Assert.True(scan.Holes.Single().WasAcknowledged); // ... but one of the next group does
    }

    [Fact]
    public void The_tail_is_measured_up_to_its_last_byte_that_is_not_zero()
    {
        var scan = Scan(groupStarts: [0, 1], damaged: 1);
        Assert.Single(scan.Entries);
        Assert.Equal((512 + Frame, Frame), (scan.End, scan.TailLength));
        Assert.Empty(scan.Holes);
    }

    [Fact]
    public void A_length_that_lies_beyond_the_segment_is_damage()
    {
        var scan = Scan(groupStarts: [0, 1, 2], bytes => BitConverter.TryWriteBytes(bytes.AsSpan(512 + 8), int.MaxValue));
        Assert.Equal([1, 2], scan.Entries.Select(entry => entry.Index));
    }

    private SegmentScan Scan(int[] groupStarts, int damaged) =>
        Scan(groupStarts, bytes =>
        {
            ref var last = ref bytes[512 + (damaged * Frame) + Frame - 1];
            last = last == byte.MaxValue ? (byte)1 : (byte)(last + 1); // never zero, which would be no part of the tail
        });

    private SegmentScan Scan(int[] groupStarts, Action<byte[]> damage)
    {
        using var cipher = new EntryCipher(_header, _keys);
        var bytes = new byte[4096];
        for (var i = 0; i < groupStarts.Length; i++)
            cipher.Write(bytes.AsSpan(512 + (i * Frame)), i, groupStarts[i], 0, new byte[10]);
        damage(bytes);
        return SegmentScan.Of(bytes, _header, cipher);
    }
}
