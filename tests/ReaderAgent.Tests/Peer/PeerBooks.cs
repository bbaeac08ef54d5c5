using System.Threading.Channels;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;

namespace EligibilityGateway.ReaderAgent.Tests.Peer;

/// <summary>Takes reports of charges as a gateway does: a receipt for each, but that above a million yen is refused.</summary>
internal sealed class PeerBooks : Charges.ChargesBase
{
    public const uint MostYen = 1_000_000;

    private readonly Channel<IMessage> _taken = Channel.CreateUnbounded<IMessage>();

    public ChannelReader<IMessage> Reader => _taken.Reader;

    public override async Task<ChargeReceipt> ReportCharge(ChargeReport request, ServerCallContext context)
    {
        await _taken.Writer.WriteAsync(request);
        if (request.TotalCostYen > MostYen) throw new RpcException(new Status(StatusCode.NotFound, "No such look-up."));
        return new ChargeReceipt { ChargeId = request.ChargeId, Stage = request.Stage, CountsUntil = "2027-01-31" };
    }

    public override async Task<ChargeReceipt> TakeBackCharge(ChargeTakenBack request, ServerCallContext context)
    {
        await _taken.Writer.WriteAsync(request);
        return new ChargeReceipt { ChargeId = request.ChargeId, Stage = ChargeStage.TakenBack };
    }
}
