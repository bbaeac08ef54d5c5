using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Emergency;

/// <summary>Makes the emergency summary of a person's medical history. Whether it may be opened: <see cref="EmergencyAccess"/>.</summary>
public static class EmergencySummaryRules
{
    /// <summary>
    /// Most lines of one kind. An old person's fifteen medicines dispensed every two weeks are 90 lines in three months; 100 lines are some
    /// 10 KB on a phone link.
    /// </summary>
    public const int MostLines = 100;

    /// <summary>The summary as of today in Japan. The order of the facts does not count; lines that say the same are shown once.</summary>
    public static EmergencySummary Summarise(IReadOnlyList<ClinicalFact> facts, DateOnly today)
    {
        var leftOut = 0;
        return new EmergencySummary(
            Dialysis: Newest(ClinicalKind.Dialysis, SummaryWindow.ThreeMonths),
            Operations: Newest(ClinicalKind.Operation, SummaryWindow.FiveYears),
            Medicines: Newest(ClinicalKind.Medicine, SummaryWindow.ThreeMonths),
            EPrescriptions: Newest(ClinicalKind.EPrescription, SummaryWindow.FortyFiveDays),
            Treatments: Newest(ClinicalKind.Treatment, SummaryWindow.ThreeMonths),
            Visits: Newest(ClinicalKind.Visit, SummaryWindow.ThreeMonths),
            CheckDates: CheckDates(),
            LeftOut: leftOut);

        ClinicalFact[] Newest(ClinicalKind kind, SummaryWindow window)
        {
            var lines = facts
                .Where(fact => fact.Kind == kind && window.Shows(fact.HappenedOn, today))
                .Distinct()
                .OrderByDescending(fact => fact.HappenedOn)
                .ThenBy(fact => fact.What, StringComparer.Ordinal)
                .ThenBy(fact => fact.Institution, StringComparer.Ordinal)
                .ToArray();
            return Bounded(lines);
        }

        DateOnly[] CheckDates()
        {
            var dates = facts
                .Where(fact => fact.Kind == ClinicalKind.HealthCheck && SummaryWindow.FiveYears.Shows(fact.HappenedOn, today))
                .Select(fact => fact.HappenedOn)
                .Distinct()
                .OrderDescending()
                .ToArray();
            return Bounded(dates);
        }

        T[] Bounded<T>(T[] lines)
        {
            if (lines.Length <= MostLines) return lines;
            leftOut += lines.Length - MostLines;
            return lines[..MostLines];
        }
    }
}
