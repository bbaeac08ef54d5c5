using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>
/// Has the last word on a call: one whose message could not be read, which the library calls a fault of the handler's, ends with what is
/// wrong with it; a fault of ours is logged by its kind and place, never with its data. ASP.NET middleware.
/// </summary>
internal sealed partial class CallEnds(RequestDelegate next, ILogger<CallEnds> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method is not { } method)
        {
            await next(context);
            return;
        }
        var note = new CallNote();
        context.Features.Set(note);
        // A method is generic in what it takes and what it gives.
        var message = method.GetType().GenericTypeArguments[0];
        var isGrpc = StatusResponse.IsGrpc(context.Request);
        if (!isGrpc && endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null && await JsonRequest.ReadAsync(context.Request, note, message) is { } refusal)
        {
            await StatusResponse.WriteJsonAsync(context, refusal, StatusCodes.Status400BadRequest);
            return;
        }
        // The transcoder quotes what it can't read: it is not heard until it has read.
        if (!isGrpc) note.Hold(context.Response);
        await next(context);
        note.Release();

        // None where the library took it for no call at all, as with another content type.
        if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status is not { } status) return;
        if (note.WasRead || !await RefuseAsync(context, message, isGrpc, status)) Tell(note, method, status.DebugException);
    }

    /// <summary>Says what is wrong with the message; false where that is not what the call ended for.</summary>
    private static async ValueTask<bool> RefuseAsync(HttpContext context, Type message, bool isGrpc, Status status)
    {
        if (!isGrpc)
        {
            await StatusResponse.WriteJsonAsync(context, Unreadable.Json(message), StatusCodes.Status400BadRequest);
            return true;
        }
        if (context.Response.HasStarted || Unreadable.Of(status, message) is not { } unreadable) return false;
        StatusResponse.WriteGrpc(context.Response, unreadable);
        return true;
    }

    private void Tell(CallNote note, IMethod method, Exception? thrown)
    {
        // Outside the handler, where messages are read and written, these two are a line that is cut.
        if (note.Fault is null && thrown is OperationCanceledException or IOException) return;
        if ((note.Fault ?? thrown) is { } fault) LogFault(logger, method.FullName, fault.GetType().Name, fault.TargetSite?.Name ?? "");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A call of {Method} failed with {Kind} in {Place}.")]
    private static partial void LogFault(ILogger logger, string method, string kind, string place);
}
