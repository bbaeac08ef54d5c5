using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Terminals.Streams;

/// <summary>The terminals' streams.</summary>
internal sealed class TerminalsEndpoint(TerminalStreams streams) : Contracts.V1.Terminals.TerminalsBase
{
    public override Task Connect(IAsyncStreamReader<TerminalMessage> requestStream, IServerStreamWriter<GatewayMessage> responseStream, ServerCallContext context)
    {
        var terminal = Terminal.Of(context);
        return streams.ServeAsync(terminal, requestStream, responseStream, context.CancellationToken);
    }
}
