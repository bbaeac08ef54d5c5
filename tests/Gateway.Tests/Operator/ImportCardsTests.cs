using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Cards;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary><c>gateway import cards</c> on a real database, and what desks are told afterwards.</summary>
public sealed class ImportCardsTests(TestStores stores) : IAsyncLifetime
{
    private const string Header = "sequence,kind,card,at,person,certificate,carrier,channel,replaced_by,until,term\n";
    private const string At = "2026-01-15T09:00:00+09:00";

    private TestTown _town = null!;
    private TestPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _person = await _town.AddPersonAsync();
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task A_cards_life_comes_by_file_and_the_same_file_again_changes_nothing()
    {
        var (card, phone, fresh) = (TestTown.IssueCard(TestTown.Now.AddYears(-2)), TestTown.IssueCard(TestTown.Now.AddYears(-1)), TestTown.IssueCard(TestTown.Now.AddDays(-1)));
        var file = Write(
            Issued(1, card, "plastic", JapanTime.Format(TestTown.Today.AddYears(2)), "period-of-stay"),
            Issued(2, phone, "phone"),
            $"3,registered,{card.CardKey},{At},,,,portal,,,",
            $"4,registered,{phone.CardKey},{At},,,,reader,,,",
            $"6,found,{card.CardKey},{At},,,,,,,",
            $"5,lost,{card.CardKey},{At},,,,,,,",
            Issued(7, fresh),
            $"8,replaced,{card.CardKey},{At},,,,,{fresh.CardKey},,");
        AssertSaid("Done: 8 rows are in, 0 changed nothing.", await ImportAsync(file));
        // With which file a card's state came, in the same transaction, and who handed that in.
        Assert.Equal("eg_card_office 127.0.0.1", await _town.Database.ReadAsync<string>(
            """
            SELECT concat_ws(' ', f.done_by, host(f.from_where)) FROM operator_act a JOIN operator_act f ON f.done_in = a.done_in AND f.act = 'import card office'
            WHERE a.act = 'card replaced' AND a.card_key = $1 AND f.changed->>'kind' = 'cards' AND f.changed->>'file_hash' = '\x' || encode($2, 'hex')
            """,
            card.CardKey,
            System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))));

        await using var gateway = await _town.StartGatewayAsync();
        using var desk = new TestDesk(gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        Assert.Equal(Reason.CardReplaced, (await desk.TapAsync(card)).Refusal.Remedy.Reason);
        Assert.Equal(Validity.Valid, (await desk.TapAsync(fresh)).Answer.Validity);
        Assert.Equal(Reason.PhoneEnded, (await desk.TapAsync(phone)).Refusal.Remedy.Reason);

        var states = await _town.Database.ReadAsync<long>("SELECT count(*) FROM card_state");
        AssertSaid("Done: 0 rows are in, 8 changed nothing.", await ImportAsync(file));
        Assert.Equal(1, await _town.Database.ReadAsync<long>("SELECT count(*) FROM operator_act WHERE act = 'import card office'"));
        Assert.Equal(states, await _town.Database.ReadAsync<long>("SELECT count(*) FROM card_state"));

        AssertSaid("Done: 1 row is in", await ImportAsync(Write($"9,died,{fresh.CardKey},{At},,,,,,,")));
        Assert.Equal(Reason.CardHolderDied, (await desk.TapAsync(phone)).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task A_file_at_fault_changes_nothing_and_each_error_is_told_by_its_line()
    {
        var (card, known) = (TestTown.IssueCard(), await _town.AddCardAsync(_person));
        var foreign = Convert.ToBase64String([0x30, 0x03, 0x02, 0x01, 0x01]);
        var rejected = await ImportAsync(Write(
            Issued(1, card),
            $"2,lost,{Guid.NewGuid()},{At},,,,,,,",
            $"2,found,{card.CardKey},{At},,,,,,,",
            $"3,issued,,{At},{_person.Id},{foreign},,,,,",
            $"4,registered,{card.CardKey},{At},,,,bank,,,",
            $"5,stolen,{card.CardKey},{At},,,,,,,",
            $"6,lost,{new string('0', 12)},2099-01-01T00:00:00Z,,,,,,,",
            Issued(7, known),
            $"8,issued,,{At},999999,{Convert.ToBase64String(TestTown.IssueCard().Certificate)},,,,,",
            $"9,extended,{card.CardKey},{At},,,,,,,",
            $"10,lost,{card.CardKey},{At},7,,,,,,"));
        Assert.Equal(1, rejected.ExitCode);
        foreach (var said in (string[])
        [
            "line 3, card: error: neither", "line 4, sequence: error: is used twice", "line 5, certificate: error: can't be used", "line 6, channel: error:", "line 7, kind: error: must be one of issued",
            "line 8, card: error: is taken for a My Number", "line 8, at: error: lies ahead", "line 9, certificate: error: the card is known", "line 10, person: error: the store knows no such",
            "line 11, until: error:", "line 12, person: error: must be empty",
        ])
            Assert.Contains(said, rejected.Output, StringComparison.Ordinal);
        Assert.Contains("Rejected for 11 errors: nothing was changed.", rejected.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('0', 12), rejected.Output + rejected.Errors, StringComparison.Ordinal);
        Assert.Equal(1L, await _town.Database.ReadAsync<long>("SELECT count(*) FROM card"));
    }

    [Fact]
    public async Task A_last_day_that_no_card_can_have_is_a_warning()
    {
        var warned = await ImportAsync(Write(Issued(1, TestTown.IssueCard(), until: JapanTime.Format(TestTown.Today.AddYears(12)), term: "birthday")));
        AssertSaid("line 2, until: warning: is later than a card can last", warned);
        AssertSaid("Done: 1 row is in", warned);
    }

    // A card that a step could not take is in the next one, and the order of the numbers stays.
    [Fact]
    public async Task Many_cards_come_in_steps_of_at_most_2000()
    {
        var events = Enumerable.Range(1, 4_500).Select(n => new CardEvent(n, CardEventKind.Lost, new Guid(n, 0, 0, new byte[8]), TestTown.Now, n)).ToList();
        var steps = CardImport.Steps(events).ToList();
        Assert.Equal(events, steps.SelectMany(step => step));
        Assert.All(steps, step => Assert.InRange(step.Count, 1, CardImport.MostCards));

        // And what a step reads is enough to write it: one of each kind of card, over a store.
        await using var source = NpgsqlDataSource.Create(_town.Database.ConnectionString(StoreRole.CardOffice));
        var anchors = TrustAnchors.Load(_town.Settings().CardAuthorities);
        await using var file = File.OpenRead(Write(Issued(1, TestTown.IssueCard()), Issued(2, TestTown.IssueCard())));
        Assert.Equal(new FileOutcome(0, 2, 0), await new CardImport(source, anchors, TimeProvider.System).ImportAsync(file, fault => Assert.Fail(fault.ToString()), CancellationToken.None));
    }

    private string Issued(int sequence, TestCard card, string carrier = "", string until = "", string term = "") =>
        $"{sequence},issued,,{At},{_person.Id},{Convert.ToBase64String(card.Certificate)},{carrier},,,{until},{term}";

    private static void AssertSaid(string what, GatewayCommand command)
    {
        Assert.Equal((0, ""), (command.ExitCode, command.Errors));
        Assert.Contains(what, command.Output, StringComparison.Ordinal);
    }

    private Task<GatewayCommand> ImportAsync(string file) => GatewayCommand.RunAsync(
        "import", "cards", file, "--card-authorities", _town.Settings().CardAuthorities, "--card-office", _town.Database.ConnectionString(StoreRole.CardOffice));

    private string Write(params string[] rows)
    {
        var file = Path.Combine(_town.Folder, "cards.csv");
        File.WriteAllText(file, Header + string.Join('\n', rows) + "\n");
        return file;
    }
}
