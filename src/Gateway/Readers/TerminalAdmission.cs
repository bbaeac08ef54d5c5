using System.Globalization;
using System.Text;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>Nothing is served, not even health or reflection, to whom the operator has not let in. ASP.NET middleware.</summary>
internal sealed class TerminalAdmission(RequestDelegate next, AdmittedTerminals terminals)
{
    private static readonly JsonFormatter Json = new(new JsonFormatter.Settings(false, TypeRegistry.FromFiles(AnswerReflection.Descriptor)));

    private const int MostTakenIn = 64 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public async Task InvokeAsync(HttpContext context)
    {
        var certificate = context.Connection.ClientCertificate;
        var admission = certificate is null
            ? new Admission(null, AdmissionFault.NamesNoTerminal)
            : await terminals.AdmitAsync(certificate, context.RequestAborted);
        if (admission.Terminal is null)
        {
            await TakeInAsync(context);
            await RefuseAsync(context, admission.Fault);
            return;
        }
        context.Features.Set(admission.Terminal);
        await next(context);
    }

    /// <summary>
    /// What was sent is taken in and thrown away: a client that is refused while it still writes may hear of a broken stream and not of
    /// the reason. Not for long, and not much: one whose stream stays open is told all the same.
    /// </summary>
    private static async Task TakeInAsync(HttpContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(Patience);
        try
        {
            for (long taken = 0; taken < MostTakenIn;)
            {
                var read = await context.Request.BodyReader.ReadAsync(limit.Token);
                taken += read.Buffer.Length;
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // A stream, or nobody is there any more.
        }
    }

    private static Task RefuseAsync(HttpContext context, AdmissionFault fault)
    {
        var status = StatusOf(fault);
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            // A response of trailers only, in the headers, as gRPC over HTTP/2 has it.
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = status.Message;
            context.Response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
            return Task.CompletedTask;
        }
        context.Response.StatusCode = fault == AdmissionFault.StoreOutOfReach ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(Json.Format(status), Encoding.UTF8, context.RequestAborted);
    }

    private static Status StatusOf(AdmissionFault fault) => fault switch
    {
        AdmissionFault.Revoked => RichStatus.Revoked(),
        AdmissionFault.StoreOutOfReach => new Status { Code = (int)Code.Unavailable, Message = "The register of terminals is out of reach; try again in a moment." },
        AdmissionFault.NamesNoTerminal => new Status { Code = (int)Code.Unauthenticated, Message = "The client certificate names no terminal." },
        _ => new Status { Code = (int)Code.Unauthenticated, Message = "The operator has not registered this terminal." },
    };
}
