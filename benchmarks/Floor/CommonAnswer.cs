using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>An answer as the desk commonly gets it, with a notice in two languages: about 700 bytes.</summary>
internal static class CommonAnswer
{
    // The parts are shared: serialising only reads them.
    private static readonly Person Person = new()
    {
        Name = "佐藤　花子",
        NameKana = "ｻﾄｳ ﾊﾅｺ",
        Sex = Sex.Female,
        BirthDate = "1981-04-12",
    };

    private static readonly Coverage Coverage = new()
    {
        InsurerNumber = "06130015",
        InsurerName = "例示情報産業健康保険組合",
        Symbol = "1234",
        Number = "567890",
        Branch = "00",
        Classification = "01",
        Relation = 1,
        AcquiredOn = "2019-04-01",
    };

    private static readonly LimitClass Limit = new()
    {
        Code = "A03",
        Label = "ウ",
        ValidUntil = "2027-07-31",
        Amounts = new LimitAmounts { BaseYen = 85_800, ThresholdYen = 286_000, MultipleHitYen = 44_400 },
    };

    private static readonly Freshness Freshness = new() { AsOf = "2026-10-15T00:00:00.000Z", Version = 3, Proved = true };

    private static readonly Notice Notice = new()
    {
        Reason = Reason.CardExpiresSoon,
        Text = new Text
        {
            Ja = "電子証明書の有効期間が三か月以内に終わります。市区町村の窓口で更新してください。有効期間が終わっても三か月間は資格だけを確認できます。",
            En = "The card's certificate ends within three months. Please renew it at the municipal office; for three months after its end only eligibility is answered.",
        },
    };

    public static GatewayMessage To(string eventId) => new()
    {
        Answer = new Answer
        {
            EventId = eventId,
            ServiceDate = "2026-10-15",
            Validity = Validity.Valid,
            Person = Person,
            Coverages = { Coverage },
            BurdenPercent = 30,
            Limit = Limit,
            Freshness = Freshness,
            Assurance = Assurance.PinProved,
            Notices = { Notice },
        },
    };
}
