using static EligibilityGateway.Gateway.Feeds.Insurers.Batches.FeedColumn;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>A kind of row: which columns it must and may have. All have sequence, kind, insurer and person.</summary>
internal sealed record RowKind(string Name, FactKind Fact, RowAction Action, FeedColumn[] Needs, FeedColumn[] May)
{
    private static readonly FeedColumn[] CoverageNeeds = [FeedColumn.Fact, Classification, Number, Relation, AcquiredOn];
    private static readonly FeedColumn[] CoverageMay = [Symbol, Branch, InsuredName, LostOn, LossReason, HouseholdContinues, InsuredTurned_75];

    private static readonly FeedColumn[] TicketMay =
    [
        Prescriber, TicketType, IssueNumber, InstitutionFlag, InstitutionName, PrescriberName, Injury1, Injury2, Injury3,
        TreatmentType, DistrictContact, HandlingContact, SingleOrCombined, SocialInsurance, Consistency, Infection, ElderlyCare, PrefecturalExpenses, Remark1, Remark2, Remark3,
    ];

    public static readonly IReadOnlyList<RowKind> All =
    [
        new("person", FactKind.Person, RowAction.State, [ValidFrom, FeedColumn.Name, Sex, BirthDate], [Kana, Alias, AliasKana, SexOnDocument, Address, PostCode]),
        new("coverage-insert", FactKind.Coverage, RowAction.Insert, CoverageNeeds, CoverageMay),
        new("coverage-end", FactKind.Coverage, RowAction.End, [FeedColumn.Fact, LostOn, LossReason], []),
        new("coverage-correction", FactKind.Coverage, RowAction.Correction, CoverageNeeds, CoverageMay),
        new("burden", FactKind.Burden, RowAction.State, [FeedColumn.Fact, Coverage, Percent, IssuedOn, ValidFrom], [ValidUntil]),
        new("limit", FactKind.Limit, RowAction.State, [FeedColumn.Fact, Coverage, CertificateClass, LimitClass, IssuedOn, ValidFrom], [ValidUntil, LongTermOn]),
        new("specific-disease", FactKind.SpecificDisease, RowAction.State, [FeedColumn.Fact, Coverage, Disease, MonthlyLimit, IssuedOn, ValidFrom], [ValidUntil]),
        new("certificate", FactKind.EligibilityCertificate, RowAction.State, [FeedColumn.Fact, Coverage, IssuedOn, ValidUntil], []),
        new("limit-withheld", FactKind.WithheldLimit, RowAction.State, [FeedColumn.Fact, Coverage, ValidFrom], [ValidUntil]),
        new("ticket", FactKind.MedicalTicket, RowAction.State, [FeedColumn.Fact, Coverage, ValidFrom, ValidUntil, TreatmentMonth, Institution, SelfPay], TicketMay),
        new("withdrawal", default, RowAction.Withdrawal, [FeedColumn.Fact, Withdraws], []),
    ];

    private readonly bool[] _needs = Marked(Needs);
    private readonly bool[] _takes = Marked([.. Needs, .. May]);

    public bool MustHave(FeedColumn column) => _needs[(int)column];

    public bool Takes(FeedColumn column) => column <= Person || _takes[(int)column];

    /// <summary>Null where there is no such kind.</summary>
    public static RowKind? Parse(ReadOnlySpan<char> name)
    {
        foreach (var kind in All)
            if (name.SequenceEqual(kind.Name)) return kind;
        return null;
    }

    private static bool[] Marked(FeedColumn[] columns)
    {
        var marks = new bool[FeedColumns.Count];
        foreach (var column in columns) marks[(int)column] = true;
        return marks;
    }
}
