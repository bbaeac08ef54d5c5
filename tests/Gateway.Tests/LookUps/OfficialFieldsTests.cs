using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>Each element of the official answer that the insurers state reaches the terminal: docs/official-answer.md.</summary>
public sealed class OfficialFieldsTests(TestStores stores) : IAsyncLifetime
{
    private static readonly DateOnly Issued = new(2026, 7, 20), From = new(2026, 8, 1), Until = new(2027, 7, 31), LongTerm = new(2026, 9, 1);
    private const string ServiceDate = "2026-10-15";

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _desk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, ProofClaims.Face));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Fact]
    public async Task Person_and_coverage()
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new InsurerDelivery
        {
            Persons = [new(person.Id, new DateOnly(2000, 1, 1), person.Name, "ｼｹﾝ ﾀﾛｳ", "別名　太郎", Rules.Facts.Sex.Male, person.BirthDate, "試験市1丁目", "123-4567", "ﾍﾞﾂﾒｲ ﾀﾛｳ", Rules.Facts.Sex.NotSet)],
            Coverages = [person.Coverage(new DateOnly(2020, 4, 1), new DateOnly(2026, 11, 1)) with { InsuredName = "試験　世帯主", LossReason = 3 }],
            EligibilityCertificates = [new(1, person.Id, person.CoverageId, Issued, Until)],
        });
        var answer = await TapAsync(person);
        Assert.Equal(("試験市1丁目", "123-4567"), (answer.Person.Address, answer.Person.PostCode));
        Assert.Equal(("ﾍﾞﾂﾒｲ ﾀﾛｳ", Sex.Male, Sex.NotSet), (answer.Person.OtherNameKana, answer.Person.Sex, answer.Person.SexOnDocument));
        Assert.False(answer.Preschool);
        var coverage = Assert.Single(answer.Coverages);
        Assert.Equal(("試験　世帯主", "03", "2026-11-01"), (coverage.InsuredName, coverage.LossReason, coverage.LostOn));
        Assert.Equal(new EligibilityCertificate { IssuedOn = "2026-07-20", ValidUntil = "2027-07-31" }, coverage.Certificate);
        Assert.Null(answer.LimitConsent);
    }

    [Fact]
    public async Task Limit_and_specific_disease()
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new InsurerDelivery
        {
            Limits = [new(1, person.Id, person.CoverageId, "02", "A05", Issued, From, Until, LongTerm)],
            SpecificDiseases = [new(1, person.Id, person.CoverageId, 1, 10_000, Issued, From, Until)],
        });
        var answer = await TapAsync(person);
        var certificate = new LimitCertificate { Classification = "02", Code = "A05", IssuedOn = "2026-07-20", ValidFrom = "2026-08-01", ValidUntil = "2027-07-31", LongTermOn = "2026-09-01" };
        Assert.Equal(certificate, answer.Limit.Certificate);
        Assert.Equal(new ReceiptCode { Code = "30", Label = "区オ" }, answer.Limit.Receipt);
        var disease = new SpecificDisease
        {
            Category = 1,
            MonthlyLimitYen = 10_000,
            IssuedOn = "2026-07-20",
            ValidFrom = "2026-08-01",
            ValidUntil = "2027-07-31",
            Receipt = new ReceiptCode { Code = "02", Label = "長" },
        };
        Assert.Equal(disease, Assert.Single(answer.SpecificDiseases));
    }

    [Fact]
    public async Task Certificate_for_meals_alone()
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new InsurerDelivery { Limits = [new(1, person.Id, person.CoverageId, "03", "A05", Issued, From, null, LongTerm)] });
        var answer = await TapAsync(person);
        Assert.Null(answer.Limit);
        Assert.Equal(("03", "", "2026-09-01"), (answer.MealCertificate.Classification, answer.MealCertificate.ValidUntil, answer.MealCertificate.LongTermOn));
    }

    [Fact]
    public async Task Limit_that_the_insurer_withholds()
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new InsurerDelivery { WithheldLimits = [new(1, person.Id, person.CoverageId, From, null)] });
        var answer = await TapAsync(person);
        Assert.Equal((Validity.Valid, 30u, LimitAbsence.WithheldUnpaid), (answer.Validity, answer.BurdenPercent, answer.LimitAbsence));
        Assert.Contains("滞納", answer.LimitExplanation.Why.Ja, StringComparison.Ordinal);
        await _town.DeliverAsync(new InsurerDelivery { Withdrawals = [new(FactKind.WithheldLimit, 1)] });
        Assert.Equal(LimitAbsence.NotGivenByInsurer, (await TapAsync(person)).LimitAbsence);
    }

    [Fact]
    public async Task Ratio_of_an_elderly_recipient()
    {
        var person = await _town.AddPersonAsync(birthDate: new DateOnly(1954, 3, 15));
        await _town.DeliverAsync(new InsurerDelivery { Burdens = [new(1, person.Id, person.CoverageId, 20, Issued, From, Until)] });
        var answer = await TapAsync(person);
        Assert.Equal(new BurdenCertificate { Percent = 20, IssuedOn = "2026-07-20", ValidFrom = "2026-08-01", ValidUntil = "2027-07-31" }, answer.BurdenCertificate);
        Assert.Equal(("29", "区エ"), (answer.Limit.Receipt.Code, answer.Limit.Receipt.Label));
        Assert.Null(answer.Limit.Certificate);
    }

    [Theory]
    [InlineData("0110113719", Validity.Valid)]
    [InlineData("2714206386", Validity.ValidNotRegistered)]
    public async Task Medical_ticket_of_this_institution_and_of_no_other(string institution, Validity validity)
    {
        var person = await _town.AddPersonAsync(number: "1234566");
        await _town.DeliverAsync(new InsurerDelivery
        {
            Coverages = [person.Coverage(new DateOnly(2026, 4, 1), null) with { Classification = "A1" }],
            MedicalTickets =
            [
                new(1, person.Id, person.CoverageId, new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 31), new DateOnly(2026, 10, 1), InstitutionCode.Parse(institution), null, 1_500, new Rules.Facts.TicketDetails
                {
                    IssueNumber = "00012345", InstitutionName = "試験医院", Injury1 = "高血圧症", Injury3 = "糖尿病", Remark2 = "備考", SingleOrCombined = "1",
                }),
            ],
        });
        var answer = await TapAsync(person);
        Assert.Equal((validity, 0u, LimitAbsence.TicketSays), (answer.Validity, answer.BurdenPercent, answer.LimitAbsence));
        if (validity != Validity.Valid)
        {
            Assert.Equal(Reason.TicketNotRegistered, answer.Remedy.Reason);
            Assert.DoesNotContain("高血圧症", answer.ToString(), StringComparison.Ordinal);
            return;
        }
        var ticket = new MedicalTicket
        {
            PayerNumber = person.Insurer.ToString(),
            RecipientNumber = "1234566",
            WelfareOffice = answer.Coverages[0].InsurerName,
            ValidFrom = "2026-10-01",
            ValidUntil = "2026-10-31",
            IssueNumber = "00012345",
            TreatmentMonth = "2026-10",
            Institution = institution,
            InstitutionName = "試験医院",
            Injuries = { "高血圧症", "糖尿病" },
            Remarks = { "備考" },
            SingleOrCombined = "1",
            SelfPayYen = 1_500,
        };
        Assert.Equal(ticket, Assert.Single(answer.Tickets));
        Assert.Null(answer.Remedy);
    }

    // Public Assistance Act, art. 4: the insurance first, what it leaves goes to the assistance, and the patient pays what the ticket says.
    [Fact]
    public async Task Medical_assistance_beside_an_insurance()
    {
        var person = await _town.AddPersonAsync(number: "1234566");
        var assistance = person.Coverage(new DateOnly(2026, 4, 1), null) with { CoverageId = person.CoverageId + 1, Classification = "A1" };
        await _town.DeliverAsync(new InsurerDelivery
        {
            Coverages = [assistance],
            Limits = [new(1, person.Id, person.CoverageId, "01", "A03", Issued, From, null, null)],
            MedicalTickets = [new(1, person.Id, assistance.CoverageId, new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 31), new DateOnly(2026, 10, 1), InstitutionCode.Parse("0110113719"), null, 1_500, new Rules.Facts.TicketDetails())],
        });
        var answer = await TapAsync(person, new PlannedBill { TotalCostYen = 1_000_000, Inpatient = true });
        Assert.Equal((Validity.Valid, null, 30u, "A03"), (answer.Validity, answer.Remedy, answer.BurdenPercent, answer.Limit.Code));
        Assert.Equal([("01", true), ("A1", false)], answer.Coverages.Select(coverage => (coverage.Classification, coverage.BillFirst)));
        Assert.Equal(1_500u, Assert.Single(answer.Tickets).SelfPayYen);
        Assert.Equal((300_000u, 1_500u, 91_440u), (answer.Window.ShareYen, answer.Window.ChargeYen, answer.Window.AssistanceYen));
        Assert.Equal(LimitExplanations.BesideInsurance(Audience.Desk), answer.LimitExplanation);
    }

    // 外字: what the insurer's code means nobody else knows. Every text that an insurer can state has one here.
    [Fact]
    public async Task Characters_of_private_use_leave_as_dots()
    {
        const string gaiji = "\uE000", far = "\U000F0001";
        var welfare = InsurerNumber.TryParse("12139903", out var number) ? number : default;
        Assert.Null(DocumentNumbers.TryParse($"{gaiji}記", $"12{far}", "00", out var numbers));
        var details = new Rules.Facts.TicketDetails();
        foreach (var text in typeof(Rules.Facts.TicketDetails).GetProperties().Where(property => property.PropertyType == typeof(string))) text.SetValue(details, gaiji);
        var person = (await _town.AddPersonAsync()) with { Insurer = welfare, Numbers = numbers };
        await _town.DeliverAsync(new InsurerDelivery
        {
            Insurers = [new(welfare, $"{gaiji}福祉事務所")],
            Persons = [new(person.Id, new DateOnly(2000, 1, 1), $"{gaiji}　花子", gaiji, far, Rules.Facts.Sex.Male, person.BirthDate, $"{gaiji}市", gaiji, far)],
            Coverages = [person.Coverage(new DateOnly(2020, 4, 1), null) with { Classification = "A1", InsuredName = $"{far}太郎" }],
            MedicalTickets = [new(1, person.Id, person.CoverageId, new DateOnly(2026, 10, 1), new DateOnly(2026, 10, 31), new DateOnly(2026, 10, 1), InstitutionCode.Parse("0110113719"), null, 0, details)],
            ClinicalFacts = [new(1, person.Id, Rules.Facts.ClinicalKind.Visit, TestTown.Today.AddDays(-1), gaiji, far)],
        });
        var answer = await TapAsync(person);
        Assert.Equal(("●　花子", "●", "●", "●", "●市", "●"), (answer.Person.Name, answer.Person.NameKana, answer.Person.OtherName, answer.Person.OtherNameKana, answer.Person.Address, answer.Person.PostCode));
        var coverage = Assert.Single(answer.Coverages);
        Assert.Equal(("●福祉事務所", "●記", "12●", "●太郎"), (coverage.InsurerName, coverage.Symbol, coverage.Number, coverage.InsuredName));
        var ticket = Assert.Single(answer.Tickets);
        Assert.Equal(("●福祉事務所", "12●", "●", 3, 3), (ticket.WelfareOffice, ticket.RecipientNumber, ticket.IssueNumber, ticket.Injuries.Count(text => text == "●"), ticket.Remarks.Count(text => text == "●")));
        Assert.False(WrittenText.HoldsPrivateUse(answer.ToString()));

        using var room = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.HospitalEmergency, ProofClaims.Sight, "er-1"));
        var emergency = TestDesk.Claim(await _town.AddCardAsync(person), Proof.Sight, Purpose.EmergencyCare);
        emergency.Consents.Add(new Consent { Subject = ConsentSubject.EmergencySummary, Given = true });
        var visit = Assert.Single((await room.AskAsync(emergency)).Answer.Emergency.Visits);
        Assert.Equal(("●", "●"), (visit.What, visit.Institution));
    }

    [Fact]
    public async Task Child_below_school_age()
    {
        var answer = await TapAsync(await _town.AddPersonAsync(birthDate: new DateOnly(2022, 8, 9)));
        Assert.True(answer.Preschool);
    }

    // What was typed may be anybody's: where no coverage counts, no address is shown.
    [Theory]
    [InlineData(false, Validity.Invalid)]
    [InlineData(true, Validity.InvalidNewerExists)] // a gap
    public async Task No_address_where_no_coverage_counts(bool newerBegins, Validity validity)
    {
        var person = await _town.AddPersonAsync(lostOn: new DateOnly(2026, 10, 1));
        await _town.DeliverAsync(new InsurerDelivery
        {
            Coverages = newerBegins ? [person.Coverage(new DateOnly(2026, 11, 1), null) with { CoverageId = person.CoverageId + 1 }] : [],
            Persons = [new(person.Id, new DateOnly(2000, 1, 1), person.Name, "", "", Rules.Facts.Sex.Male, person.BirthDate, "試験市1丁目", "123-4567")],
        });
        var answer = await TapAsync(person);
        Assert.Equal((validity, person.Name, "", ""), (answer.Validity, answer.Person.Name, answer.Person.Address, answer.Person.PostCode));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Consent_to_the_limit_where_numbers_were_typed(bool given)
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new InsurerDelivery
        {
            EligibilityCertificates = [new(1, person.Id, person.CoverageId, Issued, Until)],
            Limits = [new(1, person.Id, person.CoverageId, "03", "A05", Issued, From, null, null)],
        });
        var lookUp = TestDesk.Typed(person);
        lookUp.ServiceDate = ServiceDate;
        lookUp.Consents.Add(new Consent { Subject = ConsentSubject.Limit, Given = given });
        var answer = (await _desk.AskAsync(lookUp)).Answer;
        Assert.True(EventId.TryParse(lookUp.EventId, out var id));
        Assert.Equal(new LimitConsent { Given = given, At = id.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) }, answer.LimitConsent);
        Assert.Equal(given, answer.MealCertificate is not null);
    }

    private async Task<Answer> TapAsync(TestPerson person, PlannedBill? bill = null)
    {
        var tap = _desk.Tap(await _town.AddCardAsync(person), await _desk.ChallengeAsync());
        (tap.ServiceDate, tap.Bill) = (ServiceDate, bill);
        return (await _desk.AskAsync(tap)).Answer;
    }
}
