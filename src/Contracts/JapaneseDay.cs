using System.Globalization;

namespace EligibilityGateway.Contracts;

/// <summary>Days as Japanese forms write them, with the year of the era where it is a birth date.</summary>
public static class JapaneseDay
{
    // First days of the eras (元号). 明治: the first day of the Gregorian calendar in Japan, before which dates were of another one (太政官布告 明治5年337号);
    // 大正 and 昭和: 改元詔書 of that day; 平成: 昭和64年政令1号; 令和: 平成31年政令143号.
    private static readonly (DateOnly From, string Name, int YearBefore)[] Eras =
    [
        (new(2019, 5, 1), "令和", 2018),
        (new(1989, 1, 8), "平成", 1988),
        (new(1926, 12, 25), "昭和", 1925),
        (new(1912, 7, 30), "大正", 1911),
        (new(1873, 1, 1), "明治", 1867),
    ];

    /// <summary><c>2015年4月1日</c></summary>
    public static string Of(DateOnly day) => Month(day) + Invariant($"{day.Day}日");

    /// <summary><c>1960年（昭和35年）5月1日</c>; an era's first year is <c>元年</c>.</summary>
    public static string WithEra(DateOnly day)
    {
        foreach (var (from, name, yearBefore) in Eras)
        {
            if (day < from) continue;
            var year = day.Year - yearBefore;
            return Invariant($"{day.Year}年（{name}{(year == 1 ? "元" : Invariant($"{year}"))}年）{day.Month}月{day.Day}日");
        }
        return Of(day);
    }

    /// <summary><c>2015年4月</c></summary>
    public static string Month(DateOnly day) => Invariant($"{day.Year}年{day.Month}月");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
