using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>Burden, limit, specific disease and certificate on the coverage that counts, each as the rules would have them.</summary>
internal static class CoverageFacts
{
    private const int BirthdayOfLateElderly = 75;

    // Ratios and limit classes are judged anew each 1 August.
    private static readonly DateOnly JudgedFrom = new(2026, 8, 1);
    private static readonly DateOnly JudgedUntil = new(2027, 7, 31);
    private static readonly DateOnly OldCardsEnded = new(2025, 12, 1);

    /// <summary>10, 20 or 30 % at 75 and over, 20 or 30 % from 70; null for the younger.</summary>
    public static BurdenEntry? Burden(CoverageEntry coverage, HouseholdMember member, int incomeRank, DateOnly day)
    {
        var isLateElderly = coverage.Insurer.IsLateElderly;
        var from = isLateElderly ? member.LateElderlyFrom : member.ElderlyRecipientFrom;
        if (from > day) return null;
        // A dependant of 70 or over is 現役並み only where the insured person is 70 or over too: here never.
        var percent = isLateElderly
            ? incomeRank switch { < 7 => 30, < 28 => 20, _ => 10 }
            : incomeRank < 14 && coverage.Relation == Relation.Insured ? 30 : 20;
        var validFrom = Latest(from, JudgedFrom, coverage.AcquiredOn);
        return new BurdenEntry(
            coverage.PersonId, coverage.PersonId, coverage.CoverageId, (short)percent, validFrom.AddDays(-12), validFrom, LastDay(member, isLateElderly, JudgedUntil));
    }

    /// <summary>
    /// Of a plausible share. Those of 70 and over have a certificate only where the ratio alone does not tell the class: 現役並みⅡ, Ⅰ and
    /// low income.
    /// </summary>
    public static LimitEntry? Limit(
        CoverageEntry coverage, HouseholdMember member, int incomeRank, BurdenEntry? burden, SpecificDiseaseEntry? disease, DateOnly day, Dice dice)
    {
        string? limitClass;
        if (burden is not null)
        {
            limitClass = burden.Percent switch
            {
                30 => dice.Weighted([25, 30, 45]) switch { 0 => null, 1 => "B02", _ => "B03" },
                20 when coverage.Insurer.IsLateElderly => null,
                _ => incomeRank switch { >= 85 => "B06", >= 65 => "B05", _ => null },
            };
        }
        else
        {
            limitClass = disease is not null || dice.Chance(0.35) ? UnderSeventy(incomeRank) : null;
        }
        if (limitClass is null) return null;

        var validFrom = Latest(JudgedFrom, coverage.AcquiredOn, burden?.ValidFrom ?? JudgedFrom);
        var lastDay = LastDay(member, coverage.Insurer.IsLateElderly, JudgedUntil);
        // The classes of those under 70 end with the month in which the others begin.
        if (burden is null && member.ElderlyRecipientFrom.AddDays(-1) < lastDay) lastDay = member.ElderlyRecipientFrom.AddDays(-1);
        if (lastDay < validFrom) return null;
        var isLowIncome = limitClass is "A05" or "B05" or "B06";
        return new LimitEntry(
            coverage.PersonId,
            coverage.PersonId,
            coverage.CoverageId,
            isLowIncome ? "02" : "01",
            limitClass,
            validFrom.AddDays(-12),
            validFrom,
            lastDay,
            isLowIncome && limitClass != "B06" && dice.Chance(0.03) ? validFrom : null);
    }

    /// <summary>Dialysis of about 0.3 % of all, haemophilia and HIV of very few.</summary>
    public static SpecificDiseaseEntry? SpecificDisease(CoverageEntry coverage, HouseholdMember member, int incomeRank, DateOnly day, Dice dice)
    {
        var age = member.AgeOn(day);
        short category;
        if (dice.Chance(age switch { < 20 => 0, < 50 => 0.0006, < 70 => 0.004, _ => 0.0075 })) category = 1;
        else if (member.Sex == Sex.Male && dice.Chance(0.00009)) category = 2;
        else if (age >= 40 && dice.Chance(0.00001)) category = 3;
        else return null;
        // 20,000 yen only for dialysis under 70 in the two highest classes.
        var isUnderSeventy = member.ElderlyRecipientFrom > day;
        var limit = category == 1 && isUnderSeventy && UnderSeventy(incomeRank) is "A01" or "A02" ? 20_000 : 10_000;
        // From the first of the month of application.
        var applied = Latest(coverage.AcquiredOn, day.AddDays(-dice.Between(30, 1_500)));
        var validFrom = new DateOnly(applied.Year, applied.Month, 1);
        return new SpecificDiseaseEntry(coverage.PersonId, coverage.PersonId, coverage.CoverageId, category, limit, applied, validFrom, null);
    }

    /// <summary>Sent unasked to those without a registered card; a few have none yet.</summary>
    public static EligibilityCertificateEntry? EligibilityCertificate(CoverageEntry coverage, HouseholdMember member, DateOnly day, Dice dice)
    {
        if (dice.Chance(0.05)) return null;
        var isEmployees = coverage.Insurer.ToString() is { Length: 8 } && !coverage.Insurer.IsLateElderly;
        var issued = Latest(coverage.AcquiredOn, isEmployees ? OldCardsEnded : JudgedFrom);
        var until = isEmployees ? issued.AddYears(4) : JudgedUntil;
        var lastDay = LastDay(member, coverage.Insurer.IsLateElderly, until);
        // One who reaches 70 gets a new one, which bears the ratio.
        var turnsSeventy = member.ElderlyRecipientFrom.AddDays(-1);
        if (turnsSeventy >= issued && turnsSeventy < lastDay) lastDay = turnsSeventy;
        return lastDay < issued || issued > day ? null : new EligibilityCertificateEntry(coverage.PersonId, coverage.PersonId, coverage.CoverageId, issued, lastDay);
    }

    // Other insurance than the late elderly's ends the day before the 75th birthday, and what hangs on it too.
    private static DateOnly LastDay(HouseholdMember member, bool isLateElderly, DateOnly until)
    {
        if (isLateElderly) return until;
        var last = member.BirthDate.AddYears(BirthdayOfLateElderly).AddDays(-1);
        return last < until ? last : until;
    }

    private static string UnderSeventy(int incomeRank) => incomeRank switch { < 4 => "A01", < 12 => "A02", < 47 => "A03", < 82 => "A04", _ => "A05" };

    private static DateOnly Latest(params ReadOnlySpan<DateOnly> days)
    {
        var latest = days[0];
        foreach (var day in days)
            if (day > latest) latest = day;
        return latest;
    }
}
