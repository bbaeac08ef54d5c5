using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Appointments;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>The birth date that belongs to a document's numbers can't be guessed, wherever it is tried; and nobody can be locked out.</summary>
public sealed class DocumentMissTests(TestStores stores) : IAsyncLifetime
{
    /// <summary>See 0019_document_misses.sql.</summary>
    private const int MostADay = 20;

    private TestTown _town = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private TestPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _first = await _town.StartGatewayAsync(_town.Settings("first"));
        _second = await _town.StartGatewayAsync(_town.Settings("second"));
        _person = await _town.AddCertifiedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task Of_three_hundred_guesses_at_once_from_many_institutions_twenty_are_answered()
    {
        var desks = new List<TestDesk>();
        for (var n = 0; n < 10; n++)
        {
            var digits = $"01101{n:0000}";
            desks.Add(new TestDesk((n % 2 == 0 ? _first : _second).Address, await _town.AddTerminalAsync(TerminalRole.Reception, institution: digits + Luhn.CheckDigit(digits))));
        }
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, 300).Select(guess => AskAsync(desks[guess % desks.Count], Wrong(guess))));
            Assert.Equal(MostADay, answers.Count(result => result.Answer?.Validity == Validity.NotFound));
            Assert.Equal(300 - MostADay, answers.Count(result => result.Refusal?.Remedy.Reason == Reason.TooManyMisses));
            // Not even the right one says now that it is.
            Assert.Equal(Reason.TooManyMisses, (await desks[0].AskAsync(TestDesk.Typed(_person))).Refusal.Remedy.Reason);
            // Other documents and the person's card are asked nothing.
            Assert.Equal(Validity.Valid, (await desks[0].AskAsync(TestDesk.Typed(await _town.AddCertifiedAsync()))).Answer.Validity);
            Assert.Equal(Validity.Valid, (await desks[1].TapAsync(await _town.AddCardAsync(_person))).Answer.Validity);
        }
        finally
        {
            foreach (var desk in desks) desk.Dispose();
        }
    }

    [Fact]
    public async Task After_ten_minutes_there_is_one_try_and_the_next_day_begins_anew()
    {
        using var desk = new TestDesk(_first.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        for (var guess = 1; guess <= MostADay; guess++) Assert.Equal(Validity.NotFound, (await desk.AskAsync(Wrong(guess))).Answer.Validity);
        Assert.Equal(Reason.TooManyMisses, (await desk.AskAsync(TestDesk.Typed(_person))).Refusal.Remedy.Reason);

        await _town.Database.ExecuteAsync(StoreRole.Owner, "UPDATE document_miss SET tried_at = tried_at - interval '10 minutes'");
        Assert.Equal(Validity.Valid, (await desk.AskAsync(TestDesk.Typed(_person))).Answer.Validity);
        Assert.Equal(Reason.TooManyMisses, (await desk.AskAsync(TestDesk.Typed(_person))).Refusal.Remedy.Reason);

        await _town.Database.ExecuteAsync(StoreRole.Owner, "UPDATE document_miss SET day = day - 2");
        Assert.Equal(Validity.Valid, (await desk.AskAsync(TestDesk.Typed(_person))).Answer.Validity);
        await _town.Database.ExecuteAsync(StoreRole.Owner, "SELECT forget_document_misses()");
        Assert.Equal(0, await _town.Database.ReadAsync<long>("SELECT count(*) FROM document_miss"));
    }

    [Fact]
    public async Task Rows_in_bulk_count_too()
    {
        using var site = new AppointmentDesk(_first.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        var guesses = Enumerable.Range(1, MostADay + 5).Select(guess => new Appointment { RowId = $"{guess}", Document = Wrong(guess).Document });
        var results = await site.AskAsync(AppointmentDesk.Batch([.. guesses, AppointmentDesk.Row(_person)]));
        Assert.Equal(MostADay, results.Count(result => result.Answer?.Validity == Validity.NotFound));
        Assert.Equal(6, results.Count(result => result.Refusal?.Remedy.Reason == Reason.TooManyMisses));
        Assert.Equal(results.Count, await _town.Database.ReadAsync<long>("SELECT count(*) FROM access_record"));
        Assert.Equal(Reason.TooManyMisses, (await site.Desk.AskAsync(TestDesk.Typed(_person))).Refusal.Remedy.Reason);
    }

    [Fact]
    public async Task A_refusal_for_it_costs_the_terminal_a_miss()
    {
        await using var strict = await _town.StartGatewayAsync(_town.Settings("strict") with { MissBudget = MostADay + 3, MissPeriod = TimeSpan.FromDays(36_525) });
        using var desk = new TestDesk(strict.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
        for (var guess = 1; guess <= MostADay + 3; guess++) await desk.AskAsync(Wrong(guess));
        // One more in half a minute, then not even another number.
        var other = TestDesk.Typed(await _town.AddCertifiedAsync());
        await desk.AskAsync(Wrong(100));
        Assert.Equal(Reason.TooManyMisses, (await desk.AskAsync(other)).Refusal.Remedy.Reason);
    }

    private LookUp Wrong(int guess) => TestDesk.Typed(_person, birthDate: _person.BirthDate.AddDays(guess));

    /// <summary>One that is one too many under way is sent again.</summary>
    private static async Task<LookUpResult> AskAsync(TestDesk desk, LookUp lookUp)
    {
        while (true)
        {
            try
            {
                return await desk.AskAsync(lookUp);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                // Others are answered meanwhile.
                await Task.Yield();
            }
        }
    }
}
