using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Eligibility;
using EligibilityGateway.Gateway.HighCost;
using EligibilityGateway.Gateway.HighCost.Tables;
using EligibilityGateway.Gateway.Remedies;
using EligibilityGateway.Gateway.Snapshots;
using ClinicalFact = EligibilityGateway.Gateway.Snapshots.ClinicalFact;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>Puts a draft into the public message.</summary>
internal static class AnswerWriter
{
    public static LookUpResult Write(Draft draft, LookUpRequest request, CareTable table, DateOnly serviceDate, DateTimeOffset asOf, bool proved)
    {
        var freshness = new Freshness
        {
            AsOf = Moment(asOf),
            Version = (ulong)(draft.Finding?.Person?.Version ?? 0),
            Source = draft.Source,
            Proved = proved,
        };
        var eventId = request.EventId.ToString();
        if (draft.IsRefusal)
            return new LookUpResult { Refusal = new Refusal { EventId = eventId, Remedy = RemedyCatalogue.For(draft.Reason, serviceDate), Freshness = freshness } };

        var answer = new Answer
        {
            EventId = eventId,
            ServiceDate = JapanTime.Format(serviceDate),
            Validity = draft.Validity,
            Freshness = freshness,
            Assurance = draft.Assurance,
        };
        if (draft.Reason != Reason.Unspecified) answer.Remedy = RemedyCatalogue.For(draft.Reason, serviceDate);
        foreach (var notice in draft.Notices) answer.Notices.Add(RemedyCatalogue.NoticeOf(notice));
        if (draft.Finding?.Person is { } person && draft.Decision is { } decision)
        {
            answer.Person = Write(person.DetailOn(serviceDate));
            foreach (var coverage in decision.Coverages) answer.Coverages.Add(Write(coverage, billFirst: coverage == decision.BillFirst));
            answer.BurdenPercent = (uint)decision.BurdenPercent;
            if (decision.Limit is { } limit)
            {
                answer.Limit = new LimitClass
                {
                    Code = limit.Code,
                    Label = LimitClasses.LabelOf(limit.Code),
                    ValidUntil = Day(limit.ValidUntil),
                    FromBurdenRatio = limit.FromBurdenRatio,
                    Amounts = AmountsOf(limit.Code, serviceDate, person, decision.Coverages[0]),
                };
            }
            answer.LimitAbsence = decision.LimitAbsence;
            if (request.Bill is { } bill && decision is { BurdenPercent: > 0, Coverages: [var counting] })
                answer.Window = Write(bill, table, serviceDate, person, counting, decision);
            foreach (var disease in decision.SpecificDiseases)
            {
                answer.SpecificDiseases.Add(new SpecificDisease
                {
                    Category = (uint)disease.Category,
                    MonthlyLimitYen = (uint)disease.MonthlyLimitYen,
                    ValidUntil = Day(disease.ValidUntil),
                });
            }
        }
        if (draft.Summary is { } summary) answer.Emergency = Write(summary, asOf);
        if (draft.SummaryWithheld != Reason.Unspecified) answer.EmergencyWithheld = RemedyCatalogue.For(draft.SummaryWithheld, serviceDate);
        return new LookUpResult { Answer = answer };
    }

    private static Person Write(PersonDetail detail) => new()
    {
        Name = detail.Name,
        NameKana = detail.NameKana,
        OtherName = detail.OtherName,
        Sex = (Contracts.V1.Sex)detail.Sex,
        BirthDate = JapanTime.Format(detail.BirthDate),
    };

    private static Coverage Write(CoverageFact coverage, bool billFirst) => new()
    {
        InsurerNumber = coverage.InsurerNumber,
        InsurerName = coverage.InsurerName,
        Symbol = coverage.Symbol,
        Number = coverage.Number,
        Branch = coverage.Branch ?? "",
        Classification = coverage.Classification,
        Relation = (uint)coverage.Relation,
        AcquiredOn = JapanTime.Format(coverage.AcquiredOn),
        LostOn = Day(coverage.LostOn),
        BillFirst = billFirst,
    };

    // By the share and class that the answer shows. Whether the month is a fourth one within twelve, the insurer knows.
    private static WindowAmount Write(
        PlannedBill planned, CareTable table, DateOnly serviceDate, PersonSnapshot person, CoverageFact coverage, EligibilityDecision decision)
    {
        var bill = new Bill(0, serviceDate, "", table, null, planned.Inpatient, planned.TotalCostYen, planned.SpecificDisease);
        var isGranted = planned.SpecificDisease && decision.SpecificDiseases.Count > 0;
        var terms = BillTermsRule.On(serviceDate, person, coverage, pool: 0, isMultipleHit: false, isGranted) with
        {
            Percent = decision.BurdenPercent,
            LimitClass = decision.Limit?.Code,
        };
        var charge = WindowCharges.Charge(bill, terms, planned.EarlierCostYen, planned.EarlierChargedYen);
        var amount = new WindowAmount
        {
            ShareYen = (uint)charge.Share,
            ChargeYen = (uint)charge.Charged,
            Explanation = new Text { Ja = BillExplanation.Of(bill, terms, charge, inJapanese: true), En = BillExplanation.Of(bill, terms, charge, inJapanese: false) },
        };
        if (charge.LeftToLimit is { } left) amount.LeftToLimitYen = (uint)left;
        return amount;
    }

    private static LimitAmounts? AmountsOf(string limitClass, DateOnly serviceDate, PersonSnapshot person, CoverageFact coverage)
    {
        if (LimitTables.Find(serviceDate, limitClass) is not { } row) return null;
        var isHalved = BillTermsRule.IsHalvedOn(serviceDate, person, coverage);
        var part = isHalved ? 2 : 1;
        return new LimitAmounts
        {
            BaseYen = (uint)(row.Base / part),
            ThresholdYen = (uint)((row.Threshold ?? 0) / part),
            MultipleHitYen = (uint)((row.MultipleHit ?? 0) / part),
            OutpatientYen = (uint)((row.Outpatient ?? 0) / part),
            Halved = isHalved,
        };
    }

    private static Contracts.V1.EmergencySummary Write(Emergency.EmergencySummary summary, DateTimeOffset asOf)
    {
        var written = new Contracts.V1.EmergencySummary { AsOf = Moment(asOf), LeftOut = (uint)summary.LeftOut };
        Add(written.Dialysis, summary.Dialysis);
        Add(written.Operations, summary.Operations);
        Add(written.Medicines, summary.Medicines);
        Add(written.EPrescriptions, summary.EPrescriptions);
        Add(written.Treatments, summary.Treatments);
        Add(written.Visits, summary.Visits);
        foreach (var day in summary.CheckDates) written.CheckDates.Add(JapanTime.Format(day));
        return written;

        static void Add(Google.Protobuf.Collections.RepeatedField<Contracts.V1.ClinicalFact> to, IReadOnlyList<ClinicalFact> facts)
        {
            foreach (var fact in facts)
                to.Add(new Contracts.V1.ClinicalFact { On = JapanTime.Format(fact.HappenedOn), What = fact.What, Institution = fact.Institution });
        }
    }

    private static string Day(DateOnly? day) => day is { } known ? JapanTime.Format(known) : "";

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
