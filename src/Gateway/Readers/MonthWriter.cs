using System.Globalization;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Eligibility;
using EligibilityGateway.Gateway.HighCost;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>What a bill means here and what the month has cost elsewhere, in the public message.</summary>
internal static class MonthWriter
{
    public static WindowAmount Write(in WindowOutcome window)
    {
        var (bill, terms, charge) = window;
        var amount = new WindowAmount
        {
            ShareYen = (uint)charge.Share,
            ChargeYen = (uint)charge.Charged,
            Explanation = new Text { Ja = BillExplanation.Of(bill, terms, charge, inJapanese: true), En = BillExplanation.Of(bill, terms, charge, inJapanese: false) },
        };
        if (charge.LeftToLimit is { } left) amount.LeftToLimitYen = (uint)left;
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
