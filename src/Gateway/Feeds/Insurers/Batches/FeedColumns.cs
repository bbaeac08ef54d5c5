namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>The columns' names.</summary>
internal static class FeedColumns
{
    private static readonly string[] Names =
    [
        .. Enum.GetNames<FeedColumn>().Select(name => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()))),
    ];

    /// <summary>In the order of <see cref="FeedColumn"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    public static int Count => Names.Length;

    public static string NameOf(this FeedColumn column) => Names[(int)column];
}
