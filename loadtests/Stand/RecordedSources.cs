using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Drive;
using Npgsql;

namespace EligibilityGateway.LoadTests.Stand;

/// <summary>Where a gateway had its findings stands in the access records alone: no terminal is told.</summary>
public static class RecordedSources
{
    /// <summary>Enters the sources of a run that is over.</summary>
    public static async Task ReadAsync(TestStand stand, RunLedger ledger, CancellationToken cancellation)
    {
        await using var store = stand.Connect(StoreRole.Owner);
        await using var command = store.CreateCommand("SELECT canonical FROM eligibility.access_record WHERE event_id = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ledger.EventIds.Select(Guid.Parse)] });
        await using var records = await command.ExecuteReaderAsync(cancellation);
        while (await records.ReadAsync(cancellation))
        {
            var record = CanonicalRecord.Read(records.GetFieldValue<byte[]>(0));
            ledger.EnterSource(record.EventId.ToString(), record.Source);
        }
    }
}
