namespace EligibilityGateway.Gateway.Insurers.Batches;

/// <summary>The columns of a feed's file. A column's name is the same in lower case, its words parted by underscores.</summary>
internal enum FeedColumn
{
    Sequence,
    Kind,
    Insurer,
    Person,
    Fact,
    Withdraws,
    Name,
    Kana,
    Alias,
    Sex,
    BirthDate,
    Address,
    PostCode,
    Classification,
    Symbol,
    Number,
    Branch,
    Relation,
    InsuredName,
    AcquiredOn,
    LostOn,
    LossReason,
    Coverage,
    Percent,
    CertificateClass,
    LimitClass,
    Disease,
    MonthlyLimit,
    IssuedOn,
    ValidFrom,
    ValidUntil,
    LongTermOn,
}

internal static class FeedColumns
{
    private static readonly string[] Names =
    [
        .. Enum.GetNames<FeedColumn>().Select(name => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()))),
    ];

    public static int Count => Names.Length;

    public static string NameOf(this FeedColumn column) => Names[(int)column];

    public static FeedColumn? Parse(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Names.Length; i++)
            if (name.SequenceEqual(Names[i])) return (FeedColumn)i;
        return null;
    }
}
