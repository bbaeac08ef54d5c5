using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Operator;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Tests.Lists.CertificatesDue;

/// <summary>The command as an insurer's operator runs it, with the rights of the feed alone.</summary>
public sealed class CertificatesDueTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Those_who_are_due_are_listed_and_nobody_else()
    {
        var today = TestTown.Today;
        var none = await _town.AddPersonAsync();
        var notRegistered = await _town.AddPersonAsync();
        await _town.AddCardAsync(notRegistered, registered: false);
        var lapsed = await _town.AddPersonAsync();
        await _town.AddCardAsync(lapsed, notBefore: TestTown.Now.AddYears(-5), notAfter: TestTown.Now.AddDays(-3));
        var lost = await _town.AddPersonAsync();
        await _town.AddCardAsync(lost, status: CardStatus.Lost);
        var ended = await _town.AddPersonAsync();
        await _town.AddCardAsync(ended, lastDay: today.AddDays(-1), term: CardTerm.PeriodOfStay);
        await _town.AddCardAsync(await _town.AddPersonAsync(), lastDay: today, term: CardTerm.PeriodOfStay);
        var ends = await _town.AddPersonAsync();
        await _town.AddCardAsync(ends);
        await HoldsAsync(ends, today.AddMonths(3));

        var usable = await _town.AddPersonAsync();
        await _town.AddCardAsync(usable);
        // The old card is lost, the new one good.
        await _town.AddCardAsync(usable, status: CardStatus.Lost);
        await HoldsAsync(await _town.AddPersonAsync(), today.AddMonths(3).AddDays(1));
        await _town.AddPersonAsync(insurer: TestTown.Union);
        await _town.AddPersonAsync(lostOn: today);

        var command = await RunAsync(TestTown.Employees.ToString(), JapanTime.Format(today));
        Assert.Equal((0, ""), (command.ExitCode, command.Errors));
        Assert.Equal(
            [
                "person_id,symbol,number,branch,name,birth_date,due,card,certificate_until",
                Row(none, "none_held,none,"), Row(notRegistered, "none_held,not_registered,"), Row(lapsed, "none_held,lapsed,"),
                Row(lost, "none_held,none,"), Row(ended, "none_held,lapsed,"), Row(ends, $"ends,usable,{JapanTime.Format(today.AddMonths(3))}"),
            ],
            command.Output.TrimEnd('\n').Split('\n'));
    }

    // saitama-koukikourei.org: from 2026-08 whatever the card is, from the 85th birthday on.
    [Fact]
    public async Task In_the_scheme_for_75_and_over_who_is_85_is_listed_with_a_card_that_works()
    {
        var scheme = InsurerNumber.TryParse("39131156", out var number) ? number : default;
        await _town.DeliverAsync(new InsurerDelivery { Insurers = [new InsurerEntry(scheme, "Test scheme")] });
        var of85 = await _town.AddPersonAsync(birthDate: new DateOnly(1941, 8, 1), insurer: scheme, acquiredOn: new DateOnly(2016, 8, 1));
        var of84 = await _town.AddPersonAsync(birthDate: new DateOnly(1941, 8, 2), insurer: scheme, acquiredOn: new DateOnly(2016, 8, 2));
        foreach (var person in (TestPerson[])[of85, of84]) await _town.AddCardAsync(person);
        Assert.Equal([Row(of85, "none_held,usable,")], await ListAsync("2026-08-01"));
        Assert.Equal([Row(of85, "none_held,usable,"), Row(of84, "none_held,usable,")], await ListAsync("2026-08-02"));

        async Task<string[]> ListAsync(string on) => (await RunAsync(scheme.ToString(), on)).Output.TrimEnd('\n').Split('\n')[1..];
    }

    [Fact]
    public async Task What_is_wrong_is_told_on_one_line()
    {
        await _town.AddPersonAsync();
        (await RunAsync("12", "2026-10-15")).AssertRefused("--insurer");
        (await RunAsync("01130012", "2026-02-31")).AssertRefused("--on");
        (await RunAsync("39131156", "2026-10-15")).AssertRefused("not known to the store");
        (await RunAsync(TestTown.Employees.ToString(), "2026-10-15", StoreRole.Operator)).AssertRefused("the role may not do that");
    }

    private static string Row(TestPerson person, string rest) =>
        $"{person.Id},{person.Numbers.Symbol},{person.Numbers.Number},{person.Numbers.Branch},{person.Name},{JapanTime.Format(person.BirthDate)},{rest}";

    private Task HoldsAsync(TestPerson person, DateOnly until) =>
        _town.DeliverAsync(new InsurerDelivery { EligibilityCertificates = [new EligibilityCertificateEntry(person.Id, person.Id, person.CoverageId, TestTown.Today.AddYears(-1), until)] });

    private Task<GatewayCommand> RunAsync(string insurer, string on, StoreRole role = StoreRole.InsurerFeed) =>
        GatewayCommand.RunAsync("insurer", "certificates-due", "--insurer", insurer, "--on", on, "--insurer-feed", _town.Database.ConnectionString(role));
}
