using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>Answers each look-up with the same answer of a common size, and does nothing else: what a stream itself costs.</summary>
public sealed class EchoTerminals : Terminals.TerminalsBase
{
    private static readonly GatewayMessage Welcome = new() { Welcome = new Welcome { InstitutionCode = "1310000000", TerminalName = "desk-1" } };

    public override async Task Connect(
        IAsyncStreamReader<TerminalMessage> requestStream, IServerStreamWriter<GatewayMessage> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var message = requestStream.Current;
            await responseStream.WriteAsync(
                message.MessageCase is TerminalMessage.MessageOneofCase.LookUp ? CommonAnswer.To(message.LookUp.EventId) : Welcome);
        }
    }
}
