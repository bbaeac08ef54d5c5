using System.Buffers.Binary;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Storage;

/// <summary>What both the program and Postgres derive must be the same in both.</summary>
public sealed class DerivedValueTests(ClassDatabase fixture) : IClassFixture<ClassDatabase>
{
    private const int Cases = 2_000;

    private static readonly string[] Texts =
    [
        "", "1", "0001", "12345", "記号", "番号７", "いろは", "ｲﾛﾊ", "か゛", "鷗", "髙島", "渡邉", "𠮷野家", "é", "e\u0301", "ñ", "\\", "\\x41", "\\\\", "'", "\"", "$$", "%", "_",
        "A-1", "国保・札幌", "－", "ー", "12・34",
    ];

    private readonly TestDatabase _database = fixture.Database;

    [Fact]
    public async Task The_time_of_an_event_id_is_the_same_in_both()
    {
        var random = new Random(20261015);
        var latest = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var ids = Enumerable.Range(0, Cases).Select(_ => RandomEventId(random, random.NextInt64(latest)))
            .Append(RandomEventId(random, 0)).Append(RandomEventId(random, 1)).Append(RandomEventId(random, 999)).ToArray();

        var times = await _database.ReadAsync<DateTime[]>(
            "SELECT array_agg(event_time(id) ORDER BY n) FROM unnest($1::uuid[]) WITH ORDINALITY AS i (id, n)", ids.Select(id => id.Value).ToArray());

        Assert.Equal(ids.Select(id => id.Time.UtcDateTime), times);
    }

    [Fact]
    public async Task The_key_of_a_documents_numbers_is_the_same_in_both()
    {
        Assert.True(InsurerNumber.TryParse(KnownFacts.Insurer, out var insurer));
        var known = Texts.SelectMany(symbol => Texts.Select(number => (symbol, number)));
        var random = Gen.Sample(Gen.Zip(AnyText(), AnyText()), Cases).Select(pair => (symbol: pair.Item1, number: pair.Item2));
        var numbers = known.Concat(random)
            .Select(pair => (Fault: DocumentNumbers.TryParse(pair.symbol, pair.number, "01", out var parsed), Parsed: parsed))
            .Where(parsed => parsed.Fault is null)
            .Select(parsed => parsed.Parsed)
            .ToArray();
        Assert.True(numbers.Length > Cases / 4, $"only {numbers.Length} of the texts are numbers");

        var keys = await _database.ReadAsync<Guid[]>(
            "SELECT array_agg(document_key_of($1, symbol, number) ORDER BY n) FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i (symbol, number, n)",
            insurer.ToString(), numbers.Select(one => one.Symbol).ToArray(), numbers.Select(one => one.Number).ToArray());

        Assert.Equal(numbers.Select(one => one.LookUpKey(insurer)), keys);
    }

    [Fact]
    public async Task A_coverages_row_holds_the_key_of_its_numbers()
    {
        Assert.True(InsurerNumber.TryParse(KnownFacts.Insurer, out var insurer));
        Assert.Null(DocumentNumbers.TryParse("S", "記号１２", null, out var numbers));
        await _database.AddInsurerAsync();
        await _database.AddPersonAsync(1);
        await _database.AddCoverageAsync(1, 0, 1, numbers.Number);

        Assert.Equal(numbers.LookUpKey(insurer), await _database.ReadAsync<Guid>("SELECT document_key FROM coverage WHERE coverage_id = 1"));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ExecuteAsync(
            StoreRole.InsurerFeed,
            "INSERT INTO coverage (coverage_id, revision, person_id, insurer_number, number, relation, acquired_on, document_key) VALUES (2, 0, 1, $1, '1', 1, '2020-04-01', $2)",
            KnownFacts.Insurer, Guid.Empty));
        Assert.Equal("428C9", refused.SqlState);
    }

    private static Gen<string> AnyText() =>
        from characters in Gen.ArrayOf(Gen.Frequency(
            (4, Gen.Choose('0', '9')), (2, Gen.Choose(' ', '~')), (3, Gen.Choose('ぁ', 'ヿ')), (3, Gen.Choose('一', '龥')), (1, Gen.Choose('！', 'ｚ'))))
        select string.Concat(characters.Take(DocumentNumbers.MaxLength).Select(character => (char)character));

    private static EventId RandomEventId(Random random, long milliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | (uint)random.Next(0x10000));
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        Assert.True(EventId.TryParse(new Guid(bytes, bigEndian: true).ToString("D"), out var id));
        return id;
    }
}
