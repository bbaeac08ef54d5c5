using System.Collections.Frozen;

namespace EligibilityGateway.Rules.HighCost;

/// <summary>The classes of the monthly limit (適用区分) that the national interface knows (codes OQSCD, A01–A06 and B01–B10).</summary>
public static class LimitClasses
{
    /// <summary>All of them, by code.</summary>
    public static IReadOnlyList<LimitClassLabel> All { get; } =
    [
        new("A01", "ア", "A (highest income)"),
        new("A02", "イ", "I (high income)"),
        new("A03", "ウ", "U (middle income)"),
        new("A04", "エ", "E (lower income)"),
        new("A05", "オ", "O (exempt from resident tax)"),
        new("A06", "オ（境）", "O (borderline of public assistance)"),
        new("B01", "現役並みⅢ", "Active income III"),
        new("B02", "現役並みⅡ", "Active income II"),
        new("B03", "現役並みⅠ", "Active income I"),
        new("B04", "一般", "General"),
        new("B05", "低所得Ⅱ", "Low income II"),
        new("B06", "低所得Ⅰ", "Low income I"),
        new("B07", "低所得Ⅰ（老福）", "Low income I (old-age welfare pension)"),
        new("B08", "低所得Ⅰ（境）", "Low income I (borderline of public assistance)"),
        new("B09", "一般Ⅱ", "General II"),
        new("B10", "一般Ⅰ", "General I"),
    ];

    /// <summary>Their codes, in that order: who takes one in asks here.</summary>
    public static string[] Codes { get; } = [.. All.Select(label => label.Code)];

    private static readonly FrozenDictionary<string, LimitClassLabel> ByCode =
        All.ToFrozenDictionary(label => label.Code, StringComparer.Ordinal);

    public static bool Holds(string code) => ByCode.ContainsKey(code);

    /// <summary>As people write it in Japan; the code itself where it is none of these, which tells more than an error.</summary>
    public static string LabelOf(string code) => ByCode.TryGetValue(code, out var label) ? label.Japanese : code;

    /// <summary>The same in English.</summary>
    public static string EnglishLabelOf(string code) => ByCode.TryGetValue(code, out var label) ? label.English : code;
}
