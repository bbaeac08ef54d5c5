using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>What holds for every person on every day. FsCheck prints the seed of a failure, which replays it.</summary>
public sealed class EligibilityPropertyTests
{
    [Fact]
    public void A_card_is_valid_exactly_where_one_coverage_counts() => Holds(question =>
    {
        var counting = question.Person.Coverages.Count(coverage => coverage.Covers(question.Day));
        var decision = question.ByCard();
        return decision.Validity == counting switch
        {
            0 => decision.Reason == Reason.GapBeforeNewerCoverage ? Validity.InvalidNewerExists : Validity.Invalid,
            1 => Validity.Valid,
            _ => Validity.Multiple,
        };
    });

    [Fact]
    public void Never_valid_outside_acquisition_and_loss() => Holds(question =>
    {
        var decision = question.Decide();
        if (decision is not { IsInsured: true, Validity: Validity.Valid or Validity.InvalidNewerExists }) return true;
        return decision.Coverages is [var coverage] && coverage.AcquiredOn <= question.Day
            && (coverage.LostOn is null || question.Day < coverage.LostOn);
    });

    [Fact]
    public void The_decision_does_not_depend_on_the_order_of_facts() => Holds(question =>
        Same(question.Decide(), (question with { Person = Shuffled(question.Person, new Random(question.Seed)) }).Decide()));

    [Fact]
    public void Facts_of_other_coverages_and_other_days_do_not_count() => Holds(question =>
    {
        var decision = question.ByCard();
        if (decision.Validity != Validity.Valid) return true;
        var id = decision.Coverages[0].CoverageId;
        var person = question.Person with
        {
            Burdens = [.. question.Person.Burdens.Where(fact => fact.CoverageId == id && fact.Counts(question.Day))],
            Limits = [.. question.Person.Limits.Where(fact => fact.CoverageId == id && fact.Counts(question.Day))],
            SpecificDiseases = [.. question.Person.SpecificDiseases.Where(fact => fact.CoverageId == id && fact.Counts(question.Day))],
        };
        return Same(decision, (question with { Person = person }).ByCard());
    });

    [Fact]
    public void A_document_never_opens_what_the_card_would_not() => Holds(question =>
    {
        var byDocument = question.Decide();
        var byCard = question.ByCard();
        return byDocument.Validity switch
        {
            Validity.InvalidNewerExists when !byDocument.IsInsured => Same(byDocument, byCard),
            Validity.Valid or Validity.InvalidNewerExists => byCard.Validity == Validity.Valid
                && byDocument.BurdenPercent == byCard.BurdenPercent
                && byDocument.Coverages.SequenceEqual(byCard.Coverages),
            Validity.Multiple => byCard.Validity == Validity.Multiple,
            _ => byDocument is { BurdenPercent: 0, Limit: null, SpecificDiseases.Count: 0, Coverages.Count: <= 1 },
        };
    });

    [Fact]
    public void Medical_assistance_changes_neither_share_nor_limit_of_the_insurance_beside_it() => Holds(question =>
    {
        var alone = question.ByCard();
        if (alone.Validity != Validity.Valid) return true;
        var assistance = new CoverageFact(99, "12131112", "", "A1", "", "1", null, Relation.Insured, question.Day, null);
        var beside = (question with { Person = question.Person with { Coverages = [assistance, .. question.Person.Coverages] } }).ByCard();
        return beside is { Validity: Validity.ValidNotRegistered, Reason: Reason.TicketNotRegistered }
            && beside.BurdenPercent == alone.BurdenPercent && beside.Limit == alone.Limit && beside.LimitAbsence == alone.LimitAbsence
            && beside.SpecificDiseases.SequenceEqual(alone.SpecificDiseases)
            && beside.Coverages.SequenceEqual([alone.Coverages[0], assistance]) && beside.BillFirst == alone.Coverages[0];
    });

    [Fact]
    public void Only_a_plain_yes_has_no_reason() => Holds(question =>
    {
        var decision = question.Decide();
        return decision.Validity == Validity.Valid == (decision.Reason == Reason.Unspecified);
    });

    [Fact]
    public void Where_one_coverage_counts_a_limit_is_there_or_its_absence_has_a_reason() => Holds(question =>
    {
        var decision = question.Decide();
        if (decision is not { IsInsured: true, Validity: Validity.Valid or Validity.InvalidNewerExists }) return decision.Limit is null;
        if (question.Document is not null && !question.LimitConsent)
            return decision is { Limit: null, LimitAbsence: LimitAbsence.NoConsent, SpecificDiseases.Count: 0 };
        return decision.Limit is null == (decision.LimitAbsence != LimitAbsence.Unspecified);
    });

    [Fact]
    public void The_share_is_one_that_the_law_knows() => Holds(question => question.Decide().BurdenPercent is 0 or 10 or 20 or 30 or 100);

