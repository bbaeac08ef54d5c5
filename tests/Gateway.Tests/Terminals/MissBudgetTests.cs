using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Terminals;

/// <summary>Two gateways on one Redis, with a budget of five misses.</summary>
public sealed class MissBudgetTests(TestStores stores) : IAsyncLifetime
{
    private const int Budget = 5;

    // No period ends amid a test.
    private static readonly TimeSpan Century = TimeSpan.FromDays(36_525);

    private TestTown _town = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private TestPerson _person = null!;
    private TestTerminal _guesser = null!;
    private int _guesses;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _person = await _town.AddPersonAsync();
        _guesser = await _town.AddTerminalAsync(TerminalRole.Reception, name: "guesser");
        _first = await _town.StartGatewayAsync(_town.Settings("first") with { MissBudget = Budget, MissPeriod = Century });
        _second = await _town.StartGatewayAsync(_town.Settings("second") with { MissBudget = Budget, MissPeriod = Century });
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task Who_guesses_numbers_is_refused_with_the_remedy_at_every_gateway_and_others_are_not()
    {
        using var desk = new TestDesk(_first.Address, _guesser);
        using var elsewhere = new TestDesk(_second.Address, _guesser);
        // Spread over both: the budget is one.
        for (var miss = 0; miss < Budget; miss++) Assert.Equal(Validity.NotFound, (await GuessAsync(miss % 2 == 0 ? desk : elsewhere)).Answer.Validity);

        // From now on one in half a minute, at whichever gateway.
        Assert.Equal(Validity.NotFound, (await GuessAsync(desk)).Answer.Validity);
        foreach (var at in new[] { desk, elsewhere })
        {
            var remedy = (await GuessAsync(at)).Refusal.Remedy;
            Assert.Equal((Reason.TooManyMisses, Mender.Site), (remedy.Reason, remedy.Mender));
            Assert.NotEqual("", remedy.DeskDoes.Ja);
        }

        // A card is not held back, nor is another terminal.
        Assert.Equal(Validity.Valid, (await desk.TapAsync(await _town.AddCardAsync(_person))).Answer.Validity);
        using var other = new TestDesk(_first.Address, await _town.AddTerminalAsync(TerminalRole.Reception, name: "other"));
        Assert.Equal(Validity.NotFound, (await GuessAsync(other)).Answer.Validity);
    }

    [Fact]
    public async Task However_many_guess_at_once_no_more_than_the_budget_is_answered()
    {
        using var desk = new TestDesk(_first.Address, _guesser);
        using var elsewhere = new TestDesk(_second.Address, _guesser);
        var answered = await AnsweredAsync(Enumerable.Range(0, 300).Select(guess => (guess % 2 == 0 ? desk : elsewhere, Guess())).ToList());
        // And the one of the half minute; what one gateway holds of it in advance the other can't give.
        Assert.InRange(answered, Budget, Budget + 1);
    }

    [Fact]
    public async Task Nor_where_many_terminals_of_an_institution_do()
    {
        var desks = new List<TestDesk>();
        for (var terminal = 0; terminal < 20; terminal++)
            desks.Add(new TestDesk(terminal % 2 == 0 ? _first.Address : _second.Address, await _town.AddTerminalAsync(TerminalRole.Reception, name: $"guesser-{terminal}")));
        try
        {
            // Each terminal's own budget and try would allow 20 x 6.
            var answered = await AnsweredAsync(desks.SelectMany(desk => Enumerable.Range(0, 10).Select(_ => (desk, Guess()))).ToList());
            Assert.InRange(answered, 9 * Budget, (10 * Budget) + 1 + desks.Count);
        }
        finally
        {
            foreach (var desk in desks) desk.Dispose();
        }
    }

    [Fact]
    public async Task An_institution_has_a_budget_too()
    {
        for (var terminal = 0; terminal < 10; terminal++)
        {
            using var desk = new TestDesk(_first.Address, await _town.AddTerminalAsync(TerminalRole.Reception, name: $"guesser-{terminal}"));
            for (var miss = 0; miss < Budget; miss++) await GuessAsync(desk);
        }
        using var last = new TestDesk(_second.Address, _guesser);
        Assert.Equal(Validity.NotFound, (await GuessAsync(last)).Answer.Validity);
        Assert.Equal(Reason.TooManyMisses, (await GuessAsync(last)).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task A_hit_costs_nothing_of_the_budget_and_a_wrong_birth_date_as_much_as_an_unknown_number()
    {
        await _town.DeliverAsync(new() { EligibilityCertificates = [new(1, _person.Id, _person.CoverageId, TestTown.Today.AddMonths(-1), TestTown.Today.AddYears(1))] });
        using var desk = new TestDesk(_first.Address, _guesser);
        for (var hit = 0; hit < 2 * Budget; hit++) Assert.Equal(Validity.Valid, (await desk.AskAsync(TestDesk.Typed(_person))).Answer.Validity);
        // The budget's misses, and the one of the first half minute.
        for (var miss = 0; miss <= Budget; miss++)
            Assert.Equal(Validity.NotFound, (await desk.AskAsync(TestDesk.Typed(_person, birthDate: _person.BirthDate.AddDays(1 + miss)))).Answer.Validity);
        Assert.Equal(Reason.TooManyMisses, (await desk.AskAsync(TestDesk.Typed(_person))).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task What_was_answered_before_is_answered_again_though_the_budget_is_used_up()
    {
        using var desk = new TestDesk(_first.Address, _guesser);
        var guess = Guess();
        var answer = await desk.AskAsync(guess);
        for (var miss = 1; miss < Budget; miss++) await GuessAsync(desk);
        await GuessAsync(desk);
        Assert.Equal(Reason.TooManyMisses, (await GuessAsync(desk)).Refusal.Remedy.Reason);
        Assert.Equal(answer, await desk.AskAsync(guess));
    }

    private Task<LookUpResult> GuessAsync(TestDesk desk) => desk.AskAsync(Guess());

    private LookUp Guess()
    {
        var guess = TestDesk.Typed(_person);
        guess.Document.Number = $"99{++_guesses:000}";
        return guess;
    }

    /// <summary>How many of the guesses were answered, all of them sent at once; one that is one too many under way is sent again.</summary>
    private static async Task<int> AnsweredAsync(IEnumerable<(TestDesk Desk, LookUp Guess)> guesses)
    {
        var answers = await Task.WhenAll(guesses.Select(async one =>
        {
            while (true)
            {
                try
                {
                    return await one.Desk.AskAsync(one.Guess);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
                {
                    // Others are answered meanwhile.
                    await Task.Yield();
                }
            }
        }));
        Assert.All(answers, answer => Assert.True(answer.Answer?.Validity == Validity.NotFound || answer.Refusal?.Remedy.Reason == Reason.TooManyMisses));
        return answers.Count(answer => answer.Answer is not null);
    }
}
