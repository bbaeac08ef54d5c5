using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.Appointments;

/// <summary>A site that hands in its appointments and fetches their results.</summary>
internal sealed class AppointmentDesk(Uri gateway, TestTerminal terminal) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public TestDesk Desk { get; } = new(gateway, terminal);

    private Contracts.V1.Appointments.AppointmentsClient Client => new(Desk.Channel);

    public static AppointmentBatch Batch(params IEnumerable<Appointment> rows) => new()
    {
        BatchId = TestDesk.NewEvent().ToString(),
        Purpose = Purpose.Care,
        ServiceDate = JapanTime.Format(TestTown.Today.AddDays(1)),
        Rows = { rows },
    };

    public static Appointment Row(TestPerson person, string rowId = "") => new() { RowId = rowId, Document = TestDesk.Typed(person).Document };

    /// <summary>Somebody's numbers with another number, which nobody has.</summary>
    public static Appointment Unknown(TestPerson person, int guess = 0)
    {
        var row = Row(person, "nobody");
        row.Document.Number = $"99{guess:0000}";
        return row;
    }

    public async Task<AppointmentProgress> HandInAsync(AppointmentBatch batch) => await Client.HandInAsync(batch, deadline: DateTime.UtcNow + Deadline);

    public async Task<AppointmentProgress> ProgressAsync(string receptionNumber) =>
        await Client.GetProgressAsync(new GetProgressRequest { ReceptionNumber = receptionNumber }, deadline: DateTime.UtcNow + Deadline);

    public async Task<AppointmentResultPage> PageAsync(string receptionNumber, uint fromRow = 0) =>
        await Client.GetResultAsync(new GetResultRequest { ReceptionNumber = receptionNumber, FromRow = fromRow }, deadline: DateTime.UtcNow + Deadline);

    /// <summary>The error that handing it in ends in.</summary>
    public async Task<RpcException> RefusedAsync(AppointmentBatch batch) => await Assert.ThrowsAsync<RpcException>(() => HandInAsync(batch));

    /// <summary>Asks how far it is until it is done.</summary>
    public async Task<AppointmentProgress> FinishAsync(string receptionNumber)
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (await ProgressAsync(receptionNumber) is { Finished: true } progress) return progress;
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>All results, page by page.</summary>
    public async Task<List<AppointmentResult>> ResultsAsync(string receptionNumber)
    {
        await FinishAsync(receptionNumber);
        var results = new List<AppointmentResult>();
        var from = 1u;
        while (from > 0)
        {
            var page = await PageAsync(receptionNumber, from);
            results.AddRange(page.Rows);
            from = page.NextRow;
        }
        return results;
    }

    /// <summary>Hands in and waits for the results.</summary>
    public async Task<List<AppointmentResult>> AskAsync(AppointmentBatch batch) => await ResultsAsync((await HandInAsync(batch)).ReceptionNumber);

    public void Dispose() => Desk.Dispose();
}
