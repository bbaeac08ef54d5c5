using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>One column of a fact's table, and where an entry holds its value.</summary>
internal abstract class FactColumn<TEntry>(string name)
{
    public string Name { get; } = name;

    /// <summary>The column's values of all entries, as a typed array for one parameter.</summary>
    public abstract NpgsqlParameter Parameter(IReadOnlyList<TEntry> entries);

    /// <summary>Writes the entry's value to a binary COPY.</summary>
    public abstract void Copy(NpgsqlBinaryImporter importer, TEntry entry);
}

/// <inheritdoc />
internal sealed class FactColumn<TEntry, TValue>(string name, Func<TEntry, TValue> valueOf) : FactColumn<TEntry>(name)
{
    public override NpgsqlParameter Parameter(IReadOnlyList<TEntry> entries)
    {
        var values = new TValue[entries.Count];
        for (var i = 0; i < values.Length; i++) values[i] = valueOf(entries[i]);
        return new NpgsqlParameter<TValue[]> { TypedValue = values };
    }

    public override void Copy(NpgsqlBinaryImporter importer, TEntry entry)
    {
        var value = valueOf(entry);
        if (value is null) importer.WriteNull();
        else importer.Write(value);
    }
}
