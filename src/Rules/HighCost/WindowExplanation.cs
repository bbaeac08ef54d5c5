using System.Globalization;

namespace EligibilityGateway.Rules.HighCost;

/// <summary>How what is collected for a bill was worked out, line by line, as a clerk reads it to the patient, in Japanese or English.</summary>
/// <param name="bill">The bill.</param>
/// <param name="terms">Its terms.</param>
/// <param name="charge">What is collected for it.</param>
/// <param name="earlierCost">Total cost of the month's earlier bills at this window.</param>
/// <param name="earlierCollected">What was collected for them.</param>
internal sealed class WindowExplanation(Bill bill, BillTerms terms, BillCharge charge, long earlierCost, long earlierCollected)
{
    /// <summary>At least two lines: share, earlier bills, limit, what is collected, what is left. Those that say nothing are left out.</summary>
    public IEnumerable<string> Lines(bool inJapanese)
    {
        yield return (inJapanese, terms.Percent) switch
        {
            (true, 0) => Say($"医療費{bill.TotalCost:N0}円は医療扶助の対象です。"),
            (false, 0) => Say($"Medical assistance covers the {bill.TotalCost:N0} yen."),
            (true, _) => Say($"医療費{bill.TotalCost:N0}円の{terms.Percent}%で、自己負担は{charge.Share:N0}円。"),
            (false, _) => Say($"{terms.Percent} % of {bill.TotalCost:N0} yen: the patient's share is {charge.Share:N0} yen."),
        };
        if (earlierCost > 0)
        {
            yield return inJapanese
                ? Say($"今月この窓口で支払い済み{earlierCollected:N0}円（医療費{earlierCost:N0}円）。")
                : Say($"Paid here earlier this month: {earlierCollected:N0} yen, for care of {earlierCost:N0} yen.");
        }
        var limit = WindowLimit.Of(bill, terms, earlierCost + bill.TotalCost);
        if (charge.ToAssistance is { } toAssistance)
        {
            if (limit is { } insurances) yield return LimitLine(insurances, inJapanese);
            yield return inJapanese ? Say($"医療扶助が{toAssistance:N0}円を負担します。") : Say($"Medical assistance bears {toAssistance:N0} yen.");
            yield return inJapanese
                ? Say($"{(bill.Table == CareTable.Pharmacy ? "調剤券" : "医療券")}の本人支払額により、{charge.Charged:N0}円をいただきます。")
                : Say($"To be paid now, as the {(bill.Table == CareTable.Pharmacy ? "dispensing" : "medical")} ticket says: {charge.Charged:N0} yen.");
            yield break;
        }
        yield return limit is { } known ? LimitLine(known, inJapanese) : inJapanese
            ? "自己負担限度額は不明です（限度額がないという意味ではありません）。限度額を超えた額は、後日、保険者から払い戻されます。"
            : "The limit is not known, which does not mean that there is none: the insurer refunds later what is above it.";
        yield return ChargeLine(inJapanese);
        if (charge.LeftToLimit is { } left)
        {
            yield return (inJapanese, left) switch
            {
                (true, 0) => "この窓口での今月の自己負担限度額に達しました。",
                (true, _) => Say($"この窓口での今月の自己負担限度額まで、あと{left:N0}円。"),
                (false, 0) => "This month's limit here is reached.",
                (false, _) => Say($"{left:N0} yen are left to this month's limit here."),
            };
        }
    }

    private string LimitLine(WindowLimit limit, bool inJapanese)
    {
        var halved = Halved(inJapanese);
        var cost = earlierCost + bill.TotalCost;
        return (limit.Kind, inJapanese) switch
        {
            (WindowLimitKind.SpecificDisease, true) => Say($"特定疾病の今月の自己負担限度額は{limit.Yen:N0}円{halved}。"),
            (WindowLimitKind.SpecificDisease, false) => Say($"The month's limit of the specific disease is {limit.Yen:N0} yen{halved}."),
            (WindowLimitKind.Outpatient, true) => Say($"外来の今月の自己負担限度額（個人ごと）は{limit.Yen:N0}円{halved}。"),
            (WindowLimitKind.Outpatient, false) => Say($"The month's limit of outpatient care, for one person, is {limit.Yen:N0} yen{halved}."),
            _ when ThresholdBelow(limit, cost) is { } threshold => inJapanese
                ? Say($"今月の自己負担限度額は{limit.Row!.Base / Part:N0}円＋（医療費{cost:N0}円－{threshold:N0}円）の1%＝{limit.Yen:N0}円{halved}。")
                : Say($"The month's limit is {limit.Row!.Base / Part:N0} yen and 1 % of ({cost:N0} − {threshold:N0}): {limit.Yen:N0} yen{halved}."),
            (_, true) => Say($"今月の自己負担限度額は{limit.Yen:N0}円{halved}。"),
            (_, false) => Say($"The month's limit is {limit.Yen:N0} yen{halved}."),
        };
    }

    // Where 1 % of something is added.
    private long? ThresholdBelow(WindowLimit limit, long cost) =>
        !terms.IsMultipleHit && limit.Row?.Threshold / Part is { } threshold && threshold < cost ? threshold : null;

    private int Part => terms.Halves.PersonPart;

    // Empty where nothing is halved.
    private string Halved(bool inJapanese) => (Part, inJapanese) switch
    {
        (1, _) => "",
        (_, true) => $"（{string.Join("・", Months(inJapanese))}のため{(Part == 4 ? "4分の1" : "半額")}）",
        (_, false) => $" ({(Part == 4 ? "a quarter" : "halved")} in the month of {string.Join(" and of ", Months(inJapanese))})",
    };

    private IEnumerable<string> Months(bool inJapanese)
    {
        if (terms.Halves.Turns75) yield return inJapanese ? "75歳になる月" : "the 75th birthday";
        if (terms.Halves.InsuredTurns75) yield return inJapanese ? "被保険者が75歳になる月" : "the insured person's 75th birthday";
        if (terms.Halves.HouseholdMoves) yield return inJapanese ? "同じ都道府県内での転居の月" : "the move within the prefecture";
    }

    private string ChargeLine(bool inJapanese)
    {
        var rounded = Yen.ToTen(charge.Share);
        if (charge.Charged < rounded)
            return inJapanese ? Say($"限度額までの{charge.Charged:N0}円をいただきます。") : Say($"To be paid now, up to the limit: {charge.Charged:N0} yen.");
        if (rounded != charge.Share)
            return inJapanese ? Say($"10円未満を四捨五入して{charge.Charged:N0}円をいただきます。") : Say($"To be paid now, rounded to 10 yen: {charge.Charged:N0} yen.");
        return inJapanese ? Say($"{charge.Charged:N0}円をいただきます。") : Say($"To be paid now: {charge.Charged:N0} yen.");
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
