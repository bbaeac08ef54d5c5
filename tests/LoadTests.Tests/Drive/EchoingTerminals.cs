using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>Answers each look-up at once, as long as it was; one of them at great length.</summary>
public sealed class EchoingTerminals : Contracts.V1.Terminals.TerminalsBase
{
    public const string Long = "long";

    public static readonly string LongAddress = new('町', 100_000);

    public override async Task Connect(
        IAsyncStreamReader<TerminalMessage> requestStream, IServerStreamWriter<GatewayMessage> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
            await responseStream.WriteAsync(requestStream.Current.LookUp is { } lookUp ? AnswerTo(lookUp) : new GatewayMessage { Welcome = new Welcome() });
    }

    private static GatewayMessage AnswerTo(LookUp lookUp) => new()
    {
        Answer = new Answer
        {
            EventId = lookUp.EventId,
            Validity = Validity.Valid,
            Person = new Person { Address = lookUp.EventId == Long ? LongAddress : lookUp.Document.Number },
            Freshness = new Freshness { Proved = true },
        },
    };
}

/// <summary>Lets nobody in.</summary>
public sealed class RefusingTerminals : Contracts.V1.Terminals.TerminalsBase
{
    public const string Why = "この端末は登録されていません。";

    public override Task Connect(
        IAsyncStreamReader<TerminalMessage> requestStream, IServerStreamWriter<GatewayMessage> responseStream, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.PermissionDenied, Why));
}
