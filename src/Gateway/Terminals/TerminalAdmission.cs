using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Terminals.Tls;
using Google.Rpc;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Terminals;

/// <summary>Nothing is served, not even health or reflection, to whom the operator has not let in. ASP.NET middleware.</summary>
internal sealed class TerminalAdmission(RequestDelegate next, AdmittedTerminals terminals, TerminalShares shares, RefusedClients refused)
{
    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromMilliseconds(200);

    private static readonly PathString StreamPath = new("/eligibility.v1.Terminals/Connect");

    public async Task InvokeAsync(HttpContext context)
    {
        var certificate = context.Connection.ClientCertificate;
        var admission = certificate is null
            ? new Admission(null, AdmissionFault.NamesNoTerminal)
            : await terminals.AdmitAsync(certificate, context.RequestAborted);
        if (admission.Terminal is null)
        {
            var status = StatusOf(admission.Fault, certificate);
            if (certificate is not null && admission.Fault != AdmissionFault.StoreOutOfReach) refused.Tell(certificate, WordsOf(admission.Fault));
            var httpStatus = admission.Fault == AdmissionFault.StoreOutOfReach ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized;
            await RefuseAsync(context, status, httpStatus);
            return;
        }
        context.Features.Set(admission.Terminal);
        // A stream counts by its look-ups; every other call is one of the terminal's share.
        if (context.Request.Path.Equals(StreamPath, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }
        if (!shares.TryEnter(admission.Terminal.Id))
        {
            await RefuseAsync(context, RichStatus.Busy(RetryWhenFull), StatusCodes.Status429TooManyRequests);
            return;
        }
        try
        {
            await next(context);
        }
        finally
        {
            shares.Leave(admission.Terminal.Id);
        }
    }

    private static Task RefuseAsync(HttpContext context, Status status, int httpStatus)
    {
        if (StatusResponse.IsGrpc(context.Request))
        {
            StatusResponse.WriteGrpc(context.Response, status);
            return Task.CompletedTask;
        }
        return StatusResponse.WriteJsonAsync(context, status, httpStatus);
    }

    private static string WordsOf(AdmissionFault fault) => fault switch
    {
        AdmissionFault.Revoked => "the terminal was revoked",
        AdmissionFault.CertificateEnded => "its certificate has ended",
        AdmissionFault.NamesNoTerminal => "it is no terminal",
        _ => "the terminal is not registered",
    };

    private static Status StatusOf(AdmissionFault fault, X509Certificate2? certificate) => fault switch
    {
        AdmissionFault.Revoked => RichStatus.Revoked(RoleOf(certificate)),
        AdmissionFault.CertificateEnded => RichStatus.CertificateEnded(),
        AdmissionFault.StoreOutOfReach => new Status { Code = (int)Code.Unavailable, Message = "The register of terminals is out of reach; try again in a moment." },
        AdmissionFault.NamesNoTerminal => new Status { Code = (int)Code.Unauthenticated, Message = $"The client certificate names no terminal: it needs one URI among its alternative names, {TerminalIdentity.Form}." },
        _ => new Status { Code = (int)Code.Unauthenticated, Message = "The operator has not registered this terminal." },
    };

    private static TerminalRole RoleOf(X509Certificate2? certificate) =>
        certificate is null ? TerminalRole.None : TerminalIdentity.FromCertificate(certificate)?.Role ?? TerminalRole.None;
}
