using System.Globalization;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Rules.HighCost;

/// <summary>A bill's charge as a clerk reads it to the patient, in Japanese or English.</summary>
internal static class BillExplanation
{
    /// <summary>One line.</summary>
    public static string Of(in Bill bill, in BillTerms terms, in BillCharge charge, bool inJapanese)
    {
        if (!terms.IsCovered)
        {
            return inJapanese
                ? string.Create(CultureInfo.InvariantCulture, $"{JapaneseDay.Of(bill.Date)}の資格が確認できないため、計算できません。")
                : string.Create(CultureInfo.InvariantCulture, $"{bill.Date:yyyy-MM-dd}: the insurance of that day is not known, so that nothing is worked out.");
        }
        if (terms.IsAssisted) return Assisted(bill, terms, charge, inJapanese);
        var left = charge.LeftToLimit;
        return inJapanese
            ? string.Create(CultureInfo.InvariantCulture, $"{JapaneseDay.Of(bill.Date)} {Kind(bill, true)}：医療費{bill.TotalCost:N0}円の{terms.Percent}%は{charge.Share:N0}円、窓口では{charge.Charged:N0}円。{(left is null ? "自己負担限度額は不明" : left == 0 ? "この医療機関での今月の自己負担限度額に達しました" : $"今月の自己負担限度額まで、あと{left:N0}円")}。")
            : string.Create(CultureInfo.InvariantCulture, $"{bill.Date:yyyy-MM-dd} {Kind(bill, false)}: {terms.Percent} % of {bill.TotalCost:N0} yen is {charge.Share:N0}, at the window {charge.Charged:N0} yen. {(left is null ? "The limit is not known" : left == 0 ? "This month's limit here is reached" : $"{left:N0} yen are left to the limit here")}.");
    }

    // No ticket is at hand here, so that what the patient pays is not known.
    private static string Assisted(in Bill bill, in BillTerms terms, in BillCharge charge, bool inJapanese) => (inJapanese, terms.Percent) switch
    {
        (true, 0) => string.Create(CultureInfo.InvariantCulture, $"{JapaneseDay.Of(bill.Date)} {Kind(bill, true)}：医療費{bill.TotalCost:N0}円は医療扶助。患者の支払いは医療券の本人支払額。"),
        (true, _) => string.Create(CultureInfo.InvariantCulture, $"{JapaneseDay.Of(bill.Date)} {Kind(bill, true)}：医療費{bill.TotalCost:N0}円の{terms.Percent}%は{charge.Share:N0}円、うち自己負担限度額までの{charge.ToAssistance:N0}円は医療扶助。患者の支払いは医療券の本人支払額。"),
        (false, 0) => string.Create(CultureInfo.InvariantCulture, $"{bill.Date:yyyy-MM-dd} {Kind(bill, false)}: {bill.TotalCost:N0} yen go to medical assistance. The patient pays what the medical ticket says."),
        (false, _) => string.Create(CultureInfo.InvariantCulture, $"{bill.Date:yyyy-MM-dd} {Kind(bill, false)}: {terms.Percent} % of {bill.TotalCost:N0} yen is {charge.Share:N0}; {charge.ToAssistance:N0} of it, up to the limit, go to medical assistance. The patient pays what the medical ticket says."),
    };

    private static string Kind(in Bill bill, bool inJapanese) => (bill.Table, bill.IsInpatient) switch
    {
        (CareTable.Pharmacy, _) => inJapanese ? "調剤" : "pharmacy",
        (CareTable.Dental, true) => inJapanese ? "歯科・入院" : "dental, inpatient",
        (CareTable.Dental, false) => inJapanese ? "歯科・外来" : "dental, outpatient",
        (_, true) => inJapanese ? "医科・入院" : "medical, inpatient",
        _ => inJapanese ? "医科・外来" : "medical, outpatient",
    };
}
