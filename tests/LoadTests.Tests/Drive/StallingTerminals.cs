using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>Answers each look-up at once, but for one: with that its stream stands still until another look-up has come in elsewhere.</summary>
public sealed class StallingTerminals : Contracts.V1.Terminals.TerminalsBase
{
    public const string Stalls = "stalls";
    public const string Releases = "releases";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task Connect(
        IAsyncStreamReader<TerminalMessage> requestStream, IServerStreamWriter<GatewayMessage> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            if (requestStream.Current.LookUp is not { } lookUp)
            {
                await responseStream.WriteAsync(new GatewayMessage { Welcome = new Welcome() });
                continue;
            }
            if (lookUp.EventId == Releases) _released.TrySetResult();
            if (lookUp.EventId == Stalls) await _released.Task.WaitAsync(Deadline, context.CancellationToken);
            await responseStream.WriteAsync(new GatewayMessage { Answer = new Answer { EventId = lookUp.EventId } });
        }
    }
}
