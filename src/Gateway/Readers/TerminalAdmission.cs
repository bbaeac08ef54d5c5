using EligibilityGateway.Gateway.Calls;
using Google.Rpc;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>Nothing is served, not even health or reflection, to whom the operator has not let in. ASP.NET middleware.</summary>
internal sealed class TerminalAdmission(RequestDelegate next, AdmittedTerminals terminals)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var certificate = context.Connection.ClientCertificate;
        var admission = certificate is null
            ? new Admission(null, AdmissionFault.NamesNoTerminal)
            : await terminals.AdmitAsync(certificate, context.RequestAborted);
        if (admission.Terminal is null)
        {
            await RefuseAsync(context, admission.Fault);
            return;
        }
        context.Features.Set(admission.Terminal);
        await next(context);
    }

    private static Task RefuseAsync(HttpContext context, AdmissionFault fault)
    {
        var status = StatusOf(fault);
        if (StatusResponse.IsGrpc(context.Request))
        {
            StatusResponse.WriteGrpc(context.Response, status);
            return Task.CompletedTask;
        }
        return StatusResponse.WriteJsonAsync(context, status, fault == AdmissionFault.StoreOutOfReach ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized);
    }

    private static Status StatusOf(AdmissionFault fault) => fault switch
    {
        AdmissionFault.Revoked => RichStatus.Revoked(),
        AdmissionFault.StoreOutOfReach => new Status { Code = (int)Code.Unavailable, Message = "The register of terminals is out of reach; try again in a moment." },
        AdmissionFault.NamesNoTerminal => new Status { Code = (int)Code.Unauthenticated, Message = "The client certificate names no terminal." },
        _ => new Status { Code = (int)Code.Unauthenticated, Message = "The operator has not registered this terminal." },
    };
}
