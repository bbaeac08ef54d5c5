using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Tests.Screen;

public sealed class AnswerPageTests
{
    private static readonly AnswerPage English = new(Words.English);
    private static readonly AnswerPage Japanese = new(Words.Japanese);

    [Fact]
    public void An_answer_in_english()
    {
        Assert.Equal(
            """
            VALID on 2026-10-15
            Name              試験　花子
            Kana              ｼｹﾝ ﾊﾅｺ
            Born              1980-01-02 (aged 46), female
            Insured by        Test Health Insurance Society (06139463)
            Numbers           symbol 12, number 7418529, branch 01
            Relation          insured person
            Covered since     2020-04-01
            Lost on           2026-10-16 (that day itself is not covered)
            Patient pays      30 %
            Limit class       ウ (A03), until 2027-07-31
            At most           85,800 yen a month, and 1 % of what the care costs above 286,000; from the fourth month within a year 44,400 yen
            Specific disease  dialysis: at most 10,000 yen a month here
            Note              The certificate expires soon.
            Known             as of 2026-10-15 09:00:01 JST, proved
            Holder            PIN, proved by the card
            """,
            English.Of(Insured()));
    }

    [Fact]
    public void The_same_in_japanese()
    {
        Assert.Equal(
            """
            有効（診療日 2026年10月15日）
            氏名            試験　花子
            フリガナ        ｼｹﾝ ﾊﾅｺ
            生年月日        1980年（昭和55年）1月2日（46歳）・女
            保険者          Test Health Insurance Society（06139463）
            記号・番号      12・7418529（枝番 01）
            本人・家族      本人
            資格取得日      2020年4月1日
            資格喪失日      2026年10月16日（この日から資格なし）
            負担割合        3割
            適用区分        ウ（A03）、2027年7月31日まで
            自己負担限度額  月85,800円＋（医療費－286,000円）×1%、多数回該当は44,400円
            特定疾病        人工透析：当院で月10,000円まで
            お知らせ        有効期限が近づいています。
            情報の時点      2026年10月15日 09:00:01現在、確認済み
            本人確認        暗証番号（カードの署名で確認済み）
            """,
            Japanese.Of(Insured()));
    }

