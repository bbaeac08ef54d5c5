using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>One way between the rooms (docs/architecture.md): what a room may know of, and nothing else.</summary>
public sealed class RoomTests
{
    private const string Root = "EligibilityGateway.Gateway";

    /// <summary>Each room with the rooms that its code may name. Contracts are open to all.</summary>
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        // What holds for every call, whatever it asks.
        ["Calls"] = [],
        ["Tls"] = [],
        // Pure: values and rules.
        ["HighCost.Tables"] = [],
        ["HighCost"] = ["HighCost.Tables"],
        ["Remedies"] = ["DatedData"],
        ["CardApplications"] = ["DatedData"],
        ["Keys"] = [],
        // What keys have sealed, over all gateways.
        ["Keys.Counting"] = ["Keys", "Storage"],
        ["Storage"] = [],
        ["DatedData"] = [],
        ["FeedFiles"] = [],
        ["Storage.Embedded"] = ["Storage"],
        // What a gateway looks at before it serves, and what it is until then.
        ["Startup"] = ["Access.Journal", "Cards", "Storage"],
        ["Cards"] = ["DatedData", "Keys"],
        ["Snapshots"] = ["Cards", "HighCost", "Keys", "Storage"],
        ["Eligibility.Policies"] = ["DatedData"],
        ["Eligibility"] = ["Eligibility.Policies", "Snapshots", "HighCost"],
        ["Emergency"] = ["DatedData", "Snapshots"],
        // The rules from outside.
        ["Decide"] = ["Eligibility", "Eligibility.Policies", "HighCost", "HighCost.Tables", "Remedies", "Snapshots"],
        // The story of a look-up knows those it leads through.
        ["Access.Journal"] = ["Keys"],
        // A record says on which ground an emergency was answered.
        ["Access"] = ["Access.Journal", "Emergency", "Keys", "Storage"],
        // What sites collected.
        ["Charges"] = ["Storage"],
        ["Readers"] = ["Access", "Calls", "CardApplications", "Cards", "Charges", "Eligibility", "Emergency", "HighCost", "HighCost.Tables", "Keys", "Remedies", "Snapshots", "Storage", "Tls"],
        ["Appointments"] = ["Access", "Calls", "Eligibility", "HighCost", "Keys", "Readers", "Remedies", "Snapshots", "Storage"],
        // Those who bring the facts.
        ["Insurers"] = ["Eligibility.Policies", "HighCost", "Snapshots", "Storage"],
        ["Insurers.Batches"] = ["Eligibility.Policies", "FeedFiles", "HighCost", "Insurers", "Snapshots", "Storage"],
        ["Insurers.Deliveries"] = ["FeedFiles", "Insurers", "Insurers.Batches", "Tls"],
        ["CardOffice"] = ["CardApplications", "Cards", "FeedFiles", "Storage"],
        // Lists for those who brought the facts.
        ["Csv"] = [],
        ["History"] = ["Snapshots", "Storage"],
        ["CertificatesDue"] = ["Csv", "DatedData", "Eligibility", "Storage"],
        ["Accesses"] = ["Access", "Csv", "Emergency", "Storage"],
        // What care cost in a year: pure, then what brings it in and what takes it out.
        ["Expenses.Tables"] = ["DatedData"],
        ["Expenses"] = ["Expenses.Tables"],
        ["Expenses.Delivery"] = ["Expenses.Tables", "FeedFiles", "Insurers", "Insurers.Batches"],
        ["Expenses.Export"] = ["Csv", "Expenses", "Expenses.Tables", "Storage"],
        ["Operation"] = ["Access", "Access.Journal", "Accesses", "CardApplications", "CardOffice", "Cards", "CertificatesDue", "Expenses", "Expenses.Delivery", "Expenses.Export", "Expenses.Tables", "Decide", "FeedFiles", "History", "Insurers.Batches", "Keys", "Keys.Counting", "Readers", "Snapshots", "Startup", "Storage", "Tls"],
    };

    /// <summary>Composition: they may know every room, and no room knows the last of them.</summary>
    private static readonly string[] Composition = ["", "Demo"];

    private static readonly Lazy<Architecture> Gateway = new(() => new ArchLoader()
        .LoadAssemblies(typeof(GatewayHost).Assembly, typeof(Contracts.EventId).Assembly).Build());

    [Fact]
    public void Each_room_knows_only_those_that_its_row_names() => AssertNone(Steps()
        .Where(step => MayKnow.TryGetValue(step.From, out var known) && step.To != "" && !known.Contains(step.To))
        .Select(step => $"{step.From} → {step.To}: {step.What}"));

    [Fact]
    public void Of_the_composition_rooms_know_the_settings_and_the_commands_the_host() => AssertNone(Steps()
        .Where(step => step.To == "" && MayKnow.ContainsKey(step.From) && step.From != "Operation")
        .Where(step => step.Target is not (nameof(GatewaySettings) or nameof(GatewayPurpose) or nameof(SettingsException)))
        .Select(step => step.What));

    [Fact]
    public void Every_room_is_in_the_table() => Assert.DoesNotContain(
        Gateway.Value.Types.Where(IsOurs).Select(RoomOf).Distinct(), room => !MayKnow.ContainsKey(room) && !Composition.Contains(room));

    [Fact]
    public void The_table_itself_has_no_way_back()
    {
        var done = new HashSet<string>();
        while (MayKnow.Keys.FirstOrDefault(room => !done.Contains(room) && MayKnow[room].All(done.Contains)) is { } next) done.Add(next);
        Assert.Equal(MayKnow.Keys.Order(), done.Order());
    }

    [Fact]
    public void The_rules_know_no_framework_and_no_store()
    {
        string[] pure = ["HighCost", "Eligibility", "Emergency", "Expenses"];
        string[] foreign = ["Microsoft.", "Npgsql", "Dapper", "StackExchange.", "Grpc.", "System.Net", "System.IO"];
        AssertNone(Gateway.Value.Types.Where(type => IsOurs(type) && pure.Contains(RoomOf(type)))
            .SelectMany(type => type.Dependencies.Where(d => foreign.Any(f => d.Target.FullName.StartsWith(f, StringComparison.Ordinal))).Select(d => $"{type.FullName} → {d.Target.FullName}")));
    }

    [Fact]
    public void Contracts_do_not_know_the_gateway() =>
        Assert.DoesNotContain(typeof(Contracts.EventId).Assembly.GetReferencedAssemblies(), name => name.Name == "gateway");

    [Fact]
    public void Steps_are_seen() => Assert.Contains(Steps(), step => (step.From, step.To) == ("Readers", "Access"));

    private static IEnumerable<(string From, string To, string Target, string What)> Steps() =>
        from type in Gateway.Value.Types
        where IsOurs(type)
        from dependency in type.Dependencies
        where IsOurs(dependency.Target)
        let step = (From: RoomOf(type), To: RoomOf(dependency.Target))
        where step.From != step.To
        select (step.From, step.To, dependency.Target.Name, $"{type.FullName} → {dependency.Target.FullName}");

    private static void AssertNone(IEnumerable<string> breaches)
    {
        var all = breaches.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static bool IsOurs(IType type) =>
        // A type parameter is of whatever room first had one of its name.
        type is not GenericParameter && type.Namespace?.FullName.StartsWith(Root, StringComparison.Ordinal) == true && !type.FullName.StartsWith("EligibilityGateway.Gateway.Tests", StringComparison.Ordinal);

    /// <summary>Composition's own sub-rooms count as one.</summary>
    private static string RoomOf(IType type)
    {
        var room = type.Namespace.FullName[Root.Length..].TrimStart('.');
        return room.Split('.')[0] is "Demo" ? "Demo" : room;
    }
}
