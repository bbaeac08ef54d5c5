using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

public sealed class WaitingLaneTests
{
    [Fact]
    public void Only_so_many_bytes_may_wait_and_room_comes_back()
    {
        var lane = new WaitingLane();
        var accepted = 0;
        while (lane.TryEnqueue(Entry())) accepted++;
        Assert.Equal((8 << 20) / (AccessJournal.LargestEntryBytes + JournalFormat.EntryOverheadBytes), accepted);

        lane.Dequeue();
        Assert.True(lane.TryEnqueue(Entry()));
        Assert.False(lane.TryEnqueue(Entry()));
    }

    private static WaitingEntry Entry() => new(new byte[AccessJournal.LargestEntryBytes], isEmergency: false, CancellationToken.None);
}
