using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>
/// Tells a gateway what was collected. Nothing is spooled: without a receipt the same report is sent again by whoever keeps the books,
/// which changes nothing where it had arrived.
/// </summary>
internal sealed class ChargeLine(LinkSettings settings, GatewayTransport transport, TimeProvider clock)
{
    /// <summary>The receipt, or why there is none; the first gateway that is in reach decides.</summary>
    public Task<ChargeAnswer> ReportAsync(ChargeReport report, CancellationToken cancel) =>
        AskAsync((charges, options) => charges.ReportChargeAsync(report, options).ResponseAsync, cancel);

    /// <summary>The same for taking a charge back.</summary>
    public Task<ChargeAnswer> TakeBackAsync(ChargeTakenBack back, CancellationToken cancel) =>
        AskAsync((charges, options) => charges.TakeBackChargeAsync(back, options).ResponseAsync, cancel);

    private async Task<ChargeAnswer> AskAsync(Func<Charges.ChargesClient, CallOptions, Task<ChargeReceipt>> ask, CancellationToken cancel)
    {
        var answer = new ChargeAnswer(null, new Google.Rpc.Status());
        foreach (var gateway in settings.Gateways)
        {
            using var channel = transport.Open(gateway);
            using var deadline = new CancellationTokenSource(settings.LookUpDeadline, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
            try
            {
                return new ChargeAnswer(await ask(new Charges.ChargesClient(channel), new CallOptions(cancellationToken: either.Token)), null);
            }
            catch (RpcException) when (deadline.IsCancellationRequested)
            {
                answer = new ChargeAnswer(null, new Google.Rpc.Status { Code = (int)StatusCode.DeadlineExceeded, Message = "The gateway did not answer in time." });
            }
            catch (RpcException e)
            {
                answer = new ChargeAnswer(null, e.GetRpcStatus() ?? new Google.Rpc.Status { Code = (int)e.StatusCode, Message = e.Status.Detail });
                if (e.StatusCode is not (StatusCode.Unavailable or StatusCode.DeadlineExceeded)) return answer;
            }
        }
        return answer;
    }
}

/// <summary>A receipt, or a status that says why there is none.</summary>
internal readonly record struct ChargeAnswer(ChargeReceipt? Receipt, Google.Rpc.Status? Status);
