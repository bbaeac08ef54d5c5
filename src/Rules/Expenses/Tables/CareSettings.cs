namespace EligibilityGateway.Rules.Expenses.Tables;

/// <summary>What kinds of care are called in files that come in and in the CSV that goes out.</summary>
public static class CareSettings
{
    /// <summary>By the number of <see cref="CareSetting"/>, less one.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<CareSetting>().Select(name => name.ToLowerInvariant())];

    public static string NameOf(CareSetting setting) => Names[(int)setting - 1];

    /// <summary>Null where nothing is called so.</summary>
    public static CareSetting? Parse(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Names.Count; i++)
            if (name.SequenceEqual(Names[i])) return (CareSetting)(i + 1);
        return null;
    }
}
