using EligibilityGateway.Rules.Eligibility;

namespace EligibilityGateway.Rules.Tests;

/// <summary>One way between the rooms of the rules, and none out of them but to the contracts.</summary>
public sealed class RoomTests
{
    private const string Root = "EligibilityGateway.Rules";

    /// <summary>Each room with the rooms that its code names.</summary>
    private static readonly Dictionary<string, string[]> MayName = new()
    {
        ["DatedData"] = [],
        ["Facts"] = [],
        ["HighCost.Tables"] = ["DatedData"],
        ["HighCost"] = ["HighCost.Tables"],
        ["Remedies"] = ["DatedData"],
        ["Eligibility.Policies"] = ["DatedData"],
        ["Eligibility"] = ["Eligibility.Policies", "Facts", "HighCost"],
        ["Emergency"] = ["DatedData", "Facts"],
        ["Cards"] = ["DatedData", "Facts"],
        ["Applications"] = ["DatedData"],
        ["Certificates"] = ["DatedData", "Eligibility"],
        ["Expenses.Tables"] = ["DatedData"],
        ["Expenses"] = ["Expenses.Tables"],
        ["Households"] = ["Eligibility", "Facts", "HighCost", "HighCost.Tables", "Remedies"],
    };

    private static readonly Rooms Rules = new(typeof(EligibilityRules).Assembly, Root);

    [Fact]
    public void Each_room_names_those_of_its_row_and_no_others() => AssertNone(Rules.FaultsBy(MayName));

    [Fact]
    public void The_library_names_no_framework_and_no_store()
    {
        string[] foreign = ["Microsoft.AspNetCore", "Microsoft.Extensions", "Npgsql", "Dapper", "StackExchange", "Grpc.AspNetCore", "gateway"];
        Assert.DoesNotContain(
            typeof(EligibilityRules).Assembly.GetReferencedAssemblies(),
            name => foreign.Any(start => name.Name!.StartsWith(start, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_way_is_seen() => Assert.Contains(Rules.Ways, way => (way.From, way.To) == ("Eligibility", "Facts"));

    private static void AssertNone(string faults) => Assert.True(faults.Length == 0, faults);
}
