using System.Diagnostics;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Stand;
using Grpc.Net.Client;

namespace EligibilityGateway.Benchmarks.Bulk;

/// <summary>A hospital that hands in its appointments, over real gRPC and mTLS.</summary>
internal sealed class BulkSite : IDisposable
{
    /// <summary>As good as a page's own delay, and hardly a load.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    private readonly GrpcChannel _channel;
    private readonly Appointments.AppointmentsClient _client;
    private readonly TimeProvider _clock;
    private readonly Appointment[] _rows;

    public BulkSite(Uri gateway, TerminalCredentials terminal, IEnumerable<StandDocument> documents, TimeProvider clock)
    {
        _channel = GrpcChannel.ForAddress(gateway, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = terminal.HandlerFor(gateway) });
        _client = new Appointments.AppointmentsClient(_channel);
        _clock = clock;
        _rows = [.. documents.Select((document, place) => new Appointment
        {
            RowId = $"A-{place}",
            Document = new DocumentTyped
            {
                Kind = DocumentKind.EligibilityCertificate,
                InsurerNumber = document.InsurerNumber,
                Symbol = document.Symbol,
                Number = document.Number,
                Branch = document.Branch ?? "",
                BirthDate = JapanTime.Format(document.BirthDate),
            },
        })];
    }

    /// <summary>Hands a batch in and waits until it is done.</summary>
    /// <exception cref="MeasurementException">Not all of its persons were found.</exception>
    public async Task<TimeSpan> RunAsync(CancellationToken cancellation)
    {
        var batch = new AppointmentBatch
        {
            BatchId = EventId.New(_clock).ToString(),
            Purpose = Purpose.Care,
            ServiceDate = JapanTime.Format(JapanTime.Today(_clock)),
            Rows = { _rows },
        };
        var begun = Stopwatch.GetTimestamp();
        var progress = await _client.HandInAsync(batch, cancellationToken: cancellation);
        while (!progress.Finished)
        {
            await Task.Delay(LookEvery, cancellation);
            progress = await _client.GetProgressAsync(new GetProgressRequest { ReceptionNumber = progress.ReceptionNumber }, cancellationToken: cancellation);
        }
        var elapsed = Stopwatch.GetElapsedTime(begun);
        return progress.Found == progress.Received
            ? elapsed
            : throw new MeasurementException($"Of {progress.Received} rows {progress.Found} were found: something else was measured.");
    }

    public void Dispose() => _channel.Dispose();
}
