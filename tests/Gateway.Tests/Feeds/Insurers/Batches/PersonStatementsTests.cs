using System.Text;
using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Operator;
using Npgsql;
using static EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches.FeedFile;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers.Batches;

/// <summary>What one insurer says of a person that another one insures changes none of the other's answers.</summary>
public sealed class PersonStatementsTests(TestStores stores) : IAsyncLifetime
{
    private const string Other = "01130012";
    private const string TrueBirth = "1954-02-03";
    private const string OtherBirth = "1984-02-03";

    private readonly FeedListener _listener = new();

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _desk = null!;
    private NpgsqlDataSource _store = null!;
    private NpgsqlDataSource _operator = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _desk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        _store = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.InsurerFeed));
        _operator = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.Operator));
        // Person 7 is insured with the other insurer, and has a certificate of it.
        await ImportAsync(
            Other,
            Person(1, 7, $"insurer={Other}", "address=見本市１"),
            Insert(2, 7, 70, $"insurer={Other}", "symbol=他", "number=1"),
            Row("certificate", 3, 7, $"insurer={Other}", "fact=700", "coverage=70", "issued_on=2026-01-01", "valid_until=2030-12-31"));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _store.DisposeAsync();
        await _operator.DisposeAsync();
        await _town.DisposeAsync();
    }

    public static TheoryData<string[]> WhatAnotherSays => new()
    {
        { ["name=他人　一郎", "kana=ﾀﾆﾝ ｲﾁﾛｳ", "alias=別人", "address=遠方市９", "post_code=999-9999"] },
        { [$"birth_date={OtherBirth}"] },
        { ["sex=1"] },
        { [$"birth_date={OtherBirth}", "sex=1", "name=他人　一郎", "valid_from=2026-01-01"] },
        { ["sex=3", "sex_on_document=1"] },
    };

    [Theory]
    [MemberData(nameof(WhatAnotherSays))]
    public async Task The_other_insurers_answers_stay_byte_for_byte_the_same(string[] said)
    {
        var before = await BytesAsync(AtOther(TrueBirth));
        Assert.IsType<FeedOutcome.Applied>(await ImportAsync(Insurer, Person(1, 7, said), Ended()));
        Assert.Equal(Without(before), Without(await BytesAsync(AtOther(TrueBirth))));
        Assert.Equal(Validity.NotFound, (await _desk.AskAsync(AtOther(OtherBirth))).Answer.Validity);
    }

    [Fact]
    public async Task Name_and_address_are_each_insurers_own()
    {
        await ImportAsync(Insurer, Person(1, 7, "name=新姓　花子", "address=新市２"), Insert(2, 7, 71, "symbol=自", "number=2"), Certificate(71));
        // Both are in force: whose number is typed says who it is.
        Assert.Equal(("見本　花子", "見本市１"), await WhoAsync(AtOther(TrueBirth)));
        Assert.Equal(("新姓　花子", "新市２"), await WhoAsync(Typed(Insurer, "自", "2", TrueBirth)));
    }

    [Fact]
    public async Task Another_birth_date_alone_is_held_and_the_senders_other_rows_apply()
    {
        var outcome = Assert.IsType<FeedOutcome.Applied>(await ImportAsync(
            Insurer, Person(1, 7, $"birth_date={OtherBirth}"), Insert(2, 7, 71, "symbol=自", "number=2"), Certificate(71), Person(3, 8), Insert(4, 8, 80, "number=8")));
        Assert.Equal(5, outcome.Batch.Changes);
        Assert.Equal(
            "line 2, birth_date: warning: another insurer whose coverage is in force says another birth date or sex: this row is held until the operator has decided, the others apply",
            _listener.Findings[0]);
        Assert.Equal(("見本　花子", ""), await WhoAsync(Typed(Insurer, "記12", "8", TrueBirth)));
        // The coverage is there; who the person is, is as it was when it began, whatever the other says later.
        Assert.Equal(("見本　花子", "見本市１"), await WhoAsync(Typed(Insurer, "自", "2", TrueBirth)));
        await ImportAsync(Other, Person(4, 7, $"insurer={Other}", "name=改名　花子", "address=別市３"));
        Assert.Equal(("見本　花子", "見本市１"), await WhoAsync(Typed(Insurer, "自", "2", TrueBirth)));
        // Once is enough: the same file again brings nothing.
        Assert.IsType<FeedOutcome.NothingNew>(await ImportAsync(Insurer, Person(1, 7, $"birth_date={OtherBirth}"), Insert(2, 7, 71, "symbol=自", "number=2")));
        Assert.Equal(1, await CountAsync("person_review"));
    }

    [Fact]
    public async Task A_file_of_held_rows_alone_is_accepted_too()
    {
        await ImportAsync(Insurer, Person(1, 7), Ended());
        Assert.IsType<FeedOutcome.Applied>(await ImportAsync(Insurer, Person(3, 7, $"birth_date={OtherBirth}")));
        Assert.Equal(1, await CountAsync("person_review"));
    }

    [Fact]
    public async Task Once_the_other_coverage_has_ended_nobody_is_contradicted()
    {
        await ImportAsync(Other, End(4, 7, 70, $"insurer={Other}"));
        await ImportAsync(Insurer, Person(1, 7, $"birth_date={OtherBirth}"), Insert(2, 7, 71, "symbol=自", "number=2", "acquired_on=2026-10-01"));
        Assert.Empty(_listener.Findings);
        Assert.Equal(0, await CountAsync("person_review"));
        Assert.Equal("見本　花子", (await WhoAsync(Typed(Insurer, "自", "2", OtherBirth))).Name);
    }

    [Fact]
    public async Task The_operator_accepts_or_refuses_what_is_held_and_that_is_on_record()
    {
        await ImportAsync(Insurer, Person(1, 7, $"birth_date={OtherBirth}"), Insert(2, 7, 71, "symbol=自", "number=2"), Person(5, 7, "valid_from=2026-01-01", "sex=1"));
        var listed = await ReviewAsync("list");
        Assert.Equal(0, listed.ExitCode);
        var lines = listed.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches($"^review 1: since [-0-9: ]+Z, batch 2 line 2, person 7: {Insurer} says born {OtherBirth}, sex 2; {Other} says born {TrueBirth}, sex 2$", lines[0]);
        Assert.DoesNotContain("花子", listed.Output, StringComparison.Ordinal);

        Assert.Equal((0, "Review 2: the statement is refused.\n"), Of(await ReviewAsync("refuse", "2", "--because", "見本健保に照会、誤入力")));
        Assert.Equal((0, "Review 1: the statement is in force.\n"), Of(await ReviewAsync("accept", "1", "--because", "戸籍で確認")));
        Assert.Empty(await Reviews.ListAsync(TestContext.Current.CancellationToken));
        // For the insurer that made it; the other one's answers stay.
        Assert.Equal("見本　花子", (await WhoAsync(Typed(Insurer, "自", "2", OtherBirth))).Name);
        Assert.Equal("見本　花子", (await WhoAsync(AtOther(TrueBirth))).Name);

        (await ReviewAsync("accept", "2", "--because", "x")).AssertRefused("decided before");
        Assert.Equal(ReviewDecision.Unknown, await DecideAsync(9, isAccepted: true));
        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        Assert.Equal(
            ["1 t 戸籍で確認 eg_operator", "2 f 見本健保に照会、誤入力 eg_operator"],
            await connection.QueryAsync<string>("SELECT concat_ws(' ', review_id, accepted, because, decided_by) FROM person_review_decision ORDER BY review_id"));
    }

    [Fact]
    public async Task What_the_insurer_has_said_newer_is_not_undone_by_an_old_review()
    {
        await ImportAsync(Insurer, Person(1, 7, $"birth_date={OtherBirth}"), Ended());
        await ImportAsync(Insurer, Person(6, 7, "name=新姓　花子"));
        Assert.Equal(ReviewDecision.Overtaken, await DecideAsync(1, isAccepted: true));
        Assert.Equal(ReviewDecision.Done, await DecideAsync(1, isAccepted: false));
    }

    /// <summary>The sender's right: a coverage that ended long ago.</summary>
    private static string Ended() => Insert(2, 7, 71, "symbol=自", "number=2", "acquired_on=2010-04-01", "lost_on=2011-04-01", "loss_reason=99");

    private static string Certificate(long coverage) =>
        Row("certificate", 9, 7, "fact=701", $"coverage={coverage}", "issued_on=2026-01-01", "valid_until=2030-12-31");

    private static LookUp AtOther(string birth) => Typed(Other, "他", "1", birth);

    private static LookUp Typed(string insurer, string symbol, string number, string birth) => new()
    {
        EventId = TestDesk.NewEvent().ToString(),
        Purpose = Purpose.Care,
        Document = new DocumentTyped { Kind = DocumentKind.EligibilityCertificate, InsurerNumber = insurer, Symbol = symbol, Number = number, Branch = "00", BirthDate = birth },
    };

    private async Task<(string Name, string Address)> WhoAsync(LookUp lookUp)
    {
        var answer = (await _desk.AskAsync(lookUp)).Answer;
        return answer.Person is { } person ? (person.Name, person.Address) : (answer.Validity.ToString(), "");
    }

    private async Task<Answer> BytesAsync(LookUp lookUp) => (await _desk.AskAsync(lookUp)).Answer;

    private static string Without(Answer answer)
    {
        var rest = answer.Clone();
        (rest.EventId, rest.Freshness, rest.LimitConsent) = ("", null, null);
        return rest.ToString();
    }

    private static (int ExitCode, string Output) Of(GatewayCommand command) => (command.ExitCode, command.Output);

    private PersonReviews Reviews => new(_operator);

    private Task<ReviewDecision> DecideAsync(long review, bool isAccepted) => Reviews.DecideAsync(review, isAccepted, "x", TestContext.Current.CancellationToken);

    private Task<GatewayCommand> ReviewAsync(params string[] arguments) =>
        GatewayCommand.RunAsync(["insurer", "review", .. arguments, "--operator", _town.Database.ConnectionString(StoreRole.Operator)]);

    private Task<FeedOutcome> ImportAsync(string insurer, params string[] rows)
    {
        _listener.Findings.Clear();
        var number = InsurerNumber.TryParse(insurer, out var parsed) ? parsed : throw new ArgumentException(insurer);
        return new InsurerBatches(_store, TimeProvider.System).ImportAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(FeedFile.Of(rows))), new Dictionary<InsurerNumber, string?> { [number] = "保険者" + insurer }, _listener, TestContext.Current.CancellationToken);
    }

    private Task<long> CountAsync(string table) => _town.Database.ReadAsync<long>($"SELECT count(*) FROM eligibility.{table}");
}
