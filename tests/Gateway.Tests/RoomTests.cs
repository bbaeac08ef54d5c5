using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Rules.Tests;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>One way between the rooms of the gateway (docs/architecture.md): what a room may name, and nothing else. Contracts, rules and what programs have in common are open to all.</summary>
public sealed class RoomTests
{
    private const string Root = "EligibilityGateway.Gateway";

    /// <summary>Each room with the rooms that its code names. A permission that no code uses is an error, too.</summary>
    private static readonly Dictionary<string, string[]> MayName = new()
    {
        // What others stand on.
        ["Calls"] = [],
        ["Keys"] = [],
        ["Storage"] = [],
        ["Keys.Counting"] = ["Keys", "Storage"],
        ["Cards"] = ["Keys"],
        ["Snapshots"] = ["Keys", "Storage"],
        ["Access.Journal"] = ["Keys"],
        ["Access"] = ["Access.Journal", "Keys", "Storage"],
        // Terminals, and the story of a look-up.
        ["Terminals.Tls"] = [],
        ["Terminals"] = ["Access", "Calls", "Keys", "Storage", "Terminals.Tls"],
        ["LookUps"] = ["Access", "Calls", "Cards", "Keys", "Snapshots", "Storage", "Terminals"],
        ["Applications"] = ["Access", "Calls", "LookUps", "Storage", "Terminals"],
        ["Charges"] = ["Calls", "LookUps", "Storage", "Terminals"],
        ["Appointments"] = ["Access", "Calls", "Keys", "LookUps", "Snapshots", "Storage", "Terminals"],
        ["Terminals.Streams"] = ["Access", "Calls", "Cards", "LookUps", "Storage", "Terminals", "Terminals.Tls"],
        // What comes in.
        ["Feeds.Files"] = [],
        ["Feeds.Insurers"] = ["Storage"],
        ["Feeds.Insurers.Batches"] = ["Feeds.Files", "Feeds.Insurers", "Storage"],
        ["Feeds.Insurers.Deliveries"] = ["Feeds.Files", "Feeds.Insurers", "Feeds.Insurers.Batches", "Terminals.Tls"],
        ["Feeds.CardOffice"] = ["Cards", "Feeds.Files", "Storage"],
        ["Feeds.Expenses"] = ["Feeds.Files", "Feeds.Insurers", "Feeds.Insurers.Batches"],
        // What goes out.
        ["Lists.Csv"] = [],
        ["Lists.History"] = ["Storage"],
        ["Lists.CertificatesDue"] = ["Lists.Csv", "Storage"],
        ["Lists.Accesses"] = ["Access", "Lists.Csv", "Storage"],
        ["Lists.Expenses"] = ["Lists.Csv", "Storage"],
        // How one is set up, looked at, put together and run.
        ["Startup"] = ["Access.Journal", "Cards", "Storage"],
        ["Settings"] = ["Feeds.Insurers.Deliveries", "Startup"],
        ["Hosting"] =
        [
            "Access", "Access.Journal", "Applications", "Appointments", "Calls", "Cards", "Charges", "Feeds.Insurers.Batches", "Feeds.Insurers.Deliveries", "Keys", "Keys.Counting",
            "LookUps", "Settings", "Snapshots", "Startup", "Storage", "Terminals", "Terminals.Streams", "Terminals.Tls",
        ],
        ["Operator.Decide"] = [],
        ["Operator"] =
        [
            "Access", "Access.Journal", "Cards", "Feeds.CardOffice", "Feeds.Expenses", "Feeds.Files", "Feeds.Insurers.Batches", "Hosting", "Keys", "Keys.Counting",
            "Lists.Accesses", "Lists.CertificatesDue", "Lists.Expenses", "Lists.History", "Operator.Decide", "Settings", "Startup", "Storage", "Terminals", "Terminals.Tls",
        ],
    };

    private static readonly Rooms Gateway = new(typeof(GatewayHost).Assembly, Root);

    [Fact]
    public void Each_room_names_those_of_its_row_and_no_others() => AssertNone(Gateway.FaultsBy(MayName));

    [Fact]
    public void Neither_rules_nor_contracts_know_the_gateway() => Assert.All(
        (System.Reflection.Assembly[])[typeof(Rules.Eligibility.EligibilityRules).Assembly, typeof(Contracts.EventId).Assembly],
        library => Assert.DoesNotContain(library.GetReferencedAssemblies(), name => name.Name == "gateway"));

    [Fact]
    public void The_service_holds_nothing_of_its_demonstration() => Assert.DoesNotContain(
        typeof(GatewayHost).Assembly.GetReferencedAssemblies(), name => name.Name is "demo" || name.Name!.StartsWith("Garnet", StringComparison.Ordinal) || name.Name.StartsWith("Tsavorite", StringComparison.Ordinal));

    [Fact]
    public void A_way_is_seen() => Assert.Contains(Gateway.Ways, way => (way.From, way.To) == ("LookUps", "Access"));

    private static void AssertNone(string faults) => Assert.True(faults.Length == 0, faults);
}
