using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Feeds.Insurers;

public sealed class InsurerFeedTests(TestStores stores) : IAsyncLifetime
{
    private const long Person = 7;
    private const long Coverage = 70;

    private TestDatabase _database = null!;
    private NpgsqlDataSource _store = null!;
    private InsurerFeed _feed = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await stores.CreateDatabaseAsync();
        _store = NpgsqlDataSource.Create(_database.ConnectionString(StoreRole.InsurerFeed));
        _feed = new InsurerFeed(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_is_in_whole_and_raises_the_version()
    {
        Assert.Equal(new DeliveryOutcome.Accepted(3), await DeliverAsync(Insured()));
        Assert.True(await VersionAsync() > 1);
        Assert.Equal(1, await CountAsync("coverage"));
        Assert.Equal(1, await CountAsync("burden"));
    }

    [Fact]
    public async Task The_same_delivery_again_changes_nothing()
    {
        await DeliverAsync(Insured());
        var version = await VersionAsync();
        Assert.Equal(new DeliveryOutcome.Accepted(0), await DeliverAsync(Insured()));
        Assert.Equal(version, await VersionAsync());
    }

    [Fact]
    public async Task A_changed_fact_becomes_the_next_revision_and_the_former_stays()
    {
        await DeliverAsync(Insured());
        var version = await VersionAsync();
        var ended = CoverageOf(Person) with { LostOn = new DateOnly(2026, 10, 1), LossReason = 99 };
        Assert.Equal(new DeliveryOutcome.Accepted(1), await DeliverAsync(new InsurerDelivery { Coverages = [ended] }));
        Assert.Equal([0, 1], await RevisionsAsync());
        Assert.True(await VersionAsync() > version);
    }

    [Fact]
    public async Task A_withdrawn_fact_stays_as_a_revision_and_comes_back_when_put_again()
    {
        await DeliverAsync(Insured());
        var withdrawal = new InsurerDelivery { Withdrawals = [new FactReference(FactKind.Coverage, Coverage)] };
        Assert.Equal(new DeliveryOutcome.Accepted(1), await DeliverAsync(withdrawal));
        Assert.Equal(new DeliveryOutcome.Accepted(0), await DeliverAsync(withdrawal));
        Assert.Equal(new DeliveryOutcome.Accepted(1), await DeliverAsync(Insured()));
        Assert.Equal([0, 1, 2], await RevisionsAsync());
    }

    [Fact]
    public async Task Names_of_another_day_stand_beside_the_former()
    {
        await DeliverAsync(Insured());
        var married = PersonOf(Person) with { ValidFrom = new DateOnly(2026, 6, 1), Name = "新姓　花子" };
        Assert.Equal(new DeliveryOutcome.Accepted(1), await DeliverAsync(new InsurerDelivery { Persons = [PersonOf(Person), married] }));
        Assert.Equal(2, await CountAsync("person_detail"));
    }

    [Fact]
    public async Task Changed_numbers_raise_the_keys_of_both_documents()
    {
        await DeliverAsync(Insured());
        var renumbered = CoverageOf(Person) with { Numbers = Numbers("43") };
        await DeliverAsync(new InsurerDelivery { Coverages = [renumbered] });
        Assert.Equal(2, await CountAsync("document_key"));
        await using var connection = await _database.OpenAsSuperuserAsync();
        Assert.True(await connection.ExecuteScalarAsync<long>("SELECT min(version) + max(version) FROM eligibility.document_key") >= 3);
    }

    [Fact]
    public async Task A_fact_of_another_person_is_refused()
    {
        await DeliverAsync(Insured());
        var moved = new InsurerDelivery { Persons = [PersonOf(8)], Coverages = [CoverageOf(8)] };
        Assert.Equal(new DeliveryOutcome.Refused(DeliveryFault.AnotherPersons, FactKind.Coverage, Coverage), await DeliverAsync(moved));
        Assert.Equal(1, await CountAsync("person"));
    }

    [Fact]
    public async Task Unknown_persons_insurers_coverages_and_facts_are_refused()
    {
        Assert.Equal(DeliveryFault.InsurerUnknown, await FaultAsync(new InsurerDelivery { Persons = [PersonOf(Person)], Coverages = [CoverageOf(Person)] }));
        Assert.Equal(DeliveryFault.PersonUnknown, await FaultAsync(Insured() with { Persons = [] }));
        Assert.Equal(DeliveryFault.CoverageUnknown, await FaultAsync(Insured() with { Burdens = [BurdenOf(Person) with { CoverageId = 71 }] }));
        Assert.Equal(DeliveryFault.FactUnknown, await FaultAsync(new InsurerDelivery { Withdrawals = [new FactReference(FactKind.Limit, 1)] }));
        Assert.Equal(0, await CountAsync("person"));
    }

    [Fact]
    public async Task An_insurer_keeps_its_name()
    {
        await DeliverAsync(Insured());
        Assert.Equal(DeliveryFault.InsurerNamedOtherwise, await FaultAsync(new InsurerDelivery { Insurers = [new InsurerEntry(Insurer(), "別の組合")] }));
    }

    [Theory]
    [InlineData("見本　123456789018", DeliveryFault.LooksLikeMyNumber)]
    [InlineData("", DeliveryFault.TextUnfit)]
    [InlineData("見\u0007本", DeliveryFault.TextUnfit)]
    public async Task Unfit_names_are_refused(string name, DeliveryFault fault) =>
        Assert.Equal(fault, await FaultAsync(new InsurerDelivery { Persons = [PersonOf(Person) with { Name = name }] }));

    [Fact]
    public async Task What_can_not_be_is_refused()
    {
        Assert.Equal(DeliveryFault.TwiceInDelivery, await FaultAsync(Insured() with { Coverages = [CoverageOf(Person), CoverageOf(Person)] }));
        Assert.Equal(DeliveryFault.EndsBeforeItBegins, await FaultAsync(Insured() with { Coverages = [CoverageOf(Person) with { LostOn = new DateOnly(2000, 1, 1) }] }));
        Assert.Equal(DeliveryFault.CodeUnknown, await FaultAsync(Insured() with { Burdens = [BurdenOf(Person) with { Percent = 40 }] }));
        Assert.Equal(
            DeliveryFault.TwiceInDelivery,
            await FaultAsync(Insured() with { Withdrawals = [new FactReference(FactKind.Coverage, Coverage)] }));
    }

    [Fact]
    public async Task Two_feeds_at_once_lose_no_change()
    {
        await DeliverAsync(Insured());
        await Task.WhenAll(Enumerable.Range(1, 8).Select(n => DeliverAsync(new InsurerDelivery
        {
            Coverages = [CoverageOf(Person) with { LostOn = new DateOnly(2026, 10, n), LossReason = 99 }],
        })));
        Assert.Equal(Enumerable.Range(0, 9), await RevisionsAsync());
    }

    private static InsurerDelivery Insured() => new()
    {
        Insurers = [new InsurerEntry(Insurer(), "見本健康保険組合")],
        Persons = [PersonOf(Person)],
        Coverages = [CoverageOf(Person)],
        Burdens = [BurdenOf(Person)],
    };

    private static PersonEntry PersonOf(long id) =>
        new(id, new DateOnly(1954, 2, 3), "見本　花子", "ﾐﾎﾝ ﾊﾅｺ", "", Sex.Female, new DateOnly(1954, 2, 3), "", "");

    private static CoverageEntry CoverageOf(long person) => new(
        Coverage, person, Insurer(), "01", Numbers("42"), Relation.Insured, "", new DateOnly(2020, 4, 1), null, null);

    private static BurdenEntry BurdenOf(long person) =>
        new(700, person, Coverage, 20, new DateOnly(2026, 7, 20), new DateOnly(2026, 8, 1), new DateOnly(2027, 7, 31));

    private static InsurerNumber Insurer()
    {
        Assert.True(InsurerNumber.TryParse("06139992", out var number));
        return number;
    }

    private static DocumentNumbers Numbers(string number)
    {
        Assert.Null(DocumentNumbers.TryParse("記12", number, "00", out var numbers));
        return numbers;
    }

    private Task<DeliveryOutcome> DeliverAsync(InsurerDelivery delivery) => _feed.DeliverAsync(delivery, TestContext.Current.CancellationToken);

    private async Task<DeliveryFault> FaultAsync(InsurerDelivery delivery) =>
        Assert.IsType<DeliveryOutcome.Refused>(await DeliverAsync(delivery)).Fault;

    private async Task<long> VersionAsync()
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        return await connection.ExecuteScalarAsync<long>("SELECT version FROM eligibility.person WHERE person_id = @Person", new { Person });
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        return await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM eligibility.{table}");
    }

    private async Task<IEnumerable<int>> RevisionsAsync()
    {
        await using var connection = await _database.OpenAsSuperuserAsync();
        return await connection.QueryAsync<int>("SELECT revision FROM eligibility.coverage ORDER BY revision");
    }
}