    [Fact]
    public void A_share_of_0_means_not_known_and_is_never_shown_as_free()
    {
        var answer = Insured();
        answer.BurdenPercent = 0;
        Assert.Contains("Patient pays      not known", Rows(English.Of(answer)));
        Assert.Contains("負担割合        不明", Rows(Japanese.Of(answer)));
        Assert.DoesNotContain("0 %", English.Of(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("0割", Japanese.Of(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10u, "10 %", "1割")]
    [InlineData(20u, "20 %", "2割")]
    [InlineData(100u, "100 %", "100%")]
    [InlineData(15u, "15 %", "15%")]
    public void The_share_is_shown_as_each_language_counts_it(uint percent, string english, string japanese)
    {
        var answer = Insured();
        answer.BurdenPercent = percent;
        Assert.Contains($"Patient pays      {english}", Rows(English.Of(answer)));
        Assert.Contains($"負担割合        {japanese}", Rows(Japanese.Of(answer)));
    }

    [Fact]
    public void A_limit_that_is_not_there_says_why()
    {
        var answer = Insured();
        answer.Limit = null;
        answer.LimitAbsence = LimitAbsence.NotGivenByInsurer;
        Assert.Contains("Limit class       none given: charge the plain share; the insurer refunds later", Rows(English.Of(answer)));
        answer.LimitExplanation = new LimitExplanation { Why = new Text { En = "Withheld.", Ja = "保留。" }, Follows = new Text { En = "Ask.", Ja = "相談。" } };
        Assert.Contains("Why               Withheld.", Rows(English.Of(answer)));
        Assert.Contains("対応        相談。", Rows(Japanese.Of(answer)));
    }

    [Fact]
    public void A_medical_ticket_says_what_is_paid()
    {
        var answer = Insured();
        (answer.BurdenPercent, answer.Limit, answer.LimitAbsence) = (0, null, LimitAbsence.TicketSays);
        answer.Tickets.Add(new MedicalTicket { TreatmentMonth = "2026-10", SelfPayYen = 1_500, PayerNumber = "12131112", RecipientNumber = "1234566" });
        var rows = Rows(English.Of(answer));
        Assert.Contains("Patient pays      as the medical ticket says", rows);
        Assert.Contains("Medical ticket    2026-10: 1,500 yen in the month; payer 12131112, recipient 1234566", rows);
    }

    [Fact]
    public void Beside_an_insurance_the_share_is_the_assistances_to_pay()
    {
        var answer = Insured();
        answer.BurdenPercent = 30;
        var assistance = answer.Coverages[0].Clone();
        assistance.Classification = "A1";
        answer.Coverages.Add(assistance);
        Assert.Contains("Patient pays      as the medical ticket says; medical assistance bears the insurance's share of 30 %", Rows(English.Of(answer)));
        answer.Validity = Validity.Multiple;
        Assert.Contains("Patient pays      30 %", Rows(English.Of(answer)));
    }

    // At a pharmacy it is a dispensing ticket (調剤券), also where none is registered.
    [Fact]
    public void At_a_pharmacy_the_ticket_is_one_for_dispensing()
    {
        var (english, japanese) = (new AnswerPage(Words.English.At(TerminalRole.Pharmacy)), new AnswerPage(Words.Japanese.At(TerminalRole.Pharmacy)));
        var answer = Insured();
        (answer.Validity, answer.BurdenPercent, answer.Limit, answer.LimitAbsence) = (Validity.ValidNotRegistered, 0, null, LimitAbsence.TicketSays);
        Assert.StartsWith("有効（調剤券は未登録）", japanese.Of(answer), StringComparison.Ordinal);
        answer.Tickets.Add(new MedicalTicket { TreatmentMonth = "2026-10", SelfPayYen = 1_500, PayerNumber = "12131112", RecipientNumber = "1234566" });
        Assert.DoesNotContain("医療券", japanese.Of(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("medical ticket", english.Of(answer), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Dispensing ticket", english.Of(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_insurer_states_besides_is_shown()
    {
        var answer = Insured();
        (answer.Person.PostCode, answer.Person.Address) = ("123-4567", "試験市1丁目");
        (answer.Coverages[0].InsuredName, answer.Coverages[0].LossReason) = ("試験　太郎", "03");
        answer.Coverages[0].Certificate = new EligibilityCertificate { IssuedOn = "2026-07-20", ValidUntil = "2027-07-31" };
        answer.Limit.Receipt = new ReceiptCode { Code = "28", Label = "区ウ" };
        answer.Limit.Certificate = new LimitCertificate { LongTermOn = "2026-09-01" };
        answer.MealCertificate = new LimitCertificate { Code = "A05", ValidFrom = "2026-08-01" };
        var rows = Rows(English.Of(answer));
        Assert.Contains("Address           123-4567 試験市1丁目", rows);
        Assert.Contains("Insured person    試験　太郎", rows);
        Assert.Contains("Lost by           other insurance", rows);
        Assert.Contains("Certificate       issued 2026-07-20, until 2027-07-31", rows);
        Assert.Contains("On the bill       28 区ウ", rows);
        Assert.Contains("Long stay         lower meal price from 2026-09-01", rows);
        Assert.Contains("Meals             lower price (A05) from 2026-08-01", rows);
        Assert.Contains("喪失理由", Japanese.Of(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_is_told_in_yen_with_what_is_special_of_the_month()
    {
        var answer = Insured();
        answer.Limit.Amounts = new LimitAmounts { BaseYen = 30_750, OutpatientYen = 11_000, MultipleHitYen = 22_200, Halved = true };
        Assert.Contains(
            "At most           30,750 yen a month; outpatient 11,000 yen; from the fourth month within a year 22,200 yen; halved in the month of the 75th birthday",
            Rows(English.Of(answer)));
        Assert.Contains("自己負担限度額  月30,750円、外来は11,000円、多数回該当は22,200円（75歳到達月の特例で半額）", Rows(Japanese.Of(answer)));
        answer.Limit.Amounts = new LimitAmounts { BaseYen = 15_375, Halved = true, HalvedFor = { HalvedFor.Turns75, HalvedFor.HouseholdMoves } };
        Assert.Contains(
            "At most           15,375 yen a month; halved in the month of the 75th birthday; halved in the month of the move within the prefecture", Rows(English.Of(answer)));
        Assert.Contains("自己負担限度額  月15,375円（75歳到達月の特例で半額）（県内転居月の特例で半額）", Rows(Japanese.Of(answer)));
        answer.Limit.Amounts = null;
        Assert.Contains("At most           not decided yet for this month", Rows(English.Of(answer)));
    }

    [Fact]
    public void A_bill_is_worked_out_line_by_line_and_the_month_elsewhere_is_apart_from_it()
    {
        var answer = Insured();
        answer.Window = new WindowAmount { ShareYen = 3_702, ChargeYen = 3_700 };
        answer.Window.Explanation.Add(new Text { Ja = "自己負担は3,702円。", En = "The share is 3,702 yen." });
        answer.Window.Explanation.Add(new Text { Ja = "3,700円をいただきます。", En = "To be paid now: 3,700 yen." });
        answer.MonthElsewhere = new MonthElsewhere { Month = "2026-10", ChargedYen = 60_000, Explanation = new Text { Ja = "他で60,000円。", En = "60,000 yen elsewhere." } };
        var page = Rows(English.Of(answer));
        var at = page.ToList().IndexOf("This bill             The share is 3,702 yen.");
        Assert.Equal(["                      To be paid now: 3,700 yen.", "Elsewhere this month  60,000 yen elsewhere."], page.Skip(at + 1).Take(2));
        Assert.Contains("お会計              自己負担は3,702円。", Rows(Japanese.Of(answer)));
    }

    [Theory]
    [InlineData("12", "01", "symbol 12, number 7418529, branch 01")]
    [InlineData("12", "", "symbol 12, number 7418529")]
    [InlineData("", "01", "number 7418529, branch 01")]
    [InlineData("", "", "number 7418529")]
    public void Numbers_that_an_insurer_does_not_use_are_not_named(string symbol, string branch, string expected)
    {
        var answer = Insured();
        answer.Coverages[0].Symbol = symbol;
        answer.Coverages[0].Branch = branch;
        Assert.Contains($"Numbers           {expected}", Rows(English.Of(answer)));
    }

    [Fact]
    public void A_coverage_that_has_ended_is_not_shown_as_one_that_counts()
    {
        var answer = Insured();
        answer.Validity = Validity.Invalid;
        var page = Rows(English.Of(answer));
        Assert.Equal("NOT VALID on 2026-10-15", page[0]);
        Assert.Contains("Was insured by    Test Health Insurance Society (06139463)", page);
    }

    [Fact]
    public void An_answer_about_nobody_has_no_empty_rows_and_names_no_share()
    {
        var answer = new Answer
        {
            ServiceDate = "2026-10-15",
            Validity = Validity.NotFound,
            Remedy = Remedy(),
            Freshness = new Freshness { AsOf = "2026-10-15T00:00:01Z" },
            Assurance = Assurance.None,
        };
        Assert.Equal(
            """
            NOTHING MATCHES on 2026-10-15
            What is the matter  Reported lost.
            Do now              Ask for the eligibility certificate.
            Who mends it        the municipal office that issues cards
            By when             When a new card is made.
            Known               as of 2026-10-15 09:00:01 JST, NOT PROVED
            Holder              nothing proved: numbers were typed
            """,
            English.Of(answer));
    }

    [Fact]
    public void A_refusal_says_what_is_the_matter_what_to_do_and_whose_move_it_is()
    {
        var refusal = new Refusal { Remedy = Remedy(), Freshness = new Freshness { AsOf = "2026-10-15T00:00:01Z", Proved = true } };
        Assert.Equal(
            """
            NOT ANSWERED
            What is the matter  Reported lost.
            Do now              Ask for the eligibility certificate.
            Who mends it        the municipal office that issues cards
            By when             When a new card is made.
            Known               as of 2026-10-15 09:00:01 JST, proved
            """,
            English.Of(refusal));
        Assert.Equal(
            """
            照会できません
            内容          紛失の届出があります。
            窓口の対応    資格確認書を求めてください。
            手続きの担当  市区町村（カード窓口）
            解消の見込み  再交付のとき。
            情報の時点    2026年10月15日 09:00:01現在、確認済み
            """,
            Japanese.Of(refusal));
    }

    [Fact]
    public void In_an_emergency_the_critical_facts_come_before_who_it_is()
    {
        var answer = Insured();
        answer.Emergency = Summary();
        var page = Rows(English.Of(answer));
        Assert.Equal(
            [
                "EMERGENCY SUMMARY as of 2026-10-15 09:00:01 JST",
                "DIALYSIS          2026-10-13  haemodialysis (Test Kidney Clinic)",
                "OPERATIONS        2024-05-20  coronary bypass",
                "MEDICINES         2026-10-01  warfarin 1 mg (Test Pharmacy)",
                "DISPENSED         2026-10-02  amlodipine 5 mg",
                "HEALTH CHECKS     2026-06-01",
                "HEALTH CHECKS     2025-06-01",
                "Nothing on record, which does not mean never treated: treatment (3 months); visits (3 months)",
                "VALID on 2026-10-15",
                "Name              試験　花子",
            ],
            page[..10]);
    }

    [Fact]
    public void What_found_no_room_in_the_summary_is_told_in_its_headline()
    {
        var answer = Insured();
        answer.Emergency = Summary();
        answer.Emergency.LeftOut = 12;
        Assert.Equal("EMERGENCY SUMMARY as of 2026-10-15 09:00:01 JST; NOT ALL OF IT: older lines left out: 12", Rows(English.Of(answer))[0]);
        Assert.Equal("救急用サマリー（2026年10月15日 09:00:01現在）※一部のみ：古い記録12件を省略", Rows(Japanese.Of(answer))[0]);
    }

    [Fact]
    public void A_remedy_with_a_contact_says_whom_to_telephone_in_the_language_of_the_page()
    {
        var refusal = new Refusal { Remedy = Remedy() };
        refusal.Remedy.Contact = new Contact
        {
            Who = new Text { Ja = "カードの窓口", En = "the card line" },
            Phone = new Text { Ja = "0570-783-578", En = "0570-064-738" },
            Hours = new Text { Ja = "24時間", En = "around the clock" },
            Languages = { "ja", "en", "tlh" },
        };
        Assert.Contains("\nTelephone           0570-064-738, the card line; around the clock (Japanese, English, tlh)", English.Of(refusal), StringComparison.Ordinal);
        Assert.Contains("電話          0570-783-578 カードの窓口、24時間（日本語・英語・tlh）", Japanese.Of(refusal), StringComparison.Ordinal);
        refusal.Remedy.Contact.Hours = null;
        Assert.Contains("0570-064-738, the card line (Japanese, English, tlh)", English.Of(refusal), StringComparison.Ordinal);
        Assert.Contains("0570-783-578 カードの窓口（日本語・英語・tlh）", Japanese.Of(refusal), StringComparison.Ordinal);
        refusal.Remedy.Contact.PhoneElsewhere = "050-3818-1250";
        Assert.Contains("0570-064-738 (other phones 050-3818-1250), the card line", English.Of(refusal), StringComparison.Ordinal);
        Assert.Contains("0570-783-578（つながらない電話からは 050-3818-1250） カードの窓口", Japanese.Of(refusal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_crew_reads_first_why_there_is_no_summary_and_then_who_is_insured()
    {
        var withheld = new Remedy { Reason = Reason.ConsentMissing, What = new Text { En = "The summary stays closed." }, DeskDoes = new Text { En = "Ask the person." } };
        var page = English.Of(new Answer { ServiceDate = "2026-10-15", Validity = Validity.Valid, EmergencyWithheld = withheld });
        Assert.StartsWith("EMERGENCY SUMMARY NOT SHOWN", page, StringComparison.Ordinal);
        var (why, todo, insured) = (page.IndexOf("The summary stays closed.", StringComparison.Ordinal), page.IndexOf("Ask the person.", StringComparison.Ordinal), page.IndexOf("2026-10-15", StringComparison.Ordinal));
        Assert.True(0 < why && why < todo && todo < insured, page);
    }

    [Fact]
    public void A_summary_that_knows_nothing_says_so_window_by_window()
    {
        var answer = new Answer { ServiceDate = "2026-10-15", Validity = Validity.Valid, Emergency = new EmergencySummary { AsOf = "2026-10-15T00:00:01Z" } };
        Assert.Equal(
            "Nothing on record, which does not mean never treated: dialysis (3 months); operations (5 years); medicines (3 months); dispensed (45 days); treatment (3 months); visits (3 months); health checks",
            Rows(English.Of(answer))[1]);
    }

    [Fact]
    public void In_japanese_dates_are_written_as_a_clerk_writes_them()
    {
        var answer = Insured();
        (answer.Person.BirthDate, answer.Coverages[0].AcquiredOn, answer.Coverages[0].LostOn) = ("1960-05-01", "2015-04-01", "");
        var rows = Rows(Japanese.Of(answer));
        Assert.Contains("生年月日        1960年（昭和35年）5月1日（66歳）・女", rows);
        Assert.Contains("資格取得日      2015年4月1日", rows);
        Assert.DoesNotContain(rows, row => row.StartsWith("資格喪失日", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1980-10-15", "46歳")]
    [InlineData("1980-10-16", "45歳")]
    [InlineData("2026-10-15", "0歳")]
    public void The_age_is_that_of_the_service_date(string born, string age)
    {
        var answer = Insured();
        answer.Person.BirthDate = born;
        Assert.Contains($"（{age}）", Japanese.Of(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void In_japanese_nothing_on_record_is_never_read_as_never_treated()
    {
        var answer = Insured();
        answer.Emergency = Summary();
        var rows = Rows(Japanese.Of(answer));
        Assert.Contains("該当する記録なし（治療歴がないという意味ではありません）：診療（3か月）、受診歴（3か月）", rows);
        Assert.Contains("薬剤                2026年10月1日　warfarin 1 mg（Test Pharmacy）", rows);
    }

    private static string[] Rows(string page) => page.Split('\n');

    private static Answer Insured() => new()
    {
        ServiceDate = "2026-10-15",
        Validity = Validity.Valid,
        Person = new Person { Name = "試験　花子", NameKana = "ｼｹﾝ ﾊﾅｺ", Sex = Sex.Female, BirthDate = "1980-01-02" },
        Coverages =
        {
            new Coverage
            {
                InsurerNumber = "06139463",
                InsurerName = "Test Health Insurance Society",
                Symbol = "12",
                Number = LookUps.Number,
                Branch = "01",
                Relation = 1,
                AcquiredOn = "2020-04-01",
                LostOn = "2026-10-16",
            },
        },
        BurdenPercent = 30,
        Limit = new LimitClass
        {
            Code = "A03",
            Label = "ウ",
            ValidUntil = "2027-07-31",
            Amounts = new LimitAmounts { BaseYen = 85_800, ThresholdYen = 286_000, MultipleHitYen = 44_400 },
        },
        SpecificDiseases = { new SpecificDisease { Category = 1, MonthlyLimitYen = 10_000 } },
        Freshness = new Freshness { AsOf = "2026-10-15T00:00:01.250Z", Version = 7, Proved = true },
        Assurance = Assurance.PinProved,
        Notices = { new Notice { Reason = Reason.CardExpiresSoon, Text = new Text { Ja = "有効期限が近づいています。", En = "The certificate expires soon." } } },
    };

    private static Remedy Remedy() => new()
    {
        Reason = Reason.CardLost,
        What = new Text { Ja = "紛失の届出があります。", En = "Reported lost." },
        DeskDoes = new Text { Ja = "資格確認書を求めてください。", En = "Ask for the eligibility certificate." },
        Mender = Mender.CardOffice,
        ByWhen = new Text { Ja = "再交付のとき。", En = "When a new card is made." },
    };

    private static EmergencySummary Summary() => new()
    {
        AsOf = "2026-10-15T00:00:01Z",
        Dialysis = { new ClinicalFact { On = "2026-10-13", What = "haemodialysis", Institution = "Test Kidney Clinic" } },
        Operations = { new ClinicalFact { On = "2024-05-20", What = "coronary bypass" } },
        Medicines = { new ClinicalFact { On = "2026-10-01", What = "warfarin 1 mg", Institution = "Test Pharmacy" } },
        EPrescriptions = { new ClinicalFact { On = "2026-10-02", What = "amlodipine 5 mg" } },
        CheckDates = { "2026-06-01", "2025-06-01" },
    };
}
