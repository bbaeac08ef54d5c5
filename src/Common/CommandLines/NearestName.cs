namespace EligibilityGateway.Common.CommandLines;

/// <summary>Which name was meant by one that is mistyped.</summary>
public static class NearestName
{
    /// <summary>No name of ours is longer, and the work grows with the square of the length.</summary>
    private const int LongestTyped = 64;

    /// <summary>The name that differs in the fewest letters, neighbours that changed places counted as one; null where none is near.</summary>
    public static string? Of(string typed, IEnumerable<string> names)
    {
        if (typed.Length is 0 or > LongestTyped) return null;
        // A third of the letters may be wrong: with more, any short name would be near to any other.
        var (nearest, least) = ((string?)null, Math.Max(1, typed.Length / 3) + 1);
        foreach (var name in names)
        {
            if (Distance(typed.ToUpperInvariant(), name.ToUpperInvariant()) is var distance && distance >= least) continue;
            (nearest, least) = (name, distance);
        }
        return nearest;
    }

    /// <summary>Letters to insert, delete, change or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var change = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[from.Length, to.Length];
    }
}
