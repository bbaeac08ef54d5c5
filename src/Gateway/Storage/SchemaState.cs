namespace EligibilityGateway.Gateway.Storage;

/// <summary>Which migrations a database has, compared with those the program brings.</summary>
/// <param name="Installed">Applied and known to the program.</param>
/// <param name="Pending">Known to the program, needed by it and not applied; in the order in which they would be.</param>
/// <param name="Closing">Known to the program, not applied, and not needed by it: they take away what only the release before needs.</param>
/// <param name="Unknown">Applied by another version of the program and not known to this one.</param>
public sealed record SchemaState(IReadOnlyList<string> Installed, IReadOnlyList<string> Pending, IReadOnlyList<string> Closing, IReadOnlyList<string> Unknown)
{
    /// <summary>Nothing was ever installed.</summary>
    public bool IsEmpty => Installed.Count == 0 && Unknown.Count == 0;

    /// <summary>What the program needs, and nothing that it does not know.</summary>
    public bool IsCurrent => Pending.Count == 0 && Unknown.Count == 0;

    /// <summary>Installed by a newer version of the program; this one must not touch it.</summary>
    public bool IsNewer => Unknown.Count > 0;
}
