using System.Globalization;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf.Collections;

namespace EligibilityGateway.ReaderAgent.Screen;

/// <summary>How an answer reads at the desk. In an ambulance the critical facts come first, and who it is after them.</summary>
internal sealed class AnswerPage(Words words)
{
    /// <summary>InsuredCardClassification of medical assistance.</summary>
    private const string MedicalAssistance = "A1";

    private readonly RemedyRows _remedies = new(words);

    public string Of(Answer answer)
    {
        var page = new Page();
        if (answer.Emergency is { } emergency) Summary(page, emergency);
        if (answer.EmergencyWithheld is { } withheld)
        {
            page.Headline(words["EmergencyWithheld"]);
            _remedies.AddTo(page, withheld);
        }
        page.Headline(words.Format("On", words.Of("Validity", answer.Validity), words.Day(answer.ServiceDate)));
        if (answer.Person is { } person) Holder(page, person, answer.ServiceDate);
        foreach (var coverage in answer.Coverages) Insured(page, coverage, answer);
        if (answer.Coverages.Count > 0) Money(page, answer);
        if (answer.Window is { } window) Bill(page, window);
        if (answer.MonthElsewhere is { } elsewhere) page.Row(words["MonthElsewhere"], words.Of(elsewhere.Explanation));
        if (answer.Remedy is { } remedy) _remedies.AddTo(page, remedy);
        foreach (var notice in answer.Notices) page.Row(words["Notice"], words.Of(notice.Text));
        page.Row(words["Known"], Freshness(answer.Freshness));
        if (answer.Assurance is not Assurance.Unspecified) page.Row(words["Holder"], words.Of("Assurance", answer.Assurance));
        return page.ToString();
    }

    public string Of(Refusal refusal)
    {
        var page = new Page();
        page.Headline(words["Refused"]);
        if (refusal.Remedy is { } remedy) _remedies.AddTo(page, remedy);
        if (refusal.Freshness is { } freshness) page.Row(words["Known"], Freshness(freshness));
        return page.ToString();
    }

    private void Summary(Page page, EmergencySummary summary)
    {
        // In the headline, since a crew may not read as far as the end of lists so long that something found no room.
        page.Headline(words.Format(summary.LeftOut > 0 ? "EmergencyLeftOut" : "Emergency", words.Moment(summary.AsOf), summary.LeftOut));
        var nothingKnown = new List<string>();
        Facts(page, "Dialysis", summary.Dialysis, nothingKnown);
        Facts(page, "Operations", summary.Operations, nothingKnown);
        Facts(page, "Medicines", summary.Medicines, nothingKnown);
        Facts(page, "EPrescriptions", summary.EPrescriptions, nothingKnown);
        Facts(page, "Treatments", summary.Treatments, nothingKnown);
        Facts(page, "Visits", summary.Visits, nothingKnown);
        foreach (var date in summary.CheckDates) page.Row(words["CheckDates"], words.Day(date));
        if (summary.CheckDates.Count == 0) nothingKnown.Add(words["Window_CheckDates"]);
        if (nothingKnown.Count > 0) page.Headline(words.Format("NothingKnown", string.Join(words["And"], nothingKnown)));
    }

    private void Facts(Page page, string kind, RepeatedField<ClinicalFact> facts, List<string> nothingKnown)
    {
        if (facts.Count == 0) nothingKnown.Add(words[$"Window_{kind}"]);
        foreach (var fact in facts)
            page.Row(words[kind], fact.Institution.Length == 0 ? words.Format("Fact", words.Day(fact.On), fact.What) : words.Format("FactAt", words.Day(fact.On), fact.What, fact.Institution));
    }

    private void Holder(Page page, Person person, string serviceDate)
    {
        page.Row(words["Name"], person.Name);
        page.Row(words["Kana"], person.NameKana);
        page.Row(words["OtherName"], person.OtherName);
        page.Row(words["OtherNameKana"], person.OtherNameKana);
        page.Row(words["Born"], words.Format("BornValue", words.BirthDate(person.BirthDate, serviceDate), words.Of("Sex", person.Sex)));
        page.Row(words["Address"], person.PostCode.Length > 0 ? words.Format("AddressValue", person.PostCode, person.Address) : person.Address);
    }

    private string Amounts(LimitAmounts? amounts)
    {
        if (amounts is null) return words["LimitYenNotDecided"];
        var text = words.Format(amounts.ThresholdYen > 0 ? "LimitYenWithPercent" : "LimitYenValue", Yen(amounts.BaseYen), Yen(amounts.ThresholdYen));
        if (amounts.OutpatientYen > 0) text += words.Format("LimitYenOutpatient", Yen(amounts.OutpatientYen));
        if (amounts.MultipleHitYen > 0) text += words.Format("LimitYenMultipleHit", Yen(amounts.MultipleHitYen));
        // A gateway of an earlier release says no reason: it knows one alone.
        IEnumerable<HalvedFor> reasons = amounts is { Halved: true, HalvedFor.Count: 0 } ? [HalvedFor.Turns75] : amounts.HalvedFor;
        return text + string.Concat(reasons.Select(reason => words.Of("LimitYenHalved", reason)));
    }

    private static string Yen(uint amount) => amount.ToString("N0", CultureInfo.InvariantCulture);

