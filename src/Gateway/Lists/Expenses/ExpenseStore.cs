using System.Data;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;
using Npgsql;

namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>Reads as eg_expenses, which may see nothing but what it has put on record before.</summary>
internal sealed class ExpenseStore(NpgsqlDataSource store)
{
    private const int StatementSeconds = 60;

    /// <summary>Records the access, for good, and then reads.</summary>
    /// <param name="access">Who asks for whom.</param>
    /// <param name="income">Of whoever deducts the expenses; null where it is not said.</param>
    /// <param name="cancellation">Stops between statements; what is on record stays there.</param>
    /// <exception cref="SettingsException">The store does not know one of the persons. Nothing was read.</exception>
    public async Task<YearOfExpenses> ReadAsync(ExpenseAccess access, long? income, CancellationToken cancellation)
    {
        await using var connection = await store.OpenPatientlyAsync(cancellation);
        var recorded = await RecordAsync(connection, access, cancellation);

        // One sight of the store for all three.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var persons = await ReadAsync(connection, "SELECT person_id, name FROM expense_persons($1)", recorded, row => new ExpensePerson(row.GetInt64(0), row.GetString(1)), cancellation);
        var months = await ReadAsync(
            connection,
            "SELECT person_id, insurer_number, insurer_name, month, complete FROM expense_months($1)",
            recorded,
            row => new InsuredMonth(row.GetInt64(0), new ExpenseInsurer(row.GetString(1), row.GetString(2)), row.GetFieldValue<DateOnly>(3), row.GetBoolean(4)),
            cancellation);
        var expenses = await ReadAsync(
            connection,
            """
            SELECT person_id, insurer_number, insurer_name, expense_id, month, institution_code, institution_name, setting, days,
                total_cost, insurer_paid, public_paid, patient_paid, reimbursed, paid_on
            FROM expenses_of($1)
            """,
            recorded,
            ExpenseIn,
            cancellation);
        await transaction.CommitAsync(cancellation);
        return YearOfExpenses.Of(access.Year, persons, expenses, months, income);
    }

    private static async Task<long> RecordAsync(NpgsqlConnection connection, ExpenseAccess access, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT recorded_access, unknown_person FROM record_expense_access($1, $2, $3, $4)", connection)
        {
            Parameters = { new() { Value = access.AskedBy }, new() { Value = access.Persons.ToArray() }, new() { Value = access.Year }, new() { Value = access.WithHousehold } },
            CommandTimeout = StatementSeconds,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        if (!await reader.IsDBNullAsync(1, cancellation)) throw new SettingsException($"--person {reader.GetInt64(1)} is nobody whom the store knows: check the number.");
        return reader.GetInt64(0);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, long recorded, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = recorded } }, CommandTimeout = StatementSeconds };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var all = new List<T>();
        while (await reader.ReadAsync(cancellation)) all.Add(read(reader));
        return all;
    }

    private static Expense ExpenseIn(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new ExpenseInsurer(row.GetString(1), row.GetString(2)),
        row.GetInt64(3),
        row.GetFieldValue<DateOnly>(4),
        row.GetString(5),
        row.GetString(6),
        (CareSetting)row.GetInt16(7),
        row.GetInt16(8),
        row.GetInt32(9),
        row.GetInt32(10),
        row.GetInt32(11),
        row.GetInt32(12),
        row.GetInt32(13),
        row.IsDBNull(14) ? null : row.GetFieldValue<DateOnly>(14));
}
