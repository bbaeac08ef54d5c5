using Npgsql;

namespace EligibilityGateway.Demo.Population;

/// <summary>One table of the population.</summary>
/// <param name="Name">The table.</param>
/// <param name="CopyStatement">COPY with the columns that are written; the others have their defaults.</param>
/// <param name="CopyRows">Writes a person's rows and tells how many they are.</param>
internal sealed record PopulationTable(string Name, string CopyStatement, Func<NpgsqlBinaryImporter, SyntheticPerson, int> CopyRows)
{
    // Foreign keys are checked when the last row of a chunk is in; a busy machine takes its time.
    private static readonly TimeSpan CopyWithin = TimeSpan.FromMinutes(5);

    public long Copy(NpgsqlConnection connection, IReadOnlyList<SyntheticPerson> persons)
    {
        var rows = 0L;
        using var importer = connection.BeginBinaryImport(CopyStatement);
        importer.Timeout = CopyWithin;
        foreach (var person in persons) rows += CopyRows(importer, person);
        importer.Complete();
        return rows;
    }
}
