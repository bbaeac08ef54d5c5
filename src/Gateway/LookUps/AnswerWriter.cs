using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Remedies;
using ClinicalFact = EligibilityGateway.Rules.Facts.ClinicalFact;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Puts a draft into the public message.</summary>
internal static class AnswerWriter
{
    public static LookUpResult Write(Draft draft, LookUpRequest request, TerminalRole role, DateOnly today, DateTimeOffset asOf, bool proved)
    {
        var audience = Audiences.Of(role);
        var serviceDate = request.ServiceDateOn(today);
        var freshness = new Freshness
        {
            AsOf = DayText.Of(asOf),
            Version = (ulong)(draft.Finding?.Person?.Version ?? 0),
            Proved = proved,
        };
        if (proved) freshness.StaleAtMostMs = 0;
        if (draft.IsRefusal)
            return new LookUpResult { Refusal = RefusalWriter.Write(request.EventId, draft.Reason, asOf, today, audience, freshness) };

        var answer = new Answer
        {
            EventId = request.EventId.ToString(),
            ServiceDate = JapanTime.Format(serviceDate),
            Validity = draft.Validity,
            Freshness = freshness,
            Assurance = draft.Assurance,
        };
        if (draft.Reason != Reason.Unspecified) answer.Remedy = RemedyCatalogue.For(draft.Reason, today, audience);
        foreach (var notice in draft.Notices) answer.Notices.Add(RemedyCatalogue.NoticeOf(notice));
        if (draft.Finding?.Person is { } person && draft.Decision is { } decision)
        {
            // Who it is says the insurer of the coverage that the numbers name, else of the one that is answered.
            var asked = decision.Coverages.FirstOrDefault(coverage => coverage.CoverageId == draft.Finding.CoverageId) ?? (decision.Coverages is [var first, ..] ? first : null);
            var detail = person.DetailOn(serviceDate, asked?.InsurerNumber);
            answer.Person = PersonWriter.Write(detail, withAddress: decision.IsInsured);
            foreach (var coverage in decision.Coverages)
                answer.Coverages.Add(PersonWriter.Write(coverage, person, serviceDate, billFirst: coverage == decision.BillFirst));
            answer.Preschool = serviceDate <= LegalAge.PreschoolUntil(detail.BirthDate);
            answer.BurdenPercent = (uint)decision.BurdenPercent;
            if (decision.Ratio is { } ratio) answer.BurdenCertificate = LimitWriter.Write(ratio);
            if (decision.Limit is { } limit) answer.Limit = LimitWriter.Write(limit, serviceDate, person, decision.Coverages[0]);
            if (decision.MealCertificate is { } meals) answer.MealCertificate = LimitWriter.Write(meals);
            answer.LimitAbsence = decision.LimitAbsence;
            if (draft.Window is { } window) answer.Window = MonthWriter.Write(window);
            if (draft.Elsewhere is { } elsewhere) answer.MonthElsewhere = MonthWriter.Write(serviceDate, elsewhere);
            foreach (var ticket in decision.Tickets) answer.Tickets.Add(TicketWriter.Write(ticket, decision.Coverages.First(coverage => coverage.CoverageId == ticket.CoverageId)));
            answer.LimitExplanation = LimitWriter.ExplanationOf(decision, audience);
            foreach (var disease in decision.SpecificDiseases) answer.SpecificDiseases.Add(LimitWriter.Write(disease, serviceDate));
            if (request.Document is not null) answer.LimitConsent = new LimitConsent { Given = request.LimitConsent, At = DayText.Of(request.EventId.Time) };
        }
        if (draft.Summary is { } summary) answer.Emergency = Write(summary, asOf);
        if (draft.SummaryWithheld != Reason.Unspecified) answer.EmergencyWithheld = RemedyCatalogue.For(draft.SummaryWithheld, today, audience);
        return new LookUpResult { Answer = answer };
    }

    private static Contracts.V1.EmergencySummary Write(Rules.Emergency.EmergencySummary summary, DateTimeOffset asOf)
    {
        var written = new Contracts.V1.EmergencySummary { AsOf = DayText.Of(asOf), LeftOut = (uint)summary.LeftOut };
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
                to.Add(new Contracts.V1.ClinicalFact { On = JapanTime.Format(fact.HappenedOn), What = WrittenText.Answered(fact.What), Institution = WrittenText.Answered(fact.Institution) });
        }
    }
}
