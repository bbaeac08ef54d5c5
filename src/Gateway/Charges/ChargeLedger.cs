using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Charges;

/// <summary>Writes what sites report of their charges. Each call is one transaction, and doing it twice is doing it once.</summary>
public sealed class ChargeLedger(NpgsqlDataSource pool, TimeProvider clock)
{
    private const string ReportQuery = """
        SELECT outcome AS "State", stage AS "Stage", counts_until AS "CountsUntil"
          FROM report_charge(@terminal, @charge, @stage, @lookUp, @day, @inpatient, @specificDisease, @prescriber, @cost, @charged, @until)
        """;

    private const string TakeBackQuery = """SELECT outcome AS "State", stage AS "Stage", counts_until AS "CountsUntil" FROM take_back_charge(@terminal, @charge, @keptUntil)""";

    // Longer than any report may count, so that one that comes late finds that it was taken back.
    private const int TakenBackDays = 366;

    private static readonly TimeSpan ForgetWithin = TimeSpan.FromSeconds(30);

    // Longer than the store waits for a lock, so that it is the store that gives up, and its transaction with it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Keeps a charge, or says why not.</summary>
    /// <param name="terminal">Whose institution the charge is of.</param>
    /// <param name="charge">The charge.</param>
    /// <param name="cancellation">The caller is gone; what was sent to the store may still become durable.</param>
    public Task<ChargeOutcome> ReportAsync(Guid terminal, ReportedCharge charge, CancellationToken cancellation) => AskAsync(
        ReportQuery,
        new
        {
            terminal,
            charge = charge.ChargeId.Value,
            stage = (short)charge.Stage,
            lookUp = charge.LookUp.Value,
            day = charge.ServiceDate,
            inpatient = charge.IsInpatient,
            specificDisease = charge.IsSpecificDisease,
            prescriber = charge.Prescriber?.ToString(),
            cost = charge.TotalCostYen,
            charged = charge.ChargedYen,
            until = charge.CountsUntil,
        },
        cancellation);

    /// <summary>Takes a charge back for good, whether its report has come or not.</summary>
    public Task<ChargeOutcome> TakeBackAsync(Guid terminal, Guid charge, CancellationToken cancellation) =>
        AskAsync(TakeBackQuery, new { terminal, charge, keptUntil = JapanTime.Today(clock).AddDays(TakenBackDays) }, cancellation);

    /// <summary>Forgets what no answer has needed for a month.</summary>
    /// <returns>How many reports that were.</returns>
    public async Task<long> ForgetAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return await pool.AskAsync(ForgetWithin, (connection, token) => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT forget_charges(@today)", new { today = JapanTime.Today(clock) }, cancellationToken: token)));
    }

    private async Task<ChargeOutcome> AskAsync(string query, object parameters, CancellationToken cancellation)
    {
        try
        {
            var asked = pool.AskAsync(Patience, (connection, token) => connection.QuerySingleAsync<Row>(new CommandDefinition(query, parameters, cancellationToken: token)));
            // The caller may be gone; the report goes on.
            asked.Leave();
            var row = await asked.WaitAsync(cancellation);
            return new ChargeOutcome((ChargeState)row.State, (ChargeStage)row.Stage, row.CountsUntil);
        }
        catch (Exception e) when (StoreFaults.Of(e) != StoreFault.None && !cancellation.IsCancellationRequested)
        {
            return default;
        }
    }

    // Where it does not stand, stage and day are null.
    private sealed class Row
    {
        public short State { get; init; }
        public short Stage { get; init; }
        public DateOnly? CountsUntil { get; init; }
    }
}