    private void Insured(Page page, Coverage coverage, Answer answer)
    {
        var hasEnded = coverage.LostOn.Length > 0 && string.CompareOrdinal(coverage.LostOn, answer.ServiceDate) <= 0;
        page.Row(words[hasEnded || answer.Validity is Validity.Invalid ? "InsuredByEnded" : "InsuredBy"], words.Format("InsurerValue", coverage.InsurerName, coverage.InsurerNumber));
        var numbers = (coverage.Symbol.Length > 0, coverage.Branch.Length > 0) switch
        {
            (true, true) => "NumbersValue",
            (true, false) => "NumbersValueWithoutBranch",
            (false, true) => "NumbersValueWithoutSymbol",
            (false, false) => "NumbersValueNumberAlone",
        };
        page.Row(words["Numbers"], words.Format(numbers, coverage.Symbol, coverage.Number, coverage.Branch));
        page.Row(words["InsuredName"], coverage.InsuredName);
        if (coverage.Relation > 0) page.Row(words["Relation"], words.Of("Relation", coverage.Relation));
        page.Row(words["AcquiredOn"], words.Day(coverage.AcquiredOn));
        if (coverage.LostOn.Length > 0) page.Row(words["LostOn"], words.Format("LostOnValue", words.Day(coverage.LostOn)));
        if (coverage.LossReason.Length > 0) page.Row(words["LossReason"], words.Of("LossReason", coverage.LossReason));
        if (coverage.Certificate is { } certificate) page.Row(words["Certificate"], words.Format("CertificateValue", words.Day(certificate.IssuedOn), words.Day(certificate.ValidUntil)));
        if (coverage.BillFirst) page.Row(words["BillFirst"], words["BillFirstValue"]);
    }

    private void Bill(Page page, WindowAmount window)
    {
        var label = words["Window"];
        foreach (var line in window.Explanation)
        {
            page.Row(label, words.Of(line));
            label = "";
        }
    }

    private void Money(Page page, Answer answer)
    {
        page.Row(words["Pays"], answer.BurdenPercent switch
        {
            0 when answer.Tickets.Count > 0 => words["PaysByTicket"],
            var percent when IsAssisted(answer) => words.Format("PaysByTicketBeside", percent),
            // Not known, never free: 0 is what the field says where nothing is known.
            0 => words["PaysUnknown"],
            // Japanese count in tenths (割): 3割 is 30 %.
            var percent when words.IsJapanese && percent % 10 == 0 && percent < 100 => words.Format("PaysValue", percent / 10),
            var percent => words.Format("PaysPercent", percent),
        });
        if (answer.Limit is { } limit)
        {
            var form = limit.FromBurdenRatio ? "LimitFromRatio" : limit.ValidUntil.Length > 0 ? "LimitUntil" : "LimitValue";
            page.Row(words["Limit"], words.Format(form, limit.Label, limit.Code, words.Day(limit.ValidUntil)));
            page.Row(words["LimitYen"], Amounts(limit.Amounts));
            if (limit.Receipt is { } receipt) page.Row(words["Receipt"], words.Format("ReceiptValue", receipt.Code, receipt.Label));
            if (limit.Certificate is { LongTermOn.Length: > 0 } certificate) page.Row(words["LongTerm"], words.Format("LongTermValue", words.Day(certificate.LongTermOn)));
        }
        else if (answer.LimitAbsence is not LimitAbsence.Unspecified)
        {
            page.Row(words["Limit"], words.Of("LimitAbsence", answer.LimitAbsence));
        }
        if (answer.LimitExplanation is { } explanation)
        {
            page.Row(words["LimitWhy"], words.Of(explanation.Why));
            page.Row(words["LimitFollows"], words.Of(explanation.Follows));
        }
        foreach (var ticket in answer.Tickets) page.Row(words["Ticket"], words.Format("TicketValue", words.Day(ticket.TreatmentMonth), Yen(ticket.SelfPayYen), ticket.PayerNumber, ticket.RecipientNumber));
        if (answer.MealCertificate is { } meals)
            page.Row(words["Meals"], words.Format(meals.LongTermOn.Length > 0 ? "MealsLongTerm" : "MealsValue", meals.Code, words.Day(meals.ValidFrom), words.Day(meals.LongTermOn)));
        foreach (var disease in answer.SpecificDiseases)
        {
            var yen = Yen(disease.MonthlyLimitYen);
            page.Row(words["SpecificDisease"], words.Format(
                disease.ValidUntil.Length > 0 ? "SpecificDiseaseUntil" : "SpecificDiseaseValue", words.Of("Disease", disease.Category), yen, words.Day(disease.ValidUntil)));
        }
    }

    // Medical assistance beside an insurance: the share is not the patient's to pay.
    private static bool IsAssisted(Answer answer) =>
        answer is { BurdenPercent: > 0, Validity: not Validity.Multiple, Coverages.Count: > 1 } && answer.Coverages.Any(coverage => coverage.Classification == MedicalAssistance);

    private string Freshness(Freshness? freshness) => freshness is not { AsOf.Length: > 0 }
        ? words["KnownNothing"]
        : words.Format(freshness.Proved ? "KnownProved" : "KnownUnproved", words.Moment(freshness.AsOf));
}
