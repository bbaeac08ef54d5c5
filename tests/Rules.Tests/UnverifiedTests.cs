using System.Text.RegularExpressions;
using EligibilityGateway.Rules.Eligibility;

namespace EligibilityGateway.Rules.Tests;

/// <summary>What no primary text says is a row of data that says so, and docs/rules.md lists the files that hold one.</summary>
public sealed partial class UnverifiedTests
{
    private const string Section = "## 9. Still unverified";

    [Fact]
    public void Each_data_file_with_an_unverified_row_is_named_in_the_rules() => Assert.Equal(Named(), WithUnverifiedRows());

    private static SortedSet<string> WithUnverifiedRows()
    {
        var assembly = typeof(EligibilityRules).Assembly;
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            // EligibilityGateway.Rules.HighCost.Tables.from-2027-08.json → from-2027-08.json
            if (Unverified().IsMatch(reader.ReadToEnd())) files.Add(string.Join('.', name.Split('.')[^2..]));
        }
        return files;
    }

    private static SortedSet<string> Named()
    {
        var rules = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "rules.md"));
        var from = rules.IndexOf(Section, StringComparison.Ordinal);
        Assert.True(from >= 0, $"docs/rules.md has no section \"{Section}\"");
        var section = rules[from..rules.IndexOf("## Not here yet", from, StringComparison.Ordinal)];
        return new SortedSet<string>(DataFile().Matches(section).Select(match => match.Groups[1].Value), StringComparer.Ordinal);
    }

    // "planned" is a table that the law has not set yet.
    [GeneratedRegex("\"verified\": *false|\"status\": *\"planned")]
    private static partial Regex Unverified();

    [GeneratedRegex("`(?:[A-Za-z/]+/)?([a-z0-9-]+\\.json)`")]
    private static partial Regex DataFile();
}
