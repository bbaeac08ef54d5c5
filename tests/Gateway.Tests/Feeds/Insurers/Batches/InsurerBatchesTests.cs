using System.Text;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Storage;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;

public sealed class InsurerBatchesTests(TestStores stores) : IAsyncLifetime
{
    private const string OtherInsurer = "01130012";

    private static readonly DateTimeOffset Now = new(2026, 10, 15, 0, 0, 0, TimeSpan.Zero);

    private readonly FeedListener _listener = new();

    private TestDatabase _database = null!;
    private NpgsqlDataSource _store = null!;
    private InsurerBatches _batches = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await stores.CreateDatabaseAsync();
        _store = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.InsurerFeed));
        _batches = new InsurerBatches(_store, new FakeTimeProvider(Now));
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_good_file_is_in_force_and_its_copies_are_gone()
    {
        var applied = Assert.IsType<FeedOutcome.Applied>(await ImportAsync(
            Person(1, 7),
            Insert(2, 7, 70),
            Row("burden", 3, 7, "fact=700", "coverage=70", "percent=020", "issued_on=2026-07-20", "valid_from=2026-08-01", "valid_until=2027-07-31"),
            Row("limit", 4, 7, "fact=701", "coverage=70", "certificate_class=01", "limit_class=B09", "issued_on=2026-07-20", "valid_from=2026-08-01", "long_term_on=20260801"),
            Row("specific-disease", 5, 7, "fact=702", "coverage=70", "disease=1", "monthly_limit=10000", "issued_on=2026-07-20", "valid_from=2026-08-01"),
            Row("certificate", 6, 7, "fact=703", "coverage=70", "issued_on=2026-08-01", "valid_until=2031-08-01"),
            Row("limit-withheld", 7, 7, "fact=704", "coverage=70", "valid_from=2026-09-01")));

        Assert.Equal((7, 1, 0L, 0L), (applied.Batch.Changes, applied.Batch.Steps, applied.AppliedBefore, applied.Superseded));
        Assert.Empty(_listener.Findings);
        foreach (var table in (string[])["person", "person_detail", "coverage", "burden", "benefit_limit", "specific_disease", "eligibility_certificate", "withheld_limit"])
            Assert.Equal(1, await CountAsync(table));
        Assert.Equal(
            "記12 42 00 1 見本　花子 020",
            await _database.ReadAsync<string>(
                "SELECT concat_ws(' ', symbol, number, branch, relation, (SELECT name FROM eligibility.person_detail), to_char((SELECT percent FROM eligibility.burden), 'FM000')) FROM eligibility.coverage"));
        Assert.Equal(0, await CountAsync("insurer_batch_change") + await CountAsync("insurer_batch_step"));
        var batch = Assert.Single(await _batches.ListAsync(10, Cancellation));
        Assert.Equal((1, 1), (batch.Steps, batch.StepsDone));
        Assert.NotNull(batch.AppliedAt);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_says_so()
    {
        string[] rows = [Person(1, 7), Insert(2, 7, 70), End(3, 7, 70)];
        await ImportAsync(rows);
        var before = await StateAsync();
        Assert.Equal(new FeedOutcome.NothingNew(3, 0), await ImportAsync(rows));
        Assert.Equal(before, await StateAsync());
        Assert.Single(await _batches.ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task An_applied_change_raises_the_versions_of_person_and_document()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70));
        var (person, document) = (await PersonVersionAsync(7), await DocumentVersionsAsync());
        await ImportAsync(Row("coverage-correction", 3, 7, "fact=70", "classification=01", "symbol=記12", "number=43", "relation=1", "acquired_on=2020-04-01"));
        Assert.True(await PersonVersionAsync(7) > person);
        // That of the former numbers, and that of the new ones.
        Assert.Equal(document + 2, await DocumentVersionsAsync());
    }

    [Fact]
    public async Task A_change_that_comes_too_late_is_superseded_and_the_rest_of_its_file_is_taken()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70), End(9, 7, 70));
        var outcome = await ImportAsync(End(5, 7, 70, "lost_on=2026-09-01"), Person(6, 8), Insert(7, 8, 80));
        Assert.Equal((0L, 1L), Assert.IsType<FeedOutcome.Applied>(outcome) is var applied ? (applied.AppliedBefore, applied.Superseded) : default);
        Assert.Equal(["line 2, sequence: note: superseded: change 9 of the same fact is in force"], _listener.Findings);
        Assert.Equal(new DateOnly(2026, 10, 1), await LostOnAsync(70));
        Assert.Equal(2, await CountAsync("person"));
    }

    [Fact]
    public async Task Changes_of_one_fact_are_applied_in_the_order_of_their_numbers_wherever_they_stand()
    {
        await ImportAsync(End(4, 7, 70), Insert(2, 7, 70), Person(1, 7));
        Assert.Equal([null, new DateOnly(2026, 10, 1)], await ReadAsync<DateOnly?>("SELECT lost_on FROM coverage WHERE number = '42' ORDER BY revision"));
    }

    [Fact]
    public async Task An_end_keeps_what_else_was_said_of_the_coverage()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70, "insured_name=見本　太郎"));
        await ImportAsync(End(3, 7, 70));
        Assert.Equal(["見本　太郎 記12 42 2020-04-01 2026-10-01 3"], await ReadAsync<string>(
            "SELECT concat_ws(' ', insured_name, symbol, number, acquired_on, lost_on, loss_reason) FROM coverage WHERE revision = 1"));
    }

    [Fact]
    public async Task What_halves_a_month_comes_with_the_coverage_and_outlives_its_end()
    {
        const string City = "138057";
        string[] rows =
        [
            Person(1, 7, $"insurer={City}"),
            Insert(2, 7, 70, $"insurer={City}", "acquired_on=2026-07-15", "household_continues=2026-07-15"),
            Person(3, 8, $"insurer={City}"),
            Insert(4, 8, 80, $"insurer={City}", "acquired_on=20260720", "insured_turned_75=20260720"),
            End(5, 7, 70, $"insurer={City}"),
            Row("withdrawal", 6, 8, $"insurer={City}", "fact=80", "withdraws=coverage"),
        ];
        Assert.IsType<FeedOutcome.Applied>(await _batches.ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Of(rows))), new Dictionary<InsurerNumber, string?> { [Number(City)] = "見本市" }, _listener, Cancellation));
        Assert.Equal(
            ["70 0 2026-07-15", "70 1 2026-07-15", "80 0 2026-07-20", "80 1 2026-07-20"],
            await ReadAsync<string>("SELECT concat_ws(' ', coverage_id, revision, household_continues, insured_turned_75) FROM coverage ORDER BY coverage_id, revision"));
    }

    [Fact]
    public async Task A_withdrawn_fact_stays_as_a_revision()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70));
        await ImportAsync(Row("withdrawal", 3, 7, "fact=70", "withdraws=coverage"));
        Assert.Equal(["0 f 42", "1 t 42"], await ReadAsync<string>("SELECT concat_ws(' ', revision, withdrawn, number) FROM coverage ORDER BY revision"));
    }

    [Fact]
    public async Task Names_change_on_a_day_and_the_former_stay()
    {
        await ImportAsync(Person(1, 7), Insert(9, 7, 70));
        await ImportAsync(Person(2, 7, "valid_from=2026-06-01", "name=新姓　花子"), Person(3, 7, "valid_from=1954-02-03", "alias=通称　花", "alias_kana=ﾂｳｼｮｳ ﾊﾅ", "sex_on_document=3"));
        Assert.Equal(
            ["1954-02-03 見本　花子", "1954-02-03 見本　花子 通称　花", "2026-06-01 新姓　花子"],
            await ReadAsync<string>("SELECT trim(concat_ws(' ', valid_from, name, other_name)) FROM person_detail ORDER BY valid_from, revision"));
    }

    [Fact]
    public async Task Kana_are_kept_in_half_width_however_they_are_written()
    {
        await ImportAsync(Person(1, 7, "kana=ミホン　ハナコ", "alias=通称　花", "alias_kana=つうしょう　がぱヴ"), Insert(2, 7, 70));
        Assert.Empty(_listener.Findings);
        Assert.Equal(["ﾐﾎﾝ ﾊﾅｺ/ﾂｳｼｮｳ ｶﾞﾊﾟｳﾞ"], await ReadAsync<string>("SELECT name_kana || '/' || other_name_kana FROM person_detail"));
        // Written otherwise it says the same.
        Assert.IsType<FeedOutcome.NothingNew>(await ImportAsync(Person(1, 7, "kana=みほん　はなこ", "alias=通称　花", "alias_kana=ﾂｳｼｮｳ ｶﾞﾊﾟｳﾞ"), Insert(2, 7, 70)));
    }

    [Theory]
    [InlineData("kana=見本　花子", "line 2, kana: error: holds a character that has no half-width form: write katakana")]
    [InlineData("kana=ミホン　ヱイコ", "line 2, kana: error: holds a character that has no half-width form: write katakana")]
    [InlineData("alias_kana=ﾐﾎﾝ\uE000", "line 2, alias_kana: error: holds a character that has no half-width form: write katakana")]
    [InlineData("kana=１２３４５６７８９０１８", "line 2, kana: error: looks like a My Number, which must never be handed in")]
    public async Task What_are_no_kana_is_an_error_of_its_row(string value, string finding) => Assert.Equal(finding, await FindingAsync(Person(1, 7, value)));

    [Fact]
    public async Task Kana_are_as_long_as_they_are_in_half_width()
    {
        var fifty = string.Concat(Enumerable.Repeat("ガ", 50));
        Assert.Contains("is longer than 100 characters", await FindingAsync(Person(1, 7, $"kana={fifty}ガ")), StringComparison.Ordinal);
        await ImportAsync(Person(1, 7, $"kana={fifty}"), Insert(2, 7, 70));
        Assert.Equal([100], await ReadAsync<int>("SELECT length(name_kana) FROM person_detail"));
    }

    [Fact]
    public async Task Characters_of_private_use_are_kept_as_they_came_and_told()
    {
        await ImportAsync(
            Person(1, 7, "name=見本　\uE000子", "alias=\U000F0000", "address=\uF8FF市１", "post_code=1\uE001"),
            Insert(2, 7, 70, "classification=A1", "symbol=\uE002国", "number=1234566\uE003", "insured_name=\uE004"),
            Row("ticket", 3, 7, "fact=700", "coverage=70", "valid_from=2026-10-01", "valid_until=2026-10-31", "treatment_month=2026-10", "institution=0110113719", "self_pay=1500", "injury1=\uE005症"));
        Assert.Equal(
            ((string[])["2, name", "2, alias", "2, address", "2, post_code", "3, symbol", "3, number", "3, insured_name", "4, injury1"])
                .Select(place => $"line {place}: warning: holds a character of private use (外字): it is kept as it came, and shown as ●"),
            _listener.Findings.Where(finding => !finding.Contains("recipient", StringComparison.Ordinal)));
        Assert.Equal(["見本　\uE000子 \U000F0000 \uF8FF市１ 1\uE001"], await ReadAsync<string>("SELECT concat_ws(' ', name, other_name, address, post_code) FROM person_detail"));
        Assert.Equal(["\uE002国 1234566\uE003 \uE004"], await ReadAsync<string>("SELECT concat_ws(' ', symbol, number, insured_name) FROM coverage"));
        Assert.Equal(["\uE005症"], await ReadAsync<string>("SELECT details::json->>'injury1' FROM medical_ticket"));
    }

    [Fact]
    public async Task An_insurer_number_with_zeros_before_it_is_the_municipalitys()
    {
        var outcome = await _batches.ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Of(Person(1, 7, "insurer=00138057"), Insert(2, 7, 70, "insurer=138057")))),
            new Dictionary<InsurerNumber, string?> { [Number("00138057")] = "試験市" }, _listener, Cancellation);
        Assert.IsType<FeedOutcome.Applied>(outcome);
        Assert.Equal(["138057"], await ReadAsync<string>("SELECT insurer_number FROM insurer"));
        Assert.Equal(["138057 138057"], await ReadAsync<string>("SELECT c.insurer_number || ' ' || d.insurer_number FROM coverage c JOIN person_detail d USING (person_id)"));
    }

    [Fact]
    public async Task A_medical_ticket_comes_with_what_is_handed_on()
    {
        await ImportAsync(
            Person(1, 7),
            Insert(2, 7, 70, "classification=A1", "number=1234566"),
            Row("ticket", 3, 7, "fact=700", "coverage=70", "valid_from=2026-10-01", "valid_until=2026-10-31", "treatment_month=2026-10", "institution=0110113719", "self_pay=1500", "issue_number=0012", "injury1=高血圧症"));
        Assert.Empty(_listener.Findings);
        Assert.Equal(
            ["0 2026-10-01 0110113719 1500 {\"issue_number\":\"0012\",\"injury1\":\"高血圧症\"}"],
            await ReadAsync<string>("SELECT concat_ws(' ', revision, treatment_month, institution_code, self_pay_yen, details) FROM medical_ticket"));
        await ImportAsync(Row("withdrawal", 4, 7, "fact=700", "withdraws=ticket"));
        Assert.Equal(["false", "true"], await ReadAsync<string>("SELECT withdrawn::text FROM medical_ticket ORDER BY revision"));
    }

    [Fact]
    public async Task A_recipient_number_that_can_be_none_is_a_warning()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70, "classification=A1", "number=1234567"));
        Assert.Contains("line 3, number: warning: is no recipient number (受給者番号): 7 digits with a right check digit", _listener.Findings.Select(finding => finding.ToString()));
        Assert.Equal(1, await CountAsync("coverage"));
    }

    [Fact]
    public async Task An_insurer_that_is_new_comes_with_its_name()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70));
        Assert.Equal(["見本健康保険組合"], await ReadAsync<string>("SELECT name FROM insurer"));
    }

    /// <summary>Row, column and reason of each fault that one row can have; the first two lines are good.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { Row("ticket", 9, 7, "fact=700", "coverage=70", "valid_from=2026-10-01", "valid_until=2026-10-31", "treatment_month=2026-10", "institution=0110113719", "self_pay=0", "prescriber=1"), "prescriber: error: is no institution code" },
        { Row("ticket", 9, 7, "fact=700", "coverage=70", "valid_from=2026-10-01", "valid_until=2026-10-31", "treatment_month=2026-10", "institution=0110113719", "self_pay=0", "valid_until=2026-09-30"), "valid_until: error: lies before valid_from" },
        { Row("ticket", 9, 7, "fact=700", "coverage=70", "valid_from=2026-10-01", "valid_until=2026-10-31", "treatment_month=2026-10", "institution=0110113719", "self_pay=0", "self_pay=-1"), "self_pay: error: is no whole number of yen" },
        { Row("ticket", 9, 7, "fact=700", "coverage=70", "valid_from=2026-10-01", "valid_until=2026-10-31", "treatment_month=2026-10", "institution=0110113719", "self_pay=0", "institution=0110113710"), "institution: error: is no institution code" },
        { Row("ticket", 9, 7, "fact=700", "coverage=70", "valid_from=2026-10-01", "valid_until=2026-10-31", "treatment_month=2026-10", "institution=0110113719", "self_pay=0", "treatment_month=2026-13"), "treatment_month: error: is no month" },
        { Row("coverage", 9, 7), "kind: error: is no kind of row" },
        { Insert(9, 7, 71, "acquired_on=2026-02-31"), "acquired_on: error: is no day that there is" },
        { Insert(9, 7, 71, "acquired_on=2026/04/01"), "acquired_on: error: is no day that there is" },
        { Insert(9, 7, 71, "acquired_on=1867-12-31", "lost_on=1868-01-01"), "acquired_on: error: lies before 1868" },
        { Insert(9, 7, 71, "acquired_on=2036-10-16"), "acquired_on: error: lies more than ten years ahead" },
        { Insert(9, 7, 71, "acquired_on=9999-12-31"), "acquired_on: error: lies more than ten years ahead" },
        { Insert(9, 7, 71, "acquired_on="), "acquired_on: error: is missing" },
        { Insert(9, 7, 71, "acquired_on=2020-04-01", "lost_on=2020-03-31"), "lost_on: error: lies before acquired_on" },
        { Insert(9, 7, 71, "acquired_on=2021-04-01"), "acquired_on: error: overlaps another coverage of this person, line 3" },
        { Insert(9, 7, 70), "fact: error: line 3 inserts the same coverage" },
        { Person(1, 7, "name=新姓　花子"), "sequence: error: line 2 has the same number for the same fact" },
        { Insert(9, 8, 71), "person: error: nobody knows this person" },
        { Insert(9, 7, 71, "person=123456789018"), "person: error: looks like a My Number" },
        { Insert(9, 7, 71, "person=-1"), "person: error: is no whole number" },
        { Insert(9, 7, 71, "fact=x"), "fact: error: is no whole number" },
        { Insert(9, 7, 71, "sequence=0"), "sequence: error: is no whole number" },
        { Insert(9, 7, 71, "sequence="), "sequence: error: is missing" },
        { Insert(9, 7, 71, "insurer=01130012"), "insurer: error: this batch is not that insurer's" },
        { Insert(9, 7, 71, "classification=08"), "classification: error: is none of 01, 02" },
        { Insert(9, 7, 71, "relation=3"), "relation: error: is none of 1, 2" },
        { Insert(9, 7, 71, "number=123456789012345678901"), "number: error: is longer than 20 characters" },
        { Insert(9, 7, 71, "branch=1"), "branch: error: is not two digits" },
        { Insert(9, 7, 71, "loss_reason=03"), "loss_reason: error: there is none without lost_on" },
        { Insert(9, 7, 71, "lost_on=2026-10-01", "loss_reason=3"), "loss_reason: error: is none of 01, 02, 03, 99" },
        { Insert(9, 7, 71, "acquired_on=2019-01-01", "lost_on=2019-02-01", "insured_turned_75=2018-12-31"), "insured_turned_75: error: lies before acquired_on" },
        { Insert(9, 7, 71, "acquired_on=2019-01-01", "lost_on=2019-02-01", "insured_turned_75=2019-02-02"), "insured_turned_75: error: lies after lost_on" },
        { Insert(9, 7, 71, "acquired_on=2019-01-01", "lost_on=2019-02-01", "household_continues=2019-01-01"), "household_continues: error: is of national health insurance alone" },
        { Insert(9, 7, 71, "insured_name=見本　123456789018"), "insured_name: error: looks like a My Number" },
        { Insert(9, 7, 71, "percent=020"), "percent: error: a coverage-insert row has no such value" },
        { End(9, 7, 71), "fact: error: no such coverage is known" },
        { End(9, 7, 70, "lost_on=2020-03-31"), "lost_on: error: lies before acquired_on" },
        { End(1, 7, 70), "fact: error: no such coverage is known" },
        { Row("coverage-correction", 9, 7, "fact=71", "classification=01", "number=1", "relation=1", "acquired_on=2019-01-01", "lost_on=2019-02-01"), "fact: error: no such coverage is known" },
        { Person(9, 8, "birth_date=1867-12-31"), "birth_date: error: lies before 1868" },
        { Person(9, 8, "birth_date=2026-10-16"), "birth_date: error: lies ahead" },
        { Person(9, 8, "sex=4"), "sex: error: is none of 1, 2, 3" },
        { Person(9, 8, "name="), "name: error: is missing" },
        { Person(9, 8, "name=見\u0007本"), "name: error: is longer than 100 characters, or holds a control character" },
        { Person(9, 8, "fact=8"), "fact: error: a person row has no such value" },
        { Row("burden", 9, 7, "fact=700", "coverage=71", "percent=020", "issued_on=2026-07-20", "valid_from=2026-08-01"), "coverage: error: this person has no such coverage" },
        { Row("burden", 9, 7, "fact=700", "coverage=70", "percent=20", "issued_on=2026-07-20", "valid_from=2026-08-01"), "percent: error: is none of 010, 020, 030" },
        { Row("burden", 9, 7, "fact=700", "coverage=70", "percent=020", "issued_on=2026-07-20", "valid_from=2026-08-01", "valid_until=2026-07-31"), "valid_until: error: lies before valid_from" },
        { Row("limit", 9, 7, "fact=700", "coverage=70", "certificate_class=01", "limit_class=A07", "issued_on=2026-07-20", "valid_from=2026-08-01"), "limit_class: error: is none of A01" },
        { Row("specific-disease", 9, 7, "fact=700", "coverage=70", "disease=4", "monthly_limit=10000", "issued_on=2026-07-20", "valid_from=2026-08-01"), "disease: error: is none of 1, 2, 3" },
        { Row("certificate", 9, 7, "fact=700", "coverage=70", "issued_on=2026-08-01", "valid_until=2031-08-02"), "valid_until: error: lies more than five years after issued_on" },
        { Row("withdrawal", 9, 7, "fact=71", "withdraws=coverage"), "fact: error: there is no such fact to withdraw" },
        { Row("withdrawal", 9, 7, "fact=7", "withdraws=person"), "withdraws: error: is one of coverage" },
        { "9,person", $"error: has 2 fields where the header has {FeedFile.Columns.Length}" },
        { "9,\"person", "error: the quote of field 2 is not closed on its line" },
        { "9,\"per\"son", "error: field 2 goes on after its closing quote" },
        { "9,per\"son", "error: field 2 holds a quote but does not begin with one" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_row_at_fault_is_named_and_rejects_all(string row, string fault)
    {
        Assert.IsType<FeedOutcome.Rejected>(await ImportAsync(Person(1, 7), Insert(2, 7, 70), row));
        var separator = fault.StartsWith("error", StringComparison.Ordinal) ? ": " : ", ";
        Assert.Contains(_listener.Findings, found => found.StartsWith($"line 4{separator}{fault}", StringComparison.Ordinal));
        Assert.Single(_listener.Findings);
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task Every_error_is_told_with_its_line_and_column()
    {
        var rejected = Assert.IsType<FeedOutcome.Rejected>(await ImportAsync(
            Insert(1, 7, 70, "acquired_on=2026-02-31", "relation=9"), Person(2, 7, "sex=0"), End(3, 7, 70), Insert(4, 9, 90), "x"));
        Assert.Equal(5, rejected.Errors);
        Assert.Equal(
            ["line 2, relation", "line 2, acquired_on", "line 3, sex", "line 6", "line 5, person"],
            _listener.Findings.Select(found => found[..found.IndexOf(':', StringComparison.Ordinal)]));
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task What_the_store_knows_otherwise_is_an_error()
    {
        await ImportAsync(Person(1, 7), Person(2, 8), Insert(3, 7, 70), Insert(4, 8, 80));
        Assert.Equal("line 2, fact: error: is known already: hand in a coverage-correction", await FindingAsync(Insert(9, 7, 70)));
        Assert.Equal(
            "line 2, person: error: the fact is another person's: withdraw it there and hand it in under a number of its own", await FindingAsync(End(9, 8, 70)));
        Assert.Equal("line 2, acquired_on: error: overlaps another coverage of this person", await FindingAsync(Insert(9, 7, 71, "acquired_on=2026-01-01")));
    }

    /// <summary>What is in force, the row that comes under a number that was used, and what is said of it.</summary>
    public static TheoryData<string, string, string?> UsedNumbers => new()
    {
        { Insert(5, 7, 71, "lost_on=2020-05-01", "loss_reason=99"), Insert(5, 7, 71, "lost_on=2020-05-01", "loss_reason=99"), null },
        { Insert(5, 7, 71, "lost_on=2020-05-01", "loss_reason=99"), Insert(5, 7, 71, "lost_on=2020-06-01", "loss_reason=99"), "sequence" },
        { Insert(5, 7, 71, "lost_on=2020-05-01", "loss_reason=99"), Insert(5, 7, 71, "lost_on=2020-05-01", "loss_reason=99", "insured_name=見本　次郎"), "sequence" },
        { End(5, 7, 70), End(5, 7, 70), null },
        { End(5, 7, 70), End(5, 7, 70, "loss_reason=99"), "sequence" },
        { End(5, 7, 70), Row("withdrawal", 5, 7, "fact=70", "withdraws=coverage"), "sequence" },
        { Row("withdrawal", 5, 7, "fact=70", "withdraws=coverage"), Row("withdrawal", 5, 7, "fact=70", "withdraws=coverage"), null },
        { Row("withdrawal", 5, 7, "fact=70", "withdraws=coverage"), End(5, 7, 70), "sequence" },
        { Person(5, 7, "address=見本市１"), Person(5, 7, "address=見本市１"), null },
        { Person(5, 7, "address=見本市１"), Person(5, 7, "address=見本市２"), "sequence" },
        { Burden(5, "percent=020"), Burden(5, "percent=020"), null },
        { Burden(5, "percent=020"), Burden(5, "percent=030"), "sequence" },
        { Burden(5, "valid_until=2027-07-31"), Burden(5), "sequence" },
    };

    [Theory]
    [MemberData(nameof(UsedNumbers))]
    public async Task A_number_that_was_used_for_other_values_is_an_error(string inForce, string again, string? column)
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70, "acquired_on=2021-01-01"), inForce);
        if (column is null)
        {
            Assert.Equal(new FeedOutcome.NothingNew(1, 0), await ImportAsync(again));
            Assert.Empty(_listener.Findings);
            return;
        }
        Assert.StartsWith($"line 2, {column}: error: a change of the same fact with this number is in force and says otherwise", await FindingAsync(again), StringComparison.Ordinal);
    }

    /// <summary>What the store knows of person 7 and insurer 06139992 besides another insurer's coverage, and whether this insurer may say who the person is.</summary>
    public static TheoryData<string[], string[], bool> WhoSaysWhoOneIs => new()
    {
        { [], [], false },
        { [], [Insert(8, 7, 71, "acquired_on=2010-04-01", "lost_on=2011-04-01", "loss_reason=99")], true },
        { [], [Insert(8, 8, 80), Person(10, 8)], false },
        { [Insert(4, 7, 71, "acquired_on=2010-04-01", "lost_on=2011-04-01", "loss_reason=99")], [], true },
        { [Insert(4, 7, 71, "acquired_on=2010-04-01"), End(5, 7, 71, "lost_on=2011-04-01")], [], true },
        { [Insert(4, 7, 71, "acquired_on=2010-04-01", "lost_on=2011-04-01", "loss_reason=99"), Row("withdrawal", 5, 7, "fact=71", "withdraws=coverage")], [], false },
    };

    [Theory]
    [MemberData(nameof(WhoSaysWhoOneIs))]
    public async Task Only_who_insures_a_person_or_did_says_who_it_is(string[] before, string[] beside, bool may)
    {
        await ImportAsOtherAsync(Person(1, 7, $"insurer={OtherInsurer}"), Insert(2, 7, 70, $"insurer={OtherInsurer}"));
        if (before.Length > 0) Assert.IsType<FeedOutcome.Applied>(await ImportAsync(before));
        var outcome = await ImportAsync([Person(9, 7, "name=新姓　花子"), .. beside]);
        if (may)
        {
            Assert.IsType<FeedOutcome.Applied>(outcome);
            return;
        }
        Assert.IsType<FeedOutcome.Rejected>(outcome);
        Assert.Equal(
            "line 2, person: error: this insurer has no coverage of the person, neither in the file nor in the store: only who insures a person says who it is",
            Assert.Single(_listener.Findings));
        Assert.Empty(await ReadAsync<string>("SELECT name FROM person_detail WHERE name = '新姓　花子'"));
    }

    [Fact]
    public async Task Each_insurer_numbers_what_it_says_of_a_person_for_itself()
    {
        await ImportAsOtherAsync(Person(100, 7, $"insurer={OtherInsurer}"), Insert(101, 7, 70, $"insurer={OtherInsurer}", "lost_on=2026-01-01"));
        Assert.IsType<FeedOutcome.Applied>(await ImportAsync(Person(1, 7, "name=新姓　花子"), Insert(2, 7, 71, "acquired_on=2026-01-01")));
        Assert.Empty(_listener.Findings);
        Assert.Equal(["見本　花子", "新姓　花子"], await ReadAsync<string>("SELECT name FROM person_detail ORDER BY revision"));
    }

    [Fact]
    public async Task An_end_does_not_bring_back_what_was_withdrawn()
    {
        const string Withdrawn = "fact: error: was withdrawn: hand in a coverage-correction";
        var withdrawal = Row("withdrawal", 3, 7, "fact=70", "withdraws=coverage");
        Assert.IsType<FeedOutcome.Rejected>(await ImportAsync(Person(1, 7), Insert(2, 7, 70), withdrawal, End(4, 7, 70)));
        Assert.Equal([$"line 5, {Withdrawn}"], _listener.Findings);
        await ImportAsync(Person(1, 7), Insert(2, 7, 70), withdrawal);
        Assert.Equal($"line 2, {Withdrawn}", await FindingAsync(End(4, 7, 70)));
        var restated = Row("coverage-correction", 4, 7, "fact=70", "classification=01", "number=42", "relation=1", "acquired_on=2020-04-01");
        Assert.IsType<FeedOutcome.Applied>(await ImportAsync(restated, End(5, 7, 70)));
    }

    [Fact]
    public async Task An_insurer_that_nobody_knows_and_nobody_names_is_an_error()
    {
        Assert.IsType<FeedOutcome.Rejected>(await _batches.ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Of(Person(1, 7), Insert(2, 7, 70)))), new Dictionary<InsurerNumber, string?> { [Number(Insurer)] = null }, _listener, Cancellation));
        Assert.Equal(["line 2, insurer: error: this insurer is not known yet: its name must come with the file"], _listener.Findings);
        await AssertNoTraceAsync();
    }

    [Fact]
    public async Task A_step_that_Postgres_refuses_keeps_back_its_own_insurer_and_nobody_else()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70));
        // What no check knows of: a rule that came after the file was accepted.
        await ExecuteAsync("ALTER TABLE coverage ADD CONSTRAINT later_rule CHECK (number <> '4711') NOT VALID");
        var held = Assert.IsType<FeedOutcome.Held>(await ImportAsync(Person(3, 8), Insert(4, 8, 80, "number=4711")));
        Assert.Equal("step 1 was refused by Postgres (23514, coverage later_rule)", $"{held.Batch.Refusal}");
        Assert.Equal([$"{held.Batch.Id}: step 1 was refused by Postgres (23514, coverage later_rule)"], _listener.Refusals);
        Assert.Equal(1, await CountAsync("person"));

        // The same insurer's files wait, another's go on, and what is accepted is kept in mind by their checks.
        Assert.Equal(held.Batch.Id, Assert.IsType<FeedOutcome.Blocked>(await ImportAsync(End(5, 7, 70))).By.Id);
        Assert.IsType<FeedOutcome.Applied>(await ImportAsOtherAsync(Person(1, 9, $"insurer={OtherInsurer}"), Insert(2, 9, 90, $"insurer={OtherInsurer}")));
        Assert.IsType<FeedOutcome.Rejected>(await ImportAsOtherAsync(Insert(3, 9, 80, $"insurer={OtherInsurer}", "acquired_on=2010-01-01", "lost_on=2010-02-01")));
        Assert.Equal($"line 2, fact: error: batch {held.Batch.Id}, which is accepted and not yet in force, has the same fact", Assert.Single(_listener.Findings));
        var told = (await _batches.ListAsync(10, Cancellation))[0];
        Assert.Equal((held.Batch.Id, 0, held.Batch.Refusal), (told.Id, told.StepsDone, told.Refusal));
        Assert.Equal(1, await CountAsync("insurer_batch_refusal"));

        await ExecuteAsync("ALTER TABLE coverage DROP CONSTRAINT later_rule");
        Assert.Equal(1, (await _batches.ResumeAsync(_listener, Cancellation))!.Applied);
        Assert.Equal(["4711"], await ReadAsync<string>("SELECT number FROM coverage WHERE person_id = 8"));
        Assert.All(await _batches.ListAsync(10, Cancellation), batch => Assert.NotNull(batch.AppliedAt));
        Assert.IsType<FeedOutcome.Applied>(await ImportAsync(End(5, 7, 70)));
    }

    [Fact]
    public async Task Of_a_batch_with_a_step_that_is_refused_the_other_steps_are_in_force()
    {
        await ImportAsync(Person(1, 9_000), Insert(2, 9_000, 9_000, "number=first"));
        await ExecuteAsync("ALTER TABLE coverage ADD CONSTRAINT later_rule CHECK (number <> '1') NOT VALID");
        var rows = Enumerable.Range(1, FeedSteps.MaxPersons + 1).SelectMany(n => (string[])[Person(10 + n, n), Insert(10_000 + n, n, n, $"number={n}")]);
        var held = Assert.IsType<FeedOutcome.Held>(await ImportAsync([.. rows]));
        Assert.Equal((2, 0), (held.Batch.Steps, held.Batch.Refusal!.Step));
        Assert.Equal(2, await CountAsync("coverage"));
        Assert.Equal(1, (await _batches.ListAsync(10, Cancellation))[0].StepsDone);
    }

    [Fact]
    public async Task An_overlap_with_another_insurer_and_a_wrong_check_digit_are_warnings()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70));
        var content = Encoding.UTF8.GetBytes(Of(Insert(3, 7, 71, "insurer=01234567", "acquired_on=2026-01-01")));
        var outcome = await _batches.ImportAsync(
            new MemoryStream(content), new Dictionary<InsurerNumber, string?> { [Number("01234567")] = "試験健康保険組合" }, _listener, Cancellation);
        Assert.IsType<FeedOutcome.Applied>(outcome);
        Assert.Equal(
            ["line 2, acquired_on: warning: overlaps another insurer's coverage of this person", "line 2, insurer: warning: the check digit of this insurer number is wrong"],
            _listener.Findings.Order());
    }

    [Fact]
    public async Task A_coverage_of_another_insurer_is_not_touched()
    {
        await ImportAsync(Person(1, 7), Insert(2, 7, 70));
        Assert.IsType<FeedOutcome.Rejected>(await ImportAsOtherAsync(End(3, 7, 70, $"insurer={OtherInsurer}")));
        Assert.Equal(["line 2, insurer: error: the fact is another insurer's"], _listener.Findings);
    }

    [Fact]
    public async Task One_after_the_other_is_no_overlap()
    {
        Assert.IsType<FeedOutcome.Applied>(await ImportAsync(
            Person(1, 7), Insert(2, 7, 70, "lost_on=2026-04-01", "loss_reason=99"), Insert(3, 7, 71, "acquired_on=2026-04-01", "number=43")));
        Assert.Empty(_listener.Findings);
    }

    [Fact]
    public async Task Households_are_not_split_over_steps()
    {
        // Three to a household, which 2,000 is no multiple of; every hundredth person has a second coverage with the next household.
        var rows = new List<string>();
        for (var person = 1; person <= 5_000; person++)
        {
            rows.Add(Person(person, person));
            rows.Add(Insert(10_000 + person, person, 100 * person, $"number={person / 3}", "lost_on=2026-01-01"));
            if (person % 100 == 0) rows.Add(Insert(20_000 + person, person, 100 * person + 1, $"number={person / 3 + 1}", "acquired_on=2026-01-01"));
        }
        // The import waits for a table, so that its steps can be looked at before they are applied.
        await using (var blocker = await _database.OpenAsSuperuserAsync())
        {
            await blocker.ExecuteAsync("BEGIN; LOCK TABLE eligibility.coverage IN EXCLUSIVE MODE");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var stopped = ImportAsync([.. rows], stop.Token);
            await _database.UntilSomebodyWaitsForALockAsync();
            Assert.Empty(await ReadAsync<string>("SELECT number FROM insurer_batch_change WHERE fact_kind = 2 GROUP BY number HAVING count(DISTINCT step) > 1"));
            Assert.Empty(await ReadAsync<long>("SELECT person_id FROM insurer_batch_change GROUP BY person_id HAVING count(DISTINCT step) > 1"));
            var persons = await ReadAsync<long>("SELECT count(DISTINCT person_id) FROM insurer_batch_change GROUP BY step ORDER BY step");
            Assert.Equal(5_000, persons.Sum());
            Assert.All(persons, count => Assert.InRange(count, 1, FeedSteps.MaxPersons));
            Assert.Equal(3, persons.Count);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        }
        // What was accepted is applied by the next import, before it looks at its file.
        Assert.IsType<FeedOutcome.Rejected>(await ImportAsync("x"));
        Assert.Single(_listener.ResumedBatches);
        Assert.Equal((5_000L, 5_050L), (await CountAsync("person"), await CountAsync("coverage")));
        Assert.Equal(5_050L, await CountAsync("coverage WHERE revision = 0"));
    }

    [Fact]
    public async Task More_than_a_step_may_hold_can_not_be_one_household()
    {
        Assert.IsType<FeedOutcome.Rejected>(await ImportAsync(
            [.. Enumerable.Range(1, FeedSteps.MaxPersons + 1).SelectMany(n => (string[])[Person(n, n), Insert(n, n, n)])]));
        Assert.StartsWith("line 3, number: error: more than 2000 persons share", Assert.Single(_listener.Findings), StringComparison.Ordinal);
        await AssertNoTraceAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<FeedOutcome> ImportAsync(params string[] rows) => ImportAsync(rows, Cancellation);

    private Task<FeedOutcome> ImportAsync(string[] rows, CancellationToken cancellation)
    {
        _listener.Findings.Clear();
        return _batches.ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Of(rows))), new Dictionary<InsurerNumber, string?> { [Number(Insurer)] = "見本健康保険組合" }, _listener, cancellation);
    }

    private Task<FeedOutcome> ImportAsOtherAsync(params string[] rows)
    {
        _listener.Findings.Clear();
        return _batches.ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Of(rows))), new Dictionary<InsurerNumber, string?> { [Number(OtherInsurer)] = "試験健康保険組合" }, _listener, Cancellation);
    }

    private static string Burden(long sequence, params string[] values) =>
        Row("burden", sequence, 7, ["fact=700", "coverage=70", "percent=020", "issued_on=2026-07-20", "valid_from=2026-08-01", .. values]);

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync($"SET search_path = eligibility; {sql}");
    }

    private async Task<string> FindingAsync(string row)
    {
        Assert.IsType<FeedOutcome.Rejected>(await ImportAsync(row));
        return Assert.Single(_listener.Findings);
    }

    private static InsurerNumber Number(string text) => InsurerNumber.TryParse(text, out var number) ? number : throw new ArgumentException(text);

    private async Task AssertNoTraceAsync()
    {
        foreach (var table in (string[])["person", "person_detail", "coverage", "burden", "insurer", "insurer_batch", "insurer_batch_change", "insurer_batch_step"])
            Assert.Equal(0, await CountAsync(table));
    }

    private Task<long> CountAsync(string table) => _database.ReadAsync<long>($"SELECT count(*) FROM eligibility.{table}");

    private Task<long> PersonVersionAsync(long person) => _database.ReadAsync<long>("SELECT version FROM eligibility.person WHERE person_id = $1", person);

    private Task<long> DocumentVersionsAsync() => _database.ReadAsync<long>("SELECT sum(version)::bigint FROM eligibility.document_key");

    private Task<DateOnly> LostOnAsync(long coverage) =>
        _database.ReadAsync<DateOnly>("SELECT lost_on FROM eligibility.coverage WHERE coverage_id = $1 ORDER BY revision DESC LIMIT 1", coverage);

    private Task<string> StateAsync() => _database.ReadAsync<string>(
        "SELECT concat((SELECT sum(version) FROM eligibility.person), ' ', (SELECT sum(version) FROM eligibility.document_key), ' ', (SELECT count(*) FROM eligibility.coverage))");

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string sql)
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        await connection.ExecuteAsync("SET search_path = eligibility");
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var values = new List<T>();
        while (await reader.ReadAsync(Cancellation)) values.Add(reader.GetFieldValue<T>(0));
        return values;
    }
}
