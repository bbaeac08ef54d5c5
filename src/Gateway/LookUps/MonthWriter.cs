using System.Globalization;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>What a bill means here and what the month has cost elsewhere, in the public message.</summary>
internal static class MonthWriter
{
    public static WindowAmount Write(in WindowOutcome window)
    {
        var (bill, terms, charge, earlierCost, earlierCharged) = window;
        var amount = new WindowAmount
        {
            ShareYen = (uint)charge.Share,
            ChargeYen = (uint)charge.Charged,
        };
        var explanation = new WindowExplanation(bill, terms, charge, earlierCost, earlierCharged);
        foreach (var (ja, en) in explanation.Lines(inJapanese: true).Zip(explanation.Lines(inJapanese: false))) amount.Explanation.Add(new Text { Ja = ja, En = en });
        if (charge.LeftToLimit is { } left) amount.LeftToLimitYen = (uint)left;
        if (charge.ToAssistance is { } toAssistance) amount.AssistanceYen = (uint)toAssistance;
        return amount;
    }

    public static MonthElsewhere Write(DateOnly serviceDate, in MonthElsewhereOutcome elsewhere)
    {
        var month = new MonthElsewhere
        {
            Month = serviceDate.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            ChargedYen = (uint)elsewhere.Charged,
            Explanation = new Text
            {
                Ja = MonthElsewhereExplanation.Of(serviceDate, elsewhere, inJapanese: true),
                En = MonthElsewhereExplanation.Of(serviceDate, elsewhere, inJapanese: false),
            },
        };
        if (elsewhere.RefundForecast is { } refund) month.RefundForecastYen = (uint)refund;
        return month;
    }
}
