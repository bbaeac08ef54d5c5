using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Rules.Households;

/// <summary>A decision as a clerk reads it to the patient, line by line, in Japanese or English.</summary>
internal static class Explanation
{
    public static IEnumerable<string> Of(Household household, Decision decision, bool inJapanese)
    {
        if (decision.Reason != Reason.Unspecified)
        {
            var remedy = RemedyCatalogue.For(decision.Reason);
            yield return In(remedy.What);
            yield return In(remedy.DeskDoes);
            yield return In(remedy.ByWhen);
            if (decision.Validity != Validity.Valid) yield break;
        }
        // Invariant: in the Thai or the Arabian calendar, the day would be another one.
        yield return decision.BurdenPercent == 0 ? AssistedLine(household.ServiceDate, inJapanese) : inJapanese
            ? string.Create(CultureInfo.InvariantCulture, $"{JapaneseDay.Of(household.ServiceDate)}の資格は有効です。負担割合は{decision.BurdenPercent / 10}割、適用区分は{ClassIn(true)}です。")
            : string.Create(CultureInfo.InvariantCulture, $"Insured on {household.ServiceDate:yyyy-MM-dd}. The share is {decision.BurdenPercent} %, the limit class {ClassIn(false)}.");
        for (var i = 0; i < household.Bills.Length; i++) yield return BillExplanation.Of(household.Bills[i], decision.Terms[i], decision.Charges![i], inJapanese);
        if (household.Bills.Length > 0 && decision is { Month: { } month, Doubt: not AmountDoubt.TicketSays }) yield return LineOf(month, inJapanese);
        if (DoubtText(decision.Doubt, inJapanese) is { } doubt) yield return doubt;
        if (decision.Year is { } year && (year.Over > 0 || year.OutpatientOver > 0))
        {
            yield return inJapanese
                ? $"年間上限（8月から翌年7月まで）を超えた額は、年度の終了後に申請により払い戻されます。窓口の額は変わりません。超過額は、外来が{Yen(year.OutpatientOver)}、全体が{Yen(year.Over)}です。"
                : $"What is above the annual cap (August to July) is refunded on application after the year; the window's charge stays. Outpatient above: {Yen(year.OutpatientOver)}, all: {Yen(year.Over)}.";
        }

        string In(Text text) => inJapanese ? text.Ja : text.En;
        string ClassIn(bool ja) => decision.LimitClass is not { } code ? ja ? "未登録" : "not known" : ja ? LimitClasses.LabelOf(code) : LimitClasses.EnglishLabelOf(code);
        string Yen(long amount) => inJapanese ? string.Create(CultureInfo.InvariantCulture, $"{amount:N0}円") : string.Create(CultureInfo.InvariantCulture, $"{amount:N0} yen");
    }

    // A share of 0 is medical assistance's alone: no insurance whose share or class could be told.
    private static string AssistedLine(DateOnly day, bool inJapanese) => inJapanese
        ? string.Create(CultureInfo.InvariantCulture, $"{JapaneseDay.Of(day)}は医療扶助が有効です。患者の支払いは医療券の本人支払額です。")
        : string.Create(CultureInfo.InvariantCulture, $"Medical assistance counts on {day:yyyy-MM-dd}. The patient pays what the medical ticket says.");

    private static string LineOf(in MonthOutcome month, bool inJapanese) => (inJapanese, month.FinalBurden) switch
    {
        (true, null) => string.Create(CultureInfo.InvariantCulture, $"今月の自己負担は{month.Shares:N0}円、窓口での支払いは{month.Charged:N0}円です。"),
        (true, { } final) => string.Create(CultureInfo.InvariantCulture, $"世帯の今月の自己負担は{month.Shares:N0}円、窓口での支払いは{month.Charged:N0}円、保険者からの払い戻し見込みは{month.RefundExpected:N0}円、最終負担は{final:N0}円です。"),
        (false, null) => string.Create(CultureInfo.InvariantCulture, $"This month's shares are {month.Shares:N0} yen, {month.Charged:N0} of them paid at windows."),
        (false, { } final) => string.Create(CultureInfo.InvariantCulture, $"The household's shares this month are {month.Shares:N0} yen, {month.Charged:N0} paid at windows; the insurer is expected to refund {month.RefundExpected:N0}, and {final:N0} yen stay."),
    };

    private static string? DoubtText(AmountDoubt doubt, bool inJapanese) => doubt switch
    {
        AmountDoubt.LimitNotGiven => inJapanese
            ? "限度額の区分が届いていません（保険料の未納、未申請など）。限度額がないという意味ではありません。窓口では通常の割合で支払い、超えた額は後日保険者から払い戻されます。保険者の窓口で確認してください。"
            : "The insurer gave no limit class (unpaid premiums, or not applied for). That does not mean that there is no limit: the plain share is paid now and what is above is refunded later. The insurer's desk knows.",
        AmountDoubt.LimitNotDecided => inJapanese
            ? "この診療月の限度額はまだ決まっていません。"
            : "The limits of that month of treatment are not decided yet.",
        AmountDoubt.PaysAllFirst => inJapanese
            ? "特別療養費の対象のため、窓口でいったん全額を支払い、後日、保険者に請求します。"
            : "With an arrears certificate all is paid first and claimed back from the insurer.",
        AmountDoubt.TicketSays => inJapanese
            ? "患者の支払いは医療券の本人支払額によるため、今月の払い戻しと最終負担は計算しません。"
            : "The medical ticket says what the patient pays, so that refund and final burden stay open.",
        AmountDoubt.BillNotCovered => inJapanese
            ? "資格が確認できない日の費用があるため、今月の払い戻しと最終負担は計算できません。"
            : "A bill is of a day whose insurance is not known, so that refund and final burden stay open.",
        _ => null,
    };
}
