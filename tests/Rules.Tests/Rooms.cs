using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace EligibilityGateway.Rules.Tests;

/// <summary>
/// The rooms of one assembly, which are its namespaces below the root, and which of them names which. Read from what the compiler made, so
/// that nothing is overlooked. Linked into each project of tests that has rooms to look at.
/// </summary>
internal sealed class Rooms
{
    private readonly string _root;

    /// <param name="assembly">The assembly.</param>
    /// <param name="root">Its root namespace.</param>
    public Rooms(Assembly assembly, string root)
    {
        _root = root;
        var architecture = new ArchLoader().LoadAssemblies(assembly).Build();
        Ways = (from type in architecture.Types
                where IsOurs(type)
                from dependency in type.Dependencies
                where IsOurs(dependency.Target)
                let way = new Way(RoomOf(type), RoomOf(dependency.Target), $"{type.FullName} → {dependency.Target.FullName}")
                where way.From != way.To
                select way).Distinct().ToList();
        All = architecture.Types.Where(IsOurs).Select(RoomOf).ToHashSet();
    }

    public IReadOnlySet<string> All { get; }

    /// <summary>From which room to which a way leads, by which types.</summary>
    public IReadOnlyList<Way> Ways { get; }

    /// <summary>
    /// What is wrong between the code and a table that says of each room which others it may name: a way without permission, a permission
    /// without a way, a room that is not in the table, and a way back.
    /// </summary>
    public string FaultsBy(IReadOnlyDictionary<string, string[]> mayName)
    {
        var used = Ways.Select(way => (way.From, way.To)).ToHashSet();
        var done = new HashSet<string>();
        while (mayName.Keys.FirstOrDefault(room => !done.Contains(room) && mayName[room].All(done.Contains)) is { } next) done.Add(next);
        return string.Join('\n', Ways.Where(way => !mayName.GetValueOrDefault(way.From, []).Contains(way.To)).Select(way => $"not permitted, {way.From} → {way.To}: {way.What}")
            .Concat(mayName.SelectMany(row => row.Value.Where(to => !used.Contains((row.Key, to))).Select(to => $"permitted and not used: {row.Key} → {to}")))
            .Concat(All.Where(room => !mayName.ContainsKey(room)).Select(room => $"not in the table: \"{room}\""))
            .Concat(mayName.Keys.Where(room => !All.Contains(room)).Select(room => $"in the table and not there: {room}"))
            .Concat(mayName.Keys.Where(room => !done.Contains(room)).Select(room => $"has a way back to itself: {room}"))
            .Order(StringComparer.Ordinal));
    }

    // A type parameter is of whatever room first had one of its name; what the compiler makes for itself is of none.
    private bool IsOurs(IType type) => type is not GenericParameter
        && (type.Namespace?.FullName == _root || type.Namespace?.FullName.StartsWith(_root + ".", StringComparison.Ordinal) == true);

    private string RoomOf(IType type) => type.Namespace.FullName[_root.Length..].TrimStart('.');
}

/// <summary>A way from one room to another.</summary>
internal sealed record Way(string From, string To, string What);
