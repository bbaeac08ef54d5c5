using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace EligibilityGateway.Rules.HighCost.Tables;

/// <summary>All rule periods, from the data files beside this one. The treatment month picks the table (never payment or application).</summary>
public static class LimitTables
{
    private static readonly FrozenDictionary<(int Month, string Class), LimitRow> Rows;

    // Months from this one on are known by what the last file says.
    private static readonly int LastMonth;

    static LimitTables()
    {
        All = [.. Files().OrderBy(table => table.From, StringComparer.Ordinal)];
        LastMonth = IndexOf(ParseMonth(All[^1].From));
        var rows = new Dictionary<(int, string), LimitRow>();
        foreach (var table in All)
        {
            var until = table.Until is { } last ? IndexOf(ParseMonth(last)) : LastMonth;
            for (var month = IndexOf(ParseMonth(table.From)); month <= until; month++)
                foreach (var (code, row) in table.Classes)
                    if (!rows.TryAdd((month, code), InMonth(row, month))) throw new InvalidOperationException($"Two tables of limits hold {code} for one month; the later begins {table.From}.");
        }
        Rows = rows.ToFrozenDictionary();
    }

    /// <summary>In the order of their periods.</summary>
    public static IReadOnlyList<LimitTable> All { get; }

    /// <summary>The figures of a class in the month of that day; null where they are not decided, or not known.</summary>
    public static LimitRow? Find(DateOnly day, string limitClass) =>
        Rows.GetValueOrDefault((Math.Min(IndexOf(day), LastMonth), limitClass));

    private static LimitRow InMonth(LimitRow row, int month) =>
        row.Easing is { } easing && (month < IndexOf(ParseMonth(easing.From)) || month > IndexOf(ParseMonth(easing.Until))) ? row with { Easing = null } : row;

    private static int IndexOf(DateOnly day) => (day.Year * 12) + day.Month;

    private static DateOnly ParseMonth(string month) => DateOnly.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture);

    private static IEnumerable<LimitTable> Files() =>
        EmbeddedFile.NamesBeside(typeof(LimitTables)).Select(name => EmbeddedFile.Read<LimitTable>(typeof(LimitTables), name, JsonSerializerOptions.Web));
}
