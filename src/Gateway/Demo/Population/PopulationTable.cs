using Npgsql;

namespace EligibilityGateway.Gateway.Demo.Population;

/// <summary>One table of the population.</summary>
/// <param name="Name">The table.</param>
/// <param name="CopyStatement">COPY with the columns that are written; the others have their defaults.</param>
/// <param name="CopyRows">Writes a person's rows and tells how many they are.</param>
internal sealed record PopulationTable(string Name, string CopyStatement, Func<NpgsqlBinaryImporter, SyntheticPerson, int> CopyRows)
{
    public long Copy(NpgsqlConnection connection, IReadOnlyList<SyntheticPerson> persons)
    {
        var rows = 0L;
        using var importer = connection.BeginBinaryImport(CopyStatement);
        foreach (var person in persons) rows += CopyRows(importer, person);
        importer.Complete();
        return rows;
    }
}
