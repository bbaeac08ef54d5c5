using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>
/// Notes that a call's message was read, which is known only here: a gRPC interceptor begins when the library has read it. Where the
/// messages come one after another, it says itself what is wrong with one that can't be read.
/// </summary>
internal sealed class CallReading : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var note = Begin(context);
        try
        {
            return await continuation(request, context);
        }
        catch (RpcException e) when (note.Names is not null && request is IMessage)
        {
            throw note.Names.Renamed(e, ((IMessage)request).Descriptor) ?? e;
        }
        catch (Exception e) when (note.Keep(e, context))
        {
            throw;
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var note = Begin(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (note.Keep(e, context))
        {
            throw;
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var note = Begin(context);
        try
        {
            return await continuation(new CheckedStream<TRequest>(requestStream, note), context);
        }
        catch (Exception e) when (note.Keep(e, context))
        {
            throw;
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var note = Begin(context);
        try
        {
            await continuation(new CheckedStream<TRequest>(requestStream, note), responseStream, context);
        }
        catch (Exception e) when (note.Keep(e, context))
        {
            throw;
        }
    }

    private static CallNote Begin(ServerCallContext context)
    {
        var note = CallNote.Of(context);
        note.Read();
        return note;
    }

    private sealed class CheckedStream<TRequest>(IAsyncStreamReader<TRequest> messages, CallNote note) : IAsyncStreamReader<TRequest>
    {
        public TRequest Current => messages.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await messages.MoveNext(cancellationToken);
            }
            catch (Exception e) when (Unreadable.Of(e, typeof(TRequest)) is { } status)
            {
                // Without the cause: it quotes bytes of the message.
                throw status.ToRpcException();
            }
            catch (IOException e) when (note.KeepCut(e))
            {
                throw;
            }
        }
    }
}
