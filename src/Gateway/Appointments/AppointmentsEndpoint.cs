using System.Globalization;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Remedies;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>Bulk look-up over gRPC, and JSON over HTTP by transcoding.</summary>
internal sealed class AppointmentsEndpoint(AppointmentBatches batches, ChunkQueue queue, TimeProvider clock) : Contracts.V1.Appointments.AppointmentsBase
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(10);

    public override async Task<AppointmentProgress> HandIn(AppointmentBatch request, ServerCallContext context)
    {
        var terminal = Terminal.Of(context);
        var faults = new List<FormFault>();
        if (BatchForm.Read(request, clock.GetUtcNow(), faults) is not { } batch) throw RichStatus.BadRequest(faults).ToRpcException();
        if (!terminal.MayAskFor(batch.Purpose)) throw Refused(Code.PermissionDenied, Reason.PurposeNotAllowed).ToRpcException();
        var acceptance = await InReachAsync(() => batches.AcceptAsync(terminal, batch));
        if (acceptance.Batch is not { } accepted) throw RichStatus.Busy(TryAgain).ToRpcException();
        if (acceptance.IsAnother) throw Refused(Code.AlreadyExists, Reason.EventIdReused).ToRpcException();
        queue.Tell();
        return accepted.ToMessage();
    }

    public override async Task<AppointmentProgress> GetProgress(GetProgressRequest request, ServerCallContext context) =>
        (await FindAsync(request.ReceptionNumber, context)).ToMessage();

    public override async Task<AppointmentResultPage> GetResult(GetResultRequest request, ServerCallContext context)
    {
        var batch = await FindAsync(request.ReceptionNumber, context);
        var from = (int)Math.Clamp(request.FromRow, 1, BatchForm.MostRows + 1);
        try
        {
            var page = await InReachAsync(() => batches.ReadAsync(Terminal.Of(context), batch, from)) ?? throw NotFound().ToRpcException();
            if (CallNote.Of(context).Names is { } names)
                foreach (var row in page.Rows.Where(row => row.Problem is not null)) names.Rename(row.Problem, Appointment.Descriptor);
            return page;
        }
        catch (UnreadableChunkException)
        {
            throw NotFound().ToRpcException();
        }
    }

    private async Task<BatchState> FindAsync(string receptionNumber, ServerCallContext context)
    {
        if (!long.TryParse(receptionNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var reception)) throw NotFound().ToRpcException();
        return await InReachAsync(() => batches.FindAsync(Terminal.Of(context), reception)) ?? throw NotFound().ToRpcException();
    }

    private static async Task<T> InReachAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (StoreFaults.Of(e) != StoreFault.None)
        {
            throw new Status { Code = (int)Code.Unavailable, Message = "The store is out of reach; try again in a moment." }.ToRpcException();
        }
    }

    private static Status Refused(Code code, Reason reason) => new()
    {
        Code = (int)code,
        Message = "The batch was not taken; see the remedy.",
        Details = { Any.Pack(RemedyCatalogue.For(reason)) },
    };

    private static Status NotFound() => new() { Code = (int)Code.NotFound, Message = "This institution has no such batch, or its results are no longer kept." };
}
