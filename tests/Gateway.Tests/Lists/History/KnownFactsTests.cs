using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Lists.History;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Tests.Operator;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.Households;
using Npgsql;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Lists.History;

/// <summary>What was known on day D about day E, of one person whose facts came in the course of 2025.</summary>
public sealed class KnownFactsTests(TestStores stores) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _feed = null!;
    private NpgsqlDataSource _history = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await stores.CreateDatabaseAsync();
        _feed = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.InsurerFeed));
        _history = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.History));
        await DeliverAsync(
            "2025-04-10",
            Person(1, 7, "birth_date=1980-05-05", "valid_from=1980-05-05"),
            Insert(2, 7, 70, "acquired_on=2025-04-01"),
            Row("limit", 3, 7, "fact=700", "coverage=70", "certificate_class=01", "limit_class=A03", "issued_on=2025-04-01", "valid_from=2025-04-01"));
        await DeliverAsync("2025-06-10", Row("limit", 4, 7, "fact=700", "coverage=70", "certificate_class=01", "limit_class=A02", "issued_on=2025-04-01", "valid_from=2025-04-01"));
        await DeliverAsync("2025-08-20", End(5, 7, 70, "lost_on=2025-07-01"));
        await DeliverAsync("2025-08-25", Insert(6, 7, 71, "acquired_on=2025-07-01", "number=43"));
        await DeliverAsync("2025-09-10", Row("withdrawal", 7, 7, "fact=71", "withdraws=coverage"));
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.DisposeAsync();
        await _history.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>D, E, and what was to be answered then: validity, coverage, limit class.</summary>
    public static TheoryData<string, string, string> Days => new()
    {
        // Before the first delivery nobody knew of the coverage that had begun.
        { "2025-04-09", "2025-04-15", "NotFound  " },
        { "2025-04-10", "2025-04-15", "Valid 70 A03" },
        { "2025-05-01", "2025-03-31", "Invalid  " },
        // The limit's class is corrected from its beginning.
        { "2025-06-09", "2025-04-15", "Valid 70 A03" },
        { "2025-06-10", "2025-04-15", "Valid 70 A02" },
        // A loss is told seven weeks late: what was billed in July was right by what was known.
        { "2025-08-19", "2025-07-15", "Valid 70 A02" },
        { "2025-08-20", "2025-07-15", "Invalid  " },
        { "2025-08-20", "2025-06-30", "Valid 70 A02" },
        // Its successor, and that it never was.
        { "2025-08-25", "2025-07-15", "Valid 71 " },
        { "2025-08-25", "2025-06-30", "Valid 70 A02" },
        { "2025-09-09", "2025-07-15", "Valid 71 " },
        { "2025-09-10", "2025-07-15", "Invalid  " },
    };

    [Theory]
    [MemberData(nameof(Days))]
    public async Task What_was_known_on_a_day_about_a_day(string knownOn, string serviceDate, string expected)
    {
        var access = new HistoryAccess("監査 見本", "請求 1", 7, Day(serviceDate), new DateTimeOffset(Day(knownOn), new TimeOnly(23, 59), JapanTime.Offset));
        var person = await new KnownFacts(_history).ReadAsync(access, Cancellation);
        var household = Household.Of(person!, access.ServiceDate);
        var decision = HouseholdRules.Decide(household);
        var coverage = decision.CoverageIndex < 0 ? "" : person!.Coverages[decision.CoverageIndex].CoverageId.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(expected, $"{decision.Validity} {coverage} {decision.LimitClass}");
        Assert.Equal("監査 見本 請求 1 7", await _database.ReadAsync<string>("SELECT concat_ws(' ', asked_by, reason, person_id) FROM eligibility.history_access"));
    }

    [Fact]
    public async Task What_is_known_now_is_what_look_ups_find()
    {
        await DeliverAsync(
            "2025-10-01",
            Insert(10, 7, 72, "acquired_on=2025-10-01", "number=44", "insured_name=見本　太郎", "insured_turned_75=2025-10-01"),
            Row("burden", 11, 7, "fact=710", "coverage=72", "percent=020", "issued_on=2025-10-01", "valid_from=2025-10-01"),
            Row("limit", 12, 7, "fact=711", "coverage=72", "certificate_class=01", "limit_class=A01", "issued_on=2025-10-01", "valid_from=2025-10-01", "long_term_on=2025-10-01"),
            Row("specific-disease", 13, 7, "fact=712", "coverage=72", "disease=1", "monthly_limit=10000", "issued_on=2025-10-01", "valid_from=2025-10-01"),
            Row("certificate", 14, 7, "fact=713", "coverage=72", "issued_on=2025-10-01", "valid_until=2027-09-30"),
            Row("ticket", 17, 7, "fact=715", "coverage=72", "valid_from=2025-10-01", "valid_until=2025-10-31", "treatment_month=2025-10", "institution=0110113719", "self_pay=1500", "injury1=高血圧症"),
            Row("limit-withheld", 15, 7, "fact=714", "coverage=72", "valid_from=2025-12-01"),
            Person(16, 7, "birth_date=1980-05-05", "valid_from=2025-10-01", "name=新姓　花子", "address=見本市１", "post_code=100-0001"));
        await using var gateway = await _database.OpenAsync(StoreRole.Gateway);
        Assert.Null(DocumentNumbers.TryParse("記12", "44", "00", out var numbers));
        var found = await new StoreReader(TimeProvider.System).ReadAsync(
            gateway, Subject.OfDocument(numbers.LookUpKey(InsurerNumber.TryParse(Insurer, out var insurer) ? insurer : default), null, new DateOnly(1980, 5, 5)), Cancellation);
        var known = await new KnownFacts(_history).ReadAsync(new HistoryAccess("見本", "試験", 7, Day("2025-10-15"), DateTimeOffset.UtcNow), Cancellation);
        Assert.Equal(Day("2025-10-01"), known!.Coverages[^1].InsuredTurned75On);
        Assert.Equal((1, 1), (known.WithheldLimits.Length, known.MedicalTickets.Length));
        // But for what no rule asks for.
        var person = found.Person! with { Version = 0, MedicalTickets = [.. found.Person!.MedicalTickets.Select(ticket => ticket with { Details = new TicketDetails() })] };
        Assert.Equal(JsonSerializer.Serialize(person), JsonSerializer.Serialize(known));
    }

    [Fact]
    public async Task Nothing_is_read_that_is_not_on_record_for_good()
    {
        const string Record = "SELECT record_history_access('見本', '試験', 7, '2025-07-15', now())";
        await using var connection = await _database.OpenAsync(StoreRole.History);
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            var pending = await connection.ExecuteScalarAsync<long>(Record);
            Assert.Null(await connection.ExecuteScalarAsync<string?>("SELECT facts_known_then(@pending)::text", new { pending }));
        }
        Assert.Equal(0, await _database.ReadAsync<long>("SELECT count(*) FROM eligibility.history_access"));

        var recorded = await connection.ExecuteScalarAsync<long>(Record);
        Assert.NotNull(await connection.ExecuteScalarAsync<string?>("SELECT facts_known_then(@recorded)::text", new { recorded }));
        await using var owner = await _database.OpenAsSuperuserAsync();
        await owner.ExecuteAsync("UPDATE eligibility.history_access SET recorded_at = recorded_at - interval '11 minutes'");
        Assert.Null(await connection.ExecuteScalarAsync<string?>("SELECT facts_known_then(@recorded)::text", new { recorded }));
        // Nobody is known of that number: there is nothing to record.
        Assert.Null(await new KnownFacts(_history).ReadAsync(new HistoryAccess("見本", "試験", 8, Day("2025-07-15"), DateTimeOffset.UtcNow), Cancellation));
        Assert.Equal(1, await _database.ReadAsync<long>("SELECT count(*) FROM eligibility.history_access"));
    }

    [Fact]
    public async Task The_command_writes_a_decision_and_says_on_one_line_what_is_wrong()
    {
        var then = await RunAsync("--person", "7", "--service-date", "2025-07-15", "--known-on", "2025-08-19", "--lang", "en");
        Assert.Equal((0, ""), (then.ExitCode, then.Errors));
        using (var line = JsonDocument.Parse(then.Output))
            Assert.Equal("7 valid 70 A02", string.Join(' ', ((string[])["id", "validity", "coverage_id", "limit_class"]).Select(name => line.RootElement.GetProperty(name).ToString())));
        Assert.Contains("\"invalid\"", (await RunAsync("--person", "7", "--service-date", "2025-07-15", "--known-on", "2025-08-20T12:00:00+09:00")).Output, StringComparison.Ordinal);
        Assert.Equal(2, await _database.ReadAsync<long>("SELECT count(*) FROM eligibility.history_access WHERE asked_by = '見本' AND reason = '請求 1'"));

        // By login and address too, which nobody says.
        Assert.True(await _database.ReadAsync<bool>("SELECT bool_and(asked_as = 'eg_history' AND host(from_where) = '127.0.0.1') FROM eligibility.history_access"));

        (await RunAsync("--person", "8", "--service-date", "2025-07-15", "--known-on", "2025-08-19")).AssertRefused("--person 8", "nobody");
        (await RunAsync("--person", "123456789018", "--service-date", "2025-07-15", "--known-on", "2025-08-19")).AssertRefused("--person", "never the My Number");
        (await RunAsync("--person", "7", "--service-date", "2025-02-31", "--known-on", "2025-08-19")).AssertRefused("--service-date");
        (await RunAsync("--person", "7", "--service-date", "2025-07-15", "--known-on", "yesterday")).AssertRefused("--known-on");
        (await RunAsync("--person", "7", "--service-date", "2025-07-15", "--known-on", "2999-01-01")).AssertRefused("--known-on", "ahead");
        (await RunAsync("--person", "7", "--service-date", "2025-07-15", "--known-on", "2025-08-19", "--because", "123456789018")).AssertRefused("--because", "My Number");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateOnly Day(string text) => JapanTime.TryParseDate(text, out var day) ? day : throw new ArgumentException(text);

    private Task<GatewayCommand> RunAsync(params string[] arguments) => GatewayCommand.RunAsync(
    [
        "history", .. arguments, "--asked-by", "見本", .. arguments.Contains("--because") ? Array.Empty<string>() : ["--because", "請求 1"],
        "--history", _database.ConnectionString(StoreRole.History),
    ]);

    /// <summary>By the normal feed, and then as if it had come on that day at noon.</summary>
    private async Task DeliverAsync(string on, params string[] rows)
    {
        Assert.True(InsurerNumber.TryParse(Insurer, out var insurer));
        var listener = new FeedListener();
        var outcome = await new InsurerBatches(_feed, TimeProvider.System).ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Of(rows))), new Dictionary<InsurerNumber, string?> { [insurer] = "見本健康保険組合" }, listener, Cancellation);
        Assert.True(outcome is FeedOutcome.Applied, string.Join('\n', listener.Findings));
        await using var owner = await _database.OpenAsSuperuserAsync();
        var sequences = rows.Select(row => long.Parse(row.AsSpan(0, row.IndexOf(',', StringComparison.Ordinal)), CultureInfo.InvariantCulture)).ToArray();
        foreach (var table in (string[])["person_detail", "coverage", "burden", "benefit_limit", "specific_disease", "eligibility_certificate", "withheld_limit", "medical_ticket"])
            await owner.ExecuteAsync($"UPDATE eligibility.{table} SET recorded_at = '{on} 12:00:00+09' WHERE sequence = ANY (@sequences)", new { sequences });
    }
}
