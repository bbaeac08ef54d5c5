using System.Text.Json;
using EligibilityGateway.Rules.Facts;
using MemoryPack;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Facts;

/// <summary>What a cache keeps of a person is all that the store held.</summary>
public sealed class SnapshotFormTests
{
    [Fact]
    public void A_snapshot_comes_out_of_the_cache_as_it_went_in()
    {
        var day = Day("2026-08-01");
        var person = Person(
            "1954-05-05",
            [Coverage("2020-04-01") with { InsuredName = "試験　世帯主", LossReason = 3, HouseholdContinuesOn = day, InsuredTurned75On = day }],
            [Burden(20, "2026-08-01") with { IssuedOn = day }],
            [Limit("B05", "2026-08-01") with { IssuedOn = day, LongTermOn = day }],
            [Disease(1, 10_000, "2026-08-01") with { IssuedOn = day }],
            [Certificate("2026-08-01", "2027-07-31")]) with
        {
            Details = [new PersonDetail(day, "試験　花子", "ｼｹﾝ ﾊﾅｺ", "別名", Sex.Female, day, "住所", "123-4567", "ﾍﾞﾂﾒｲ", Sex.NotSet)],
            WithheldLimits = [new WithheldLimitFact(1, day, null)],
            MedicalTickets = [new MedicalTicketFact(1, day, day, day, "0110113719", "2714206386", 10, new TicketDetails { Injury1 = "病名" })],
        };
        var again = MemoryPackSerializer.Deserialize<PersonSnapshot>(MemoryPackSerializer.Serialize(person));
        Assert.Equal(JsonSerializer.Serialize(person), JsonSerializer.Serialize(again));
    }
}
