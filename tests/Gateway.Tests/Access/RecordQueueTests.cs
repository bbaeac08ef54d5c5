using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>Whose record is written next.</summary>
public sealed class RecordQueueTests
{
    private static readonly InstitutionCode[] Institutions = [.. Enumerable.Range(0, 9).Select(Institution)];

    [Fact]
    public void A_flood_of_one_institution_waits_behind_itself()
    {
        var queue = new RecordQueue();
        for (var i = 0; i < 300; i++) Assert.True(queue.TryAdd(Record(Institutions[0])));
        foreach (var other in Institutions[1..]) Assert.True(queue.TryAdd(Record(other)));

        // Each of the others is in the next group, however small that is.
        var group = queue.Take(2 * Institutions.Length);
        Assert.All(Institutions[1..], other => Assert.Contains(group, record => record.Institution == other));
        Assert.Equal(2 * Institutions.Length, group.Count);
        Assert.Equal(300 + 8 - group.Count, queue.Count);
    }

    [Fact]
    public void One_institution_can_take_an_eighth_of_the_queue_and_leaves_the_rest_to_the_others()
    {
        var queue = new RecordQueue();
        var taken = 0;
        while (queue.TryAdd(Record(Institutions[0]))) taken++;
        Assert.Equal(RecordQueue.MostOfOne, taken);
        foreach (var other in Institutions[1..])
            for (var i = 0; i < RecordQueue.MostOfOne && queue.Count < RecordQueue.MostWaiting; i++) Assert.True(queue.TryAdd(Record(other)));
        Assert.Equal(RecordQueue.MostWaiting, queue.Count);
        Assert.False(queue.TryAdd(Record(Institutions[8])));
    }

    [Fact]
    public void Emergencies_go_first_and_an_institutions_own_records_in_their_order()
    {
        var queue = new RecordQueue();
        var (first, second, emergency) = (Record(Institutions[0]), Record(Institutions[0]), new PendingRecord(Entry(), Institutions[1], isEmergency: true));
        foreach (var record in (PendingRecord[])[first, second, emergency]) Assert.True(queue.TryAdd(record));
        Assert.Equal([emergency, first, second], queue.Take(10));
        Assert.Empty(queue.Take(10));
    }

    [Fact]
    public void Every_record_comes_out_once_whatever_the_turns()
    {
        var random = new Random(20261128);
        var queue = new RecordQueue();
        var (put, got) = (new List<PendingRecord>(), new List<PendingRecord>());
        for (var step = 0; step < 2000; step++)
        {
            if (random.Next(3) > 0)
            {
                var record = new PendingRecord(Entry(), Institutions[random.Next(Institutions.Length)], random.Next(20) == 0);
                if (queue.TryAdd(record)) put.Add(record);
            }
            else
            {
                got.AddRange(queue.Take(random.Next(1, 8)));
            }
        }
        got.AddRange(queue.Close());
        Assert.False(queue.TryAdd(Record(Institutions[0])));
        Assert.Equal(put.Count, got.Count);
        Assert.Equal(put.ToHashSet(), got.ToHashSet());
        // Of one institution's ordinary records none passes another.
        foreach (var institution in Institutions)
            Assert.Equal(put.Where(record => record.Institution == institution && !record.IsEmergency), got.Where(record => record.Institution == institution && !record.IsEmergency));
    }

    private static PendingRecord Record(InstitutionCode institution) => new(Entry(), institution, isEmergency: false);

    private static Entry Entry() => new(
        Guid.NewGuid(), Guid.NewGuid(), null, 1, 0, [], [], RandomNumberGenerator.GetBytes(16), null, default, RegistersCard: false, DateTimeOffset.UnixEpoch);

    private static InstitutionCode Institution(int number)
    {
        var digits = $"01101137{number}";
        return InstitutionCode.Parse(digits + Luhn.CheckDigit(digits));
    }
}
