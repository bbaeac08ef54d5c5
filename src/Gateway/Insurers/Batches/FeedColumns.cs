namespace EligibilityGateway.Gateway.Insurers.Batches;

/// <summary>The columns' names.</summary>
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
