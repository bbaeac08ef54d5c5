using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Tests.Storage;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Grpc.Core;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>
/// Promise P2 under forced interleavings: a change that commits after a look-up was decided and before it is recorded is in the
/// answer. The record waits for a table that the test holds, and takes its snapshot only when it has it.
/// </summary>
public sealed class OvertakenTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly DateOnly BirthDate = TestTown.Today.AddYears(-30);

    private TestTown _town = null!;
    private TestTerminal _terminal = null!;

    /// <summary>Where the guess comes from when the look-up is decided.</summary>
    public static TheoryData<Source> Caches => [Source.Process, Source.Redis];

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _terminal = await _town.AddTerminalAsync(TerminalRole.Reception);
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task Without_a_change_the_guess_stands(Source cache)
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var answer = (await AskAsync(cache, Tap(card), () => Task.CompletedTask)).Answer;
        Assert.Equal((Validity.Valid, cache), (answer.Validity, await _town.SourceOfAsync(answer)));
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task A_second_person_with_the_same_numbers_makes_it_ambiguous(Source cache)
    {
        var person = await _town.AddPersonAsync(BirthDate, number: "4711");
        var answer = (await AskAsync(cache, Typed(person), () => _town.AddPersonAsync(BirthDate, number: "4711"))).Answer;
        Assert.Equal((Validity.Multiple, Reason.Ambiguous), (answer.Validity, answer.Remedy.Reason));
        await AssertReadAgainAsync(answer);
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task Somebody_appears_where_nobody_was(Source cache)
    {
        // Only asked for at first; the same numbers are delivered while the look-up waits.
        var model = await _town.AddPersonAsync(BirthDate, number: "1");
        Assert.Null(DocumentNumbers.TryParse("試験", "4712", "00", out var numbers));
        var answer = (await AskAsync(cache, Typed(model with { Numbers = numbers }), () => _town.AddPersonAsync(BirthDate, number: "4712"))).Answer;
        Assert.NotEqual(Validity.NotFound, answer.Validity);
        Assert.NotNull(answer.Person);
        await AssertReadAgainAsync(answer);
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task One_is_left_of_two(Source cache)
    {
        var staying = await _town.AddPersonAsync(BirthDate, number: "4713");
        var going = await _town.AddPersonAsync(BirthDate, number: "4713");
        Assert.Null(DocumentNumbers.TryParse("試験", "4714", "00", out var corrected));
        var answer = (await AskAsync(cache, Typed(staying), () => _town.DeliverAsync(new()
        {
            Coverages = [(going with { Numbers = corrected }).Coverage(TestTown.Today.AddYears(-3), null)],
        }))).Answer;
        Assert.NotEqual(Validity.Multiple, answer.Validity);
        Assert.Equal(staying.Name, answer.Person.Name);
        await AssertReadAgainAsync(answer);
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task A_card_is_reported_lost(Source cache)
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        var refusal = (await AskAsync(cache, Tap(card), () => _town.CardOffice.ReportLostAsync(card.CardKey, TestTown.Now, CancellationToken.None))).Refusal;
        Assert.Equal((Reason.CardLost, true), (refusal.Remedy.Reason, refusal.Freshness.Proved));
    }

    /// <summary>What becomes of the plastic card that a phone was made with, while the phone's look-up is decided and not yet recorded.</summary>
    public static MatrixTheoryData<Source, string> PlasticChanges => new([Source.Process, Source.Redis], ["revoked", "replaced", "corrected", "another"]);

    [Theory]
    [MemberData(nameof(PlasticChanges))]
    public async Task The_plastic_card_of_a_phone_ends(Source cache, string how)
    {
        var person = await _town.AddPersonAsync();
        var plastic = await _town.AddCardAsync(person, notBefore: TestTown.Now.AddYears(-2));
        var phone = await _town.AddCardAsync(person, notBefore: TestTown.Now.AddYears(-1), carrier: CardCarrier.Phone);
        var spare = how == "replaced" ? await _town.AddCardAsync(person, notBefore: TestTown.Now.AddYears(-3)) : null;
        var refusal = (await AskAsync(cache, Tap(phone), () => how switch
        {
            "revoked" => _town.CardOffice.RevokeAsync(plastic.CardKey, TestTown.Now, CancellationToken.None),
            "replaced" => _town.CardOffice.ReplaceAsync(plastic.CardKey, spare!.CardKey, TestTown.Now, CancellationToken.None),
            "corrected" => _town.CardOffice.CorrectAsync(
                plastic.CardKey, new CardState(CardStatus.InUse, TestTown.Now, true, null, TestTown.Today.AddDays(-1)), CancellationToken.None),
            _ => AddAnotherAsync(),
        })).Refusal;
        Assert.Equal((Reason.PhoneEnded, true), (refusal.Remedy.Reason, refusal.Freshness.Proved));

        // Younger than the plastic card and older than the phone: it is what the phone was made with, as it turns out, and has ended.
        Task AddAnotherAsync() => _town.AddCardAsync(person, notBefore: TestTown.Now.AddMonths(-18), notAfter: TestTown.Now.AddDays(-1));
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task The_plastic_card_of_a_phone_is_registered_and_the_guess_stands(Source cache)
    {
        var person = await _town.AddPersonAsync();
        var plastic = await _town.AddCardAsync(person, registered: false);
        var phone = await _town.AddCardAsync(person, carrier: CardCarrier.Phone);
        var answer = (await AskAsync(cache, Tap(phone), () => _town.CardOffice.ReportRegisteredAsync(plastic.CardKey, RegistrationChannel.Portal, TestTown.Now, CancellationToken.None))).Answer;
        Assert.Equal((Validity.Valid, cache), (answer.Validity, await _town.SourceOfAsync(answer)));
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task A_card_that_nobody_knew_is_bound(Source cache)
    {
        var (person, card) = (await _town.AddPersonAsync(), TestTown.IssueCard());
        await AssertReadAgainAsync((await AskAsync(cache, Tap(card), () => _town.BindAsync(person, card))).Answer);
    }

    [Theory]
    [MemberData(nameof(Caches))]
    public async Task A_coverage_ends(Source cache)
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person);
        var answer = (await AskAsync(cache, Tap(card), () => _town.DeliverAsync(new() { Coverages = [person.Coverage(TestTown.Today.AddYears(-3), TestTown.Today)] }))).Answer;
        Assert.Equal((Validity.Invalid, Reason.CoverageEnded), (answer.Validity, answer.Remedy.Reason));
        await AssertReadAgainAsync(answer);
    }

    [Fact]
    public async Task A_terminal_that_is_revoked_meanwhile_gets_no_answer_and_the_refusal_is_recorded()
    {
        var card = await _town.AddCardAsync(await _town.AddPersonAsync());
        await using var gateway = await _town.StartGatewayAsync(_town.Settings() with { StorePatience = Deadline, StoreLongest = Deadline });
        using var desk = new TestDesk(gateway.Address, _terminal);
        Assert.Equal(Validity.Valid, (await desk.TapAsync(card)).Answer.Validity);
        var tap = desk.Tap(card, await desk.ChallengeAsync());

        using var limit = new CancellationTokenSource(Deadline);
        using var stream = desk.Terminals.Connect(cancellationToken: limit.Token);
        await stream.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, limit.Token);
        Assert.True(await stream.ResponseStream.MoveNext(limit.Token));
        await using (await HoldRecordsAsync())
        {
            await stream.RequestStream.WriteAsync(new TerminalMessage { LookUp = tap }, limit.Token);
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            await _town.Terminals.RevokeAsync(_terminal.Id, TestTown.Now, limit.Token);
            // The stream ends with the reason, whatever is under way on it.
            Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(limit.Token))).StatusCode);
        }

        await using var connection = await _town.Database.OpenAsSuperuserAsync();
        (short Reason, long? Person)[] records;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            await look.WaitForNextTickAsync(limit.Token);
            records = [.. await connection.QueryAsync<(short, long?)>("SELECT reason, person_id FROM access_record WHERE event_id = @id", new { id = Guid.Parse(tap.EventId) })];
        }
        while (records.Length == 0);
        Assert.Equal([((short)Reason.TerminalRevoked, (long?)null)], records);
    }

    private static Func<TestDesk, Task<LookUp>> Tap(TestCard card) => async desk => desk.Tap(card, await desk.ChallengeAsync());

    private static Func<TestDesk, Task<LookUp>> Typed(TestPerson person) => _ => Task.FromResult(TestDesk.Typed(person));

    private async Task AssertReadAgainAsync(Answer answer) => Assert.Equal((Source.Store, true), (await _town.SourceOfAsync(answer), answer.Freshness.Proved));

    /// <summary>Warms the cache, asks, and lets the change commit between the decision and the record.</summary>
    private async Task<LookUpResult> AskAsync(Source cache, Func<TestDesk, Task<LookUp>> lookUp, Func<Task> change)
    {
        await using var warming = await _town.StartGatewayAsync(_town.Settings("warming") with { StorePatience = Deadline, StoreLongest = Deadline });
        using var first = new TestDesk(warming.Address, _terminal);
        await first.AskAsync(await lookUp(first));
        if (cache == Source.Process) return await AskAsync(first, lookUp, change);

        // Another gateway's memory is empty: it has the guess from Redis.
        await using var other = await _town.StartGatewayAsync(_town.Settings("other") with { StorePatience = Deadline, StoreLongest = Deadline });
        using var second = new TestDesk(other.Address, _terminal);
        return await AskAsync(second, lookUp, change);
    }

    private async Task<LookUpResult> AskAsync(TestDesk desk, Func<TestDesk, Task<LookUp>> lookUp, Func<Task> change)
    {
        var asking = await lookUp(desk);
        Task<LookUpResult> asked;
        await using (await HoldRecordsAsync())
        {
            asked = desk.AskAsync(asking);
            await _town.Database.UntilSomebodyWaitsForALockAsync();
            await change();
            Assert.False(asked.IsCompleted);
        }
        return await asked;
    }

    /// <summary>Until it is disposed of, nobody can insert a record.</summary>
    private async Task<NpgsqlConnection> HoldRecordsAsync()
    {
        var holder = await _town.Database.OpenAsSuperuserAsync();
        await holder.ExecuteAsync("BEGIN; LOCK TABLE access_record IN EXCLUSIVE MODE");
        return holder;
    }
}
