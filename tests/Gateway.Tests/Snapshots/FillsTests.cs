using Dapper;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Storage;

namespace EligibilityGateway.Gateway.Tests.Snapshots;

/// <summary>However many look-ups miss the caches, the store is read once for a subject and eight times at once.</summary>
public sealed class FillsTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>, IAsyncLifetime
{
    private readonly TestDatabase _database = fixture.Database;
    private readonly StoreUnderTest _store = new(fixture.Database.ConnectionString(StoreRole.Gateway));
    private Fills _fills = null!;

    public ValueTask InitializeAsync()
    {
        _fills = new Fills(_store.Pools, new StoreReader(TimeProvider.System), _store.Health, new PatientStore(_store.Health, _store.Waits));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _fills.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task One_subject_is_read_once_however_many_wait_for_it()
    {
        var subject = Subject.OfCard(Guid.NewGuid(), withClinicalFacts: false);
        var (waiting, reading) = await WhileHeldAsync(() => Enumerable.Range(0, 100).Select(_ => _fills.ReadAsync(subject, now: false).AsTask()));
        Assert.Equal(1, reading);
        var answers = await Task.WhenAll(waiting);
        Assert.All(answers, answer => Assert.Equal(AskedState.Answered, answer.State));
        Assert.Single(answers.Select(answer => answer.Answer).Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task At_most_eight_subjects_are_read_at_once_and_beyond_those_that_may_wait_the_answer_is_at_once()
    {
        var (waiting, reading) = await WhileHeldAsync(
            () => Enumerable.Range(0, Fills.MostAtOnce + Fills.MostWaiting + 10).Select(_ => _fills.ReadAsync(Subject.OfCard(Guid.NewGuid(), withClinicalFacts: false), now: false).AsTask()));
        Assert.Equal(Fills.MostAtOnce, reading);
        var answers = await Task.WhenAll(waiting);
        Assert.Equal(10, answers.Count(answer => answer.State == AskedState.Late));
        Assert.Equal(Fills.MostAtOnce + Fills.MostWaiting, answers.Count(answer => answer.State == AskedState.Answered));
    }

    [Fact]
    public async Task What_must_be_as_it_is_now_does_not_share_a_read_that_has_begun()
    {
        var subject = Subject.OfCard(Guid.NewGuid(), withClinicalFacts: false);
        var (waiting, reading) = await WhileHeldAsync(() => [_fills.ReadAsync(subject, now: false).AsTask()], () => [_fills.ReadAsync(subject, now: true).AsTask()]);
        Assert.Equal(2, reading);
        var answers = await Task.WhenAll(waiting);
        Assert.NotSame(answers[0].Answer, answers[1].Answer);
    }

    /// <summary>Begins reads while nobody can read cards; how many sessions waited for that once all had begun that may.</summary>
    private async Task<(List<Task<Asked<Finding>>> Waiting, long Reading)> WhileHeldAsync(params Func<IEnumerable<Task<Asked<Finding>>>>[] begin)
    {
        await using var holder = await _database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE card IN ACCESS EXCLUSIVE MODE");
        var waiting = new List<Task<Asked<Finding>>>();
        foreach (var some in begin)
        {
            waiting.AddRange(some());
            await _database.UntilSomebodyWaitsForALockAsync();
        }
        var reading = await SettledAsync();
        await holder.ExecuteAsync("ROLLBACK");
        return (waiting, reading);
    }

    /// <summary>How many sessions wait for a lock, once that has stayed the same for a while.</summary>
    private async Task<long> SettledAsync()
    {
        long before = -1;
        for (var same = 0; same < 20;)
        {
            var now = await _database.ReadAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
            same = now == before ? same + 1 : 0;
            before = now;
        }
        return before;
    }
}
