using Grpc.Core;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>How far a call has come, from its beginning to its end.</summary>
internal sealed class CallNote
{
    private (HttpResponse Response, Stream Body)? _held;
    private IOException? _cut;

    /// <summary>The message could be read, or the stream's handler has begun: what happens from then on is ours.</summary>
    public bool WasRead { get; private set; }

    /// <summary>What the handler threw, other than a status, and not because nobody waits for it any more.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>What the caller calls the fields of its message; null where it is not in JSON.</summary>
    public JsonNames? Names { get; set; }

    public static CallNote Of(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<CallNote>() ?? throw new InvalidOperationException($"{nameof(CallEnds)} comes before every call.");

    /// <summary>What is written before the message is read goes nowhere.</summary>
    public void Hold(HttpResponse response)
    {
        _held = (response, response.Body);
        response.Body = Stream.Null;
    }

    public void Read()
    {
        WasRead = true;
        Release();
    }

    public void Release()
    {
        if (_held is not { } held) return;
        held.Response.Body = held.Body;
        _held = null;
    }

    /// <summary>Reading ended in it: the line is cut, whether the call was told so yet or not. Always false, so that it goes on as it is.</summary>
    public bool KeepCut(IOException thrown)
    {
        _cut = thrown;
        return false;
    }

    /// <summary>The handler ended in it. Always false, so that it goes on as it is.</summary>
    public bool Keep(Exception thrown, ServerCallContext context)
    {
        var nobodyWaits = thrown == _cut || (thrown is OperationCanceledException or IOException && context.CancellationToken.IsCancellationRequested);
        if (thrown is not RpcException && !nobodyWaits) Fault = thrown;
        return false;
    }
}
