using EligibilityGateway.Gateway.Appointments;
using EventId = EligibilityGateway.Contracts.EventId;

namespace EligibilityGateway.Gateway.Tests.Appointments;

public sealed class RowEventsTests
{
    private static readonly DateTimeOffset AcceptedAt = new(2026, 11, 25, 8, 30, 0, 123, TimeSpan.Zero);

    [Fact]
    public void A_batchs_ids_bear_its_time_ascend_with_its_rows_and_are_the_same_each_time()
    {
        var seed = Guid.NewGuid();
        var ids = Enumerable.Range(1, 10_000).Select(row => RowEvents.IdOf(seed, AcceptedAt, row)).ToList();
        Assert.All(ids, id => Assert.Equal(AcceptedAt, id.Time));
        Assert.All(ids, id => Assert.True(EventId.TryParse(id.ToString(), out _)));
        Assert.Equal(ids.Select(id => id.ToString()).Order(StringComparer.Ordinal), ids.Select(id => id.ToString()));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ids, Enumerable.Range(1, 10_000).Select(row => RowEvents.IdOf(seed, AcceptedAt, row)));
    }

    [Fact]
    public void Another_batch_of_the_same_moment_has_other_ids() =>
        Assert.NotEqual(RowEvents.IdOf(Guid.NewGuid(), AcceptedAt, 1), RowEvents.IdOf(Guid.NewGuid(), AcceptedAt, 1));
}
