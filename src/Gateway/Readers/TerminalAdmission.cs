using Grpc.Core;

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
            Refuse(context, admission.Fault);
            return;
        }
        context.Features.Set(admission.Terminal);
        await next(context);
    }

    private static void Refuse(HttpContext context, AdmissionFault fault)
    {
        var (http, grpc, message) = fault switch
        {
            AdmissionFault.StoreOutOfReach => (StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable, "The register of terminals is out of reach; try again in a moment."),
            AdmissionFault.Revoked => (StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, "This terminal was revoked; it needs a new certificate from the operator."),
            AdmissionFault.NamesNoTerminal => (StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, "The client certificate names no terminal."),
            _ => (StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, "The operator has not registered this terminal."),
        };
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            // A response of trailers only, in the headers, as gRPC over HTTP/2 has it.
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)grpc).ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = message;
            return;
        }
        context.Response.StatusCode = http;
    }
}
