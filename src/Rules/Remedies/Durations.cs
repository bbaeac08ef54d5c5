using System.Globalization;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>How long things take, for the texts: the rows of durations.json beside this file.</summary>
internal static class Durations
{
    /// <summary>All rows. Each id has exactly one on any day.</summary>
    public static readonly IReadOnlyList<DurationRow> All = PolicyFile<DurationRow>.RowsOf("durations.json");

    /// <summary>The row of that day.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one, or its source does not say it: no text states it as a fact.</exception>
    public static DurationRow On(string id, DateOnly day) => On(All, id, day);

    internal static DurationRow On(IEnumerable<DurationRow> all, string id, DateOnly day)
    {
        var rows = all.Where(row => row.Id == id && row.First <= day && day <= row.Last).ToList();
        if (rows.Count != 1) throw new InvalidOperationException($"durations.json has {rows.Count} rows for {id} on {day:O}, where one must be.");
        return rows[0].Verified ? rows[0] : throw new InvalidOperationException($"durations.json: {id} is not verified, so no text may state it; word the text without it.");
    }
}

internal enum DurationUnit
{
    Day,
    Week,
    Month,
}

/// <summary>One row of durations.json, from <paramref name="ValidFrom"/> to <paramref name="ValidUntil"/>, both inclusive; null is open.</summary>
internal sealed record DurationRow(string Id, int Least, int Most, DurationUnit Unit, DateOnly? ValidFrom, DateOnly? ValidUntil, bool Verified, string Source)
{
    public DateOnly First => ValidFrom ?? DateOnly.MinValue;

    public DateOnly Last => ValidUntil ?? DateOnly.MaxValue;

    /// <summary><c>1 week</c>, <c>2 to 3 days</c></summary>
    public string InEnglish => string.Create(CultureInfo.InvariantCulture, $"{Count(" to ")} {Unit.ToString().ToLowerInvariant()}{(Most == 1 ? "" : "s")}");

    /// <summary><c>1週間</c>, <c>2〜3日</c></summary>
    public string InJapanese => Count("〜") + Unit switch
    {
        DurationUnit.Day => "日",
        DurationUnit.Week => "週間",
        _ => "か月",
    };

    private string Count(string to) => Least == Most ? Most.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Least}{to}{Most}");
}
