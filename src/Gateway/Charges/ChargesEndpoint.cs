using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Terminals;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Charges;

/// <summary>What sites report of their charges: gRPC, and JSON over HTTP by transcoding.</summary>
internal sealed class ChargesEndpoint(ChargeLedger ledger, TimeProvider clock) : Contracts.V1.Charges.ChargesBase
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    public override async Task<ChargeReceipt> ReportCharge(ChargeReport request, ServerCallContext context)
    {
        var terminal = Admit(context);
        var faults = new List<FormFault>();
        if (ChargeForm.Read(request, terminal.Identity.Role, JapanTime.Today(clock), faults) is not { } charge) throw RichStatus.BadRequest(faults).ToRpcException();
        return Receipt(charge.ChargeId, await ledger.ReportAsync(terminal.Id, charge, context.CancellationToken));
    }

    public override async Task<ChargeReceipt> TakeBackCharge(ChargeTakenBack request, ServerCallContext context)
    {
        var terminal = Admit(context);
        var faults = new List<FormFault>();
        var id = ChargeForm.ReadId(request.ChargeId, faults);
        if (faults.Count > 0) throw RichStatus.BadRequest(faults).ToRpcException();
        return Receipt(id, await ledger.TakeBackAsync(terminal.Id, id.Value, context.CancellationToken));
    }

    private static Terminal Admit(ServerCallContext context)
    {
        var terminal = Terminal.Of(context);
        return terminal.MayReportCharges ? terminal : throw RichStatus.NoChargesHere().ToRpcException();
    }

    private static ChargeReceipt Receipt(EventId charge, ChargeOutcome outcome) => outcome.State switch
    {
        ChargeState.Stands => new ChargeReceipt
        {
            ChargeId = charge.ToString(),
            Stage = (Contracts.V1.ChargeStage)outcome.Stage,
            CountsUntil = outcome.CountsUntil is { } day ? JapanTime.Format(day) : "",
        },
        ChargeState.OtherContent => throw RichStatus.ChargeDiffers().ToRpcException(),
        ChargeState.NoLookUp => throw RichStatus.NoSuchLookUp().ToRpcException(),
        ChargeState.TerminalRevoked => throw RichStatus.ShutOut().ToRpcException(),
        _ => throw RichStatus.StoreOutOfReach(TryAgainAfter).ToRpcException(),
    };
}
