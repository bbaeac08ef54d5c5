using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Benchmarks.Parts;

/// <summary>A group of look-ups made durable: the one statement, with its proof of every version, in a real Postgres that syncs.</summary>
[MemoryDiagnoser]
public class RecordBenchmark
{
    private const int People = 20_000;
    private const int AnswerBytes = 600;

    private readonly string _folder = Directory.CreateTempSubdirectory("record-benchmark-").FullName;
    private readonly Guid _terminal = Guid.NewGuid();
    private readonly RecordStatement _statement = new(new RecordMacs(new KeyRing(1, new Dictionary<byte, byte[]> { [1] = RandomNumberGenerator.GetBytes(KeyRing.KeyLength) })));
    private EmbeddedPostgres _postgres = null!;
    private NpgsqlConnection _connection = null!;
    private ReliedUpon[] _holders = [];
    private int _next;

    /// <summary>Look-ups in one statement.</summary>
    [Params(1, 16, 64, 256)]
    public int Group { get; set; }

    [GlobalSetup]
    public async Task SetUp()
    {
        _postgres = await EmbeddedPostgres.StartAsync(Path.Combine(_folder, "postgres"), CancellationToken.None);
        await Migrator.MigrateAsync(_postgres.ConnectionString(StoreRole.Owner), report: null, CancellationToken.None);
        await using var owner = NpgsqlDataSource.Create(_postgres.ConnectionString(StoreRole.Owner));
        await new PopulationLoader(owner).LoadAsync(new SyntheticPopulation(seed: 1, People), progress: null, CancellationToken.None);
        await using (var connection = await owner.OpenConnectionAsync())
        {
            var rows = await connection.QueryAsync<(long Person, long Version, Guid Card, long CardVersion)>(
                "SELECT p.person_id, p.version, c.card_key, c.version FROM card c JOIN person p USING (person_id)");
            await connection.ExecuteAsync("SELECT register_terminal(@_terminal, '0110113719', 1::smallint, 'desk-1', NULL)", new { _terminal });
            _holders = [.. rows.Select(row => new ReliedUpon(1, row.Person, row.Version, row.Card, row.CardVersion, null, 0))];
        }
        _connection = new NpgsqlConnection(_postgres.ConnectionString(StoreRole.Gateway));
        await _connection.OpenAsync();
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _connection.DisposeAsync();
        await _postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <exception cref="InvalidOperationException">A record was refused: nothing was measured.</exception>
    [Benchmark]
    public async Task Record()
    {
        var group = new Entry[Group];
        for (var i = 0; i < group.Length; i++) group[i] = NewEntry(_holders[_next++ % _holders.Length]);
        var (inserted, _) = await _statement.ExecuteAsync(_connection, group, CancellationToken.None);
        if (inserted.Count != group.Length) throw new InvalidOperationException("Not all records were inserted.");
    }

    private Entry NewEntry(ReliedUpon reliedUpon) => new(
        EventId.New(TimeProvider.System).Value, _terminal, reliedUpon.PersonId, 1, 0, RandomNumberGenerator.GetBytes(32), CanonicalBenchmark.Common(reliedUpon),
        RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(AnswerBytes), reliedUpon, RegistersCard: false, TimeProvider.System.GetUtcNow());
}
