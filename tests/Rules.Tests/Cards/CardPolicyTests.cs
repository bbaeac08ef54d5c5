using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Tests.Cards;

/// <summary>Rows of data about cards: src/Gateway/Cards/*.json.</summary>
public sealed class CardPolicyTests
{
    // Hospitals, clinics and pharmacies since 2025-09-19: ascii.jp/elem/000/004/316/4316751. Ambulances: the plastic card only.
    [Theory]
    [InlineData(TerminalRole.Reception, "2025-09-18", false)]
    [InlineData(TerminalRole.Reception, "2025-09-19", true)]
    [InlineData(TerminalRole.Pharmacy, "2025-09-19", true)]
    [InlineData(TerminalRole.Ambulance, "2026-10-15", false)]
    [InlineData(TerminalRole.HospitalEmergency, "2026-10-15", false)]
    [InlineData(TerminalRole.Insurer, "2026-10-15", false)]
    public void Which_terminals_accept_a_phone(TerminalRole role, string day, bool accepted) => Assert.Equal(accepted, PhonePolicy.Accepts(role, DateOnly.Parse(day)));

    // Leap day: the tenth birthday of who was born on 29 February is not before the 28th.
    [Theory]
    [InlineData(CardTerm.Birthday, "2026-10-15", "2036-10-15")]
    [InlineData(CardTerm.PeriodOfStay, "2026-10-15", "2036-10-15")]
    [InlineData(CardTerm.Birthday, "2024-02-29", "2034-02-28")]
    public void How_long_a_card_may_last(CardTerm term, string issued, string until) => Assert.Equal(DateOnly.Parse(until), CardTermPolicy.LongestUntil(term, DateOnly.Parse(issued)));

    [Fact]
    public void Each_row_names_its_source()
    {
        Assert.All(ExpiryRule.All.Select(row => row.Source).Concat(PhonePolicy.All.Select(row => row.Source)).Concat(CardTermPolicy.All.Select(row => row.Source)), source => Assert.NotEmpty(source.Trim()));
        // Each day has its rule, and one only.
        foreach (var of in Enum.GetValues<ExpiryOf>())
            for (var day = new DateOnly(2016, 1, 1); day < new DateOnly(2060, 1, 1); day = day.AddDays(1))
                Assert.Single(ExpiryRule.All, row => row.Of == of && !(day < row.From) && !(row.Until < day));
    }
}
