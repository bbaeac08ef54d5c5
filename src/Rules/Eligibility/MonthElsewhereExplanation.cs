using System.Globalization;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Rules.Eligibility;

/// <summary>What the month has cost elsewhere, as a clerk reads it to the patient, in Japanese or English.</summary>
internal static class MonthElsewhereExplanation
{
    /// <summary>One line; names no site, no day and no purpose.</summary>
    public static string Of(DateOnly month, in MonthElsewhereOutcome outcome, bool inJapanese)
    {
        var refund = outcome.RefundForecast;
        return inJapanese
            ? string.Create(CultureInfo.InvariantCulture, $"{JapaneseDay.Month(month)}の他の医療機関での窓口負担は、届出のあった分で合計{outcome.Charged:N0}円です。{ForecastInJapanese(refund)}この窓口での支払いは変わりません。")
            : string.Create(CultureInfo.InvariantCulture, $"{month:yyyy-MM} elsewhere: {outcome.Charged:N0} yen, as far as it was reported. {Forecast(refund)} What is paid here stays as it is.");
    }

    private static string ForecastInJapanese(long? refund) => refund switch
    {
        null => "自己負担限度額が分からないため、払い戻しの見込みは計算できません。",
        0 => "この分では、保険者からの払い戻しは見込まれません。",
        _ => string.Create(CultureInfo.InvariantCulture, $"保険者から後日{refund:N0}円の払い戻しが見込まれます（届出のあった分だけの見込みで、世帯のほかの方の分は含みません）。"),
    };

    private static string Forecast(long? refund) => refund switch
    {
        null => "The limit is not known, so that no refund can be forecast.",
        0 => "By that, no refund is to be expected from the insurer.",
        _ => string.Create(CultureInfo.InvariantCulture, $"A refund of {refund:N0} yen is to be expected from the insurer later (by what was reported, without others of the household)."),
    };
}
