using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>Makes one person of a household: names, coverages, and the facts that hang on them.</summary>
internal static class PersonMaker
{
    private const int CoveragesOfOne = 4;
    private const int ClinicalFactsOfOne = 4;

    private static readonly DateOnly LateElderlySchemeBegan = new(2008, 4, 1);

    public static SyntheticPerson Make(ulong seed, Household household, int position, DateOnly day, Func<long, CertificateFacts?>? cardOf)
    {
        var index = household.Place.FirstIndex + position;
        var member = household.Members[position];
        var dice = new Dice(seed, DiceUse.Person, index);
        var identity = Identity(index, household, member, dice);
        var card = CardMaker.Make(seed, index, member.BirthDate, day, cardOf?.Invoke(index));
        var coverages = Coverages(index, household, position, identity.Name, day, dice);
        var counting = coverages.FindLast(coverage => coverage.AcquiredOn <= day && (coverage.LostOn is not { } lost || day < lost));

        BurdenEntry? burden = null;
        LimitEntry? limit = null;
        SpecificDiseaseEntry? disease = null;
        EligibilityCertificateEntry? certificate = null;
        if (counting is not null)
        {
            burden = CoverageFacts.Burden(counting, member, household.IncomeRank, day);
            disease = CoverageFacts.SpecificDisease(counting, member, household.IncomeRank, day, dice);
            limit = CoverageFacts.Limit(counting, member, household.IncomeRank, burden, disease, day, dice);
            if (card is not { State: { Status: CardStatus.InUse, Registered: true } })
                certificate = CoverageFacts.EligibilityCertificate(counting, member, day, dice);
        }
        return new SyntheticPerson(
            index, identity, coverages, burden, limit, disease, certificate, ClinicalFacts(index, member, day, disease, dice), card);
    }

    private static PersonEntry Identity(long index, Household household, HouseholdMember member, Dice dice)
    {
        var givenNames = household.Foreign?.Given(member.Sex) ?? NameLists.Given(member.Sex);
        var given = givenNames[dice.Below(givenNames.Count)];
        var family = household.FamilyName;
        var otherName = "";
        if (household.Foreign is not null && dice.Chance(0.2))
            otherName = $"{NameLists.Family[dice.Below(NameLists.Family.Count)].Written}　{given.Kana}".Normalize(System.Text.NormalizationForm.FormKC).Replace(' ', '　');
        return new PersonEntry(
            index,
            member.BirthDate,
            household.Foreign is null ? $"{family.Written}　{given.Written}" : $"{family.Written} {given.Written}",
            $"{family.Kana} {given.Kana}",
            otherName,
            member.Sex,
            member.BirthDate,
            household.Address,
            household.PostCode);
    }

    private static List<CoverageEntry> Coverages(long index, Household household, int position, string name, DateOnly day, Dice dice)
    {
        var member = household.Members[position];
        var coverages = new List<CoverageEntry>(2);
        var lateElderlyFrom = member.LateElderlyFrom;
        var isLateElderly = lateElderlyFrom <= day;
        // What was before the 75th birthday is told only where that is not long ago.
        if (!isLateElderly || lateElderlyFrom > day.AddYears(-2))
        {
            var (groups, dependsOnHead) = Insurance(household, member, isLateElderly, dice);
            foreach (var group in groups)
            {
                var acquired = group.AcquiredOn < member.BirthDate ? member.BirthDate : group.AcquiredOn;
                var ends = isLateElderly && (group.LostOn is not { } lost || lost > lateElderlyFrom);
                var lostOn = ends ? lateElderlyFrom : group.LostOn;
                if (lostOn <= acquired) continue;
                coverages.Add(new CoverageEntry(
                    index * CoveragesOfOne + coverages.Count,
                    index,
                    group.Insurer,
                    "01",
                    Numbers(group.Symbol, group.Number, string.Create(CultureInfo.InvariantCulture, $"{(dependsOnHead ? position : 0):D2}")),
                    dependsOnHead ? Relation.Dependant : Relation.Insured,
                    dependsOnHead ? "" : name,
                    acquired,
                    lostOn,
                    ends ? (short)3 : group.LossReason));
            }
        }
        if (isLateElderly)
        {
            coverages.Add(new CoverageEntry(
                index * CoveragesOfOne + coverages.Count,
                index,
                SyntheticInsurers.Draw(dice, household.Prefecture, Scheme.LateElderly),
                "01",
                Numbers("", string.Create(CultureInfo.InvariantCulture, $"{index:D8}"), branch: null),
                Relation.Insured,
                name,
                lateElderlyFrom < LateElderlySchemeBegan ? LateElderlySchemeBegan : lateElderlyFrom,
                null,
                null));
        }
        return coverages;
    }

    // By whom one under 75 is insured (one above: was), and whether as the head's dependant.
    private static (IReadOnlyList<CoverageGroup> Groups, bool DependsOnHead) Insurance(
        Household household, HouseholdMember member, bool isLateElderly, Dice dice)
    {
        if (member.Role == FamilyRole.Head) return (household.Coverages, false);
        // When the insured person turns 75, those who depended on the head need an insurance of their own.
        var headCovers = household.Members[0].LateElderlyFrom > SyntheticPopulation.Day;
        if (!headCovers) return ([household.OwnMunicipal(dice)], false);
        if (member.Role == FamilyRole.Spouse && !isLateElderly && household.HeadIsEmployed && member.AgeOn(SyntheticPopulation.Day) < 65 && dice.Chance(0.45))
            return ([household.OwnEmployment(dice)], false);
        return (household.Coverages, true);
    }

    private static ClinicalEntry[] ClinicalFacts(
        long index, HouseholdMember member, DateOnly day, SpecificDiseaseEntry? disease, Dice dice)
    {
        var hasSome = disease is not null || dice.Chance(member.AgeOn(day) >= 65 ? 0.12 : 0.04);
        if (!hasSome) return [];
        var facts = new ClinicalEntry[dice.Between(1, ClinicalFactsOfOne - 1)];
        for (var i = 0; i < facts.Length; i++)
        {
            var kind = disease is { Category: 1 } && i == 0 ? ClinicalKind.Dialysis : (ClinicalKind)dice.Between(1, 5);
            var on = day.AddDays(-dice.Between(1, kind == ClinicalKind.Operation ? 1_800 : 110));
            facts[i] = new ClinicalEntry(
                index * ClinicalFactsOfOne + i, index, kind, on < member.BirthDate ? member.BirthDate : on, ClinicalWords.Draw(kind, dice), "見本総合病院");
        }
        return facts;
    }

    private static DocumentNumbers Numbers(string symbol, string number, string? branch) =>
        DocumentNumbers.TryParse(symbol, number, branch, out var numbers) is null
            ? numbers
            : throw new InvalidOperationException("The population's symbols and numbers fit a document.");
}