    private sealed record Question(PersonSnapshot Person, DateOnly Day, DocumentInHand? Document, bool LimitConsent, int Seed)
    {
        public EligibilityDecision Decide() => EligibilityRules.Decide(Person, Day, Document, LimitConsent);

        public EligibilityDecision ByCard() => EligibilityRules.Decide(Person, Day, document: null, limitConsent: true);
    }

    private static void Holds(Func<Question, bool> property) =>
        Prop.ForAll(Arb.From(Questions()), property).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    // Few days, so that equal dates and boundaries are common.
    private static DateOnly NthDay(int n) => new DateOnly(2026, 10, 1).AddDays(n);

    private static Gen<DateOnly> Days() => Gen.Choose(0, 12).Select(NthDay);

    private static Gen<DateOnly?> DaysOrOpen() => Gen.Choose(0, 16).Select(n => n > 12 ? (DateOnly?)null : NthDay(n));

    private static Gen<CoverageFact> Coverages() =>
        from acquired in Days()
        from lost in DaysOrOpen()
        from insurer in Gen.Elements(Known.EmployeesInsurer, Known.Municipality, Known.LateElderlyScheme)
        from classification in Gen.Elements("01", "01", "01", "05")
        let end = lost < acquired ? acquired : lost
        select new CoverageFact(0, insurer, "", classification, "", "1", null, Relation.Insured, acquired, end);

    private static Gen<BurdenFact> Burdens() =>
        from coverage in Gen.Choose(1, 3)
        from percent in Gen.Elements<short>(10, 20, 30)
        from day in Days()
        from until in DaysOrOpen()
        select new BurdenFact(coverage, percent, day, until < day ? day : until);

    private static Gen<LimitFact> Limits() =>
        from coverage in Gen.Choose(1, 3)
        from certificate in Gen.Elements("01", "02", "03")
        from code in Gen.Elements("A01", "A03", "A05", "A06", "B01", "B04", "B05", "B08", "B09", "B10")
        from day in Days()
        from until in DaysOrOpen()
        select new LimitFact(coverage, certificate, code, day, until < day ? day : until, null);

    private static Gen<SpecificDiseaseFact> Diseases() =>
        from coverage in Gen.Choose(1, 3)
        from category in Gen.Elements<short>(1, 2, 3)
        from yen in Gen.Elements(10000, 20000)
        from day in Days()
        from until in DaysOrOpen()
        select new SpecificDiseaseFact(coverage, category, yen, day, until < day ? day : until);

    private static Gen<EligibilityCertificateFact> Certificates() =>
        from coverage in Gen.Choose(1, 3)
        from issued in Days()
        from until in Days()
        select new EligibilityCertificateFact(coverage, issued, until < issued ? issued : until);

    private static Gen<DocumentInHand?> Documents() =>
        from kind in Gen.Elements(DocumentKind.InsuranceCard, DocumentKind.EligibilityCertificate, DocumentKind.EligibilityNotice)
        from coverage in Gen.Choose(0, 3)
        select coverage == 0 ? null : new DocumentInHand(kind, coverage);

    private static Gen<T[]> UpTo<T>(Gen<T> of, int most) => Gen.Choose(0, most).SelectMany(of.ArrayOf);

    private static Gen<Question> Questions() =>
        from born in Gen.Elements("2023-06-01", "1980-05-05", "1956-10-05", "1954-05-05", "1946-05-05")
        from coverages in UpTo(Coverages(), 3)
        from burdens in UpTo(Burdens(), 4)
        from limits in UpTo(Limits(), 4)
        from diseases in UpTo(Diseases(), 4)
        from certificates in UpTo(Certificates(), 3)
        from day in Days()
        from document in Documents()
        from consent in Gen.Elements(true, false)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        let numbered = coverages.Select((coverage, n) => coverage with { CoverageId = n + 1 }).ToArray()
        let person = Known.Person(born, numbered, burdens, limits, diseases, certificates)
        select new Question(person, day, document, consent, seed);

    private static PersonSnapshot Shuffled(PersonSnapshot person, Random random)
    {
        return person with
        {
            Coverages = Mixed(person.Coverages),
            Burdens = Mixed(person.Burdens),
            Limits = Mixed(person.Limits),
            SpecificDiseases = Mixed(person.SpecificDiseases),
            EligibilityCertificates = Mixed(person.EligibilityCertificates),
        };

        T[] Mixed<T>(T[] facts)
        {
            T[] mixed = [.. facts];
            random.Shuffle(mixed);
            return mixed;
        }
    }

    private static bool Same(EligibilityDecision one, EligibilityDecision other) =>
        one with { Coverages = [], SpecificDiseases = [] } == other with { Coverages = [], SpecificDiseases = [] }
        && one.Coverages.SequenceEqual(other.Coverages) && one.SpecificDiseases.SequenceEqual(other.SpecificDiseases);
}
