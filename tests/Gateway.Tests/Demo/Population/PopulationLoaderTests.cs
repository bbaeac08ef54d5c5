using Dapper;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Demo.Population;

public sealed class PopulationLoaderTests(TestStores stores) : IAsyncLifetime
{
    private const int People = 2_000;

    private TestDatabase _database = null!;
    private NpgsqlDataSource _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await stores.CreateDatabaseAsync();
        _owner = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.Owner));
    }

    public async ValueTask DisposeAsync()
    {
        await _owner.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task All_people_are_in_with_their_facts_and_triggers_are_on_again()
    {
        var population = new SyntheticPopulation(1, People);
        var loaded = Assert.IsType<LoadOutcome.Loaded>(await LoadAsync(population));
        Assert.False(loaded.MendedCutOff);
        var persons = population.Persons(1, People).ToList();
        Assert.Equal(People, await ScalarAsync("SELECT count(*) FROM person WHERE version = 1"));
        Assert.Equal(persons.Sum(person => person.Coverages.Count), await ScalarAsync("SELECT count(*) FROM coverage"));
        Assert.Equal(persons.Count(person => person.Card is not null), await ScalarAsync("SELECT count(*) FROM card_certificate"));
        Assert.Equal(persons.Sum(person => person.ClinicalFacts.Count), await ScalarAsync("SELECT count(*) FROM clinical_fact"));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"));
        await ScalarAsync("INSERT INTO clinical_fact (fact_id, revision, person_id, kind, happened_on) VALUES (1, 9, 1, 1, '2026-10-01') RETURNING 1");
        Assert.Equal(2, await ScalarAsync("SELECT version FROM person WHERE person_id = 1"));
    }

    [Fact]
    public async Task The_same_population_again_is_there_already_and_another_is_told()
    {
        await LoadAsync(new SyntheticPopulation(1, 100));
        Assert.Equal(new LoadOutcome.AlreadyThere(100), await LoadAsync(new SyntheticPopulation(1, 100)));
        Assert.Equal(new LoadOutcome.AnotherThere(1, 100), await LoadAsync(new SyntheticPopulation(2, 100)));
        Assert.Equal(new LoadOutcome.AnotherThere(1, 100), await LoadAsync(new SyntheticPopulation(1, 101)));
    }

    [Fact]
    public async Task Rows_that_no_load_brought_in_are_not_touched()
    {
        await ScalarAsync("INSERT INTO person (person_id) VALUES (9000000001) RETURNING 1");
        Assert.Equal(new LoadOutcome.NotEmpty("person"), await LoadAsync(new SyntheticPopulation(1, 100)));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM person"));
    }

    [Fact]
    public async Task A_load_that_was_cut_off_is_done_again()
    {
        var population = new SyntheticPopulation(1, 5 * People);
        using var cut = new CancellationTokenSource();
        // The first chunk is written when this comes; the persons are committed, the rest is not.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new PopulationLoader(_owner).LoadAsync(population, new CutAtOnce(cut), cut.Token));
        Assert.Equal(5 * People, await ScalarAsync("SELECT count(*) FROM person"));
        Assert.Equal(0, await ScalarAsync("SELECT count(*) FROM card"));

        var again = Assert.IsType<LoadOutcome.Loaded>(await LoadAsync(population));
        Assert.True(again.MendedCutOff);
        Assert.Equal(5 * People, await ScalarAsync("SELECT count(*) FROM person_detail"));
    }

    [Fact]
    public async Task A_killed_backend_ends_the_load_with_an_error_and_the_next_mends_it()
    {
        var population = new SyntheticPopulation(1, 5 * People);
        await Assert.ThrowsAnyAsync<Exception>(() => new PopulationLoader(_owner).LoadAsync(population, new KillBackends(_database), Cancellation));
        NpgsqlConnection.ClearPool(_owner.CreateConnection());
        Assert.True(Assert.IsType<LoadOutcome.Loaded>(await LoadAsync(population)).MendedCutOff);
    }

    [Fact]
    public async Task The_comparison_copies_the_same_rows()
    {
        var result = await new LoadComparison(_owner).RunAsync(new SyntheticPopulation(1, People), TestFolder.NewPath(), Cancellation);
        Assert.Equal(People, await ScalarAsync("SELECT count(*) FROM person_detail"));
        Assert.True(result.Rows > 5 * People && result.Load > TimeSpan.Zero && result.BareCopy > TimeSpan.Zero);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<LoadOutcome> LoadAsync(SyntheticPopulation population) => new PopulationLoader(_owner).LoadAsync(population, null, Cancellation);

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await _owner.OpenConnectionAsync(Cancellation);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private sealed class CutAtOnce(CancellationTokenSource cut) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => cut.Cancel();
    }

    private sealed class KillBackends(TestDatabase database) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            using var connection = new NpgsqlConnection(database.Superuser);
            connection.Open();
            connection.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }
}
