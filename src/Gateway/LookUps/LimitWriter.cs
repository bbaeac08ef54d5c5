using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.HighCost.Tables;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Shares, limits and what lowers them, in the public message.</summary>
internal static class LimitWriter
{
    public static LimitClass Write(LimitDecision limit, DateOnly serviceDate, PersonSnapshot person, CoverageFact coverage) => new()
    {
        Code = limit.Code,
        Label = LimitClasses.LabelOf(limit.Code),
        ValidUntil = DayText.Of(limit.ValidUntil),
        FromBurdenRatio = limit.FromBurdenRatio,
        Amounts = AmountsOf(limit.Code, serviceDate, person, coverage),
        Certificate = limit.Certificate is { } certificate ? Write(certificate) : null,
        Receipt = Write(ReceiptCodes.OfClass(limit.Code, serviceDate)),
    };

    /// <summary>Why the limit is missing or as it is; null where a certificate says it and nothing is left to do, and for a crew, to whom nobody pays.</summary>
    public static LimitExplanation? ExplanationOf(EligibilityDecision decision, Audience audience) => decision switch
    {
        _ when audience == Audience.Crew => null,
        { IsAssistedBesideInsurance: true } => LimitExplanations.BesideInsurance(audience),
        { Limit: null } => LimitExplanations.Of(decision.LimitAbsence, audience),
        { Limit.FromBurdenRatio: true } => LimitExplanations.FromRatio,
        { Limit.Certificate.LongTermOn: not null } => LimitExplanations.LongStayGranted,
        { Limit.Code: "A05" or "B05" } => LimitExplanations.LongStayPossible,
        _ => null,
    };

    public static LimitCertificate Write(LimitFact certificate) => new()
    {
        Classification = certificate.CertificateClass,
        Code = certificate.LimitClass,
        IssuedOn = JapanTime.Format(certificate.IssuedOn),
        ValidFrom = JapanTime.Format(certificate.ValidFrom),
        ValidUntil = DayText.Of(certificate.ValidUntil),
        LongTermOn = DayText.Of(certificate.LongTermOn),
    };

    public static BurdenCertificate Write(BurdenFact ratio) => new()
    {
        Percent = (uint)ratio.Percent,
        IssuedOn = JapanTime.Format(ratio.IssuedOn),
        ValidFrom = JapanTime.Format(ratio.ValidFrom),
        ValidUntil = DayText.Of(ratio.ValidUntil),
    };

    public static SpecificDisease Write(SpecificDiseaseFact disease, DateOnly serviceDate) => new()
    {
        Category = (uint)disease.Category,
        MonthlyLimitYen = (uint)disease.MonthlyLimitYen,
        ValidUntil = DayText.Of(disease.ValidUntil),
        IssuedOn = JapanTime.Format(disease.IssuedOn),
        ValidFrom = JapanTime.Format(disease.ValidFrom),
        Receipt = Write(ReceiptCodes.OfSpecificDisease(disease.MonthlyLimitYen, serviceDate)),
    };

    private static ReceiptCode? Write(ReceiptCodeLabel? receipt) => receipt is { } known ? new ReceiptCode { Code = known.Code, Label = known.Label } : null;

    private static LimitAmounts? AmountsOf(string limitClass, DateOnly serviceDate, PersonSnapshot person, CoverageFact coverage)
    {
        if (LimitTables.Find(serviceDate, limitClass) is not { } row) return null;
        var halves = LimitHalvesRule.On(serviceDate, person, coverage);
        var figures = MonthlyLimit.FiguresOf(row, halves.PersonPart);
        var amounts = new LimitAmounts
        {
            BaseYen = (uint)figures.Base,
            ThresholdYen = (uint)(figures.Threshold ?? 0),
            MultipleHitYen = (uint)(figures.MultipleHit ?? 0),
            OutpatientYen = (uint)(figures.Outpatient ?? 0),
            Halved = halves.PersonPart > 1,
        };
        if (halves.Turns75) amounts.HalvedFor.Add(HalvedFor.Turns75);
        if (halves.InsuredTurns75) amounts.HalvedFor.Add(HalvedFor.InsuredTurned75);
        if (halves.HouseholdMoves) amounts.HalvedFor.Add(HalvedFor.HouseholdMoves);
        return amounts;
    }
}
