using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>Gathers what is found in a delivery, as far as a receipt may hold it, and counts the rest.</summary>
internal sealed class ReceiptFindings : IFeedListener
{
    private readonly List<FeedFinding> _findings = [];
    private readonly long[] _counts = new long[Enum.GetValues<FeedSeverity>().Length];

    public void Found(FeedFault fault)
    {
        var before = fault.Severity == FeedSeverity.Error ? CountOf(FeedSeverity.Error) : CountOf(FeedSeverity.Warning) + CountOf(FeedSeverity.Note);
        _counts[(int)fault.Severity]++;
        if (before >= DeliveryBounds.MostFindings) return;
        _findings.Add(new FeedFinding
        {
            Severity = fault.Severity switch
            {
                FeedSeverity.Error => FeedFinding.Types.Severity.Error,
                FeedSeverity.Warning => FeedFinding.Types.Severity.Warning,
                _ => FeedFinding.Types.Severity.Note,
            },
            Line = fault.Line,
            Column = fault.Column,
            Code = fault.Code,
            Text = fault.Reason,
        });
    }

    public void WriteTo(DeliveryReceipt receipt)
    {
        receipt.Findings.AddRange(_findings.OrderBy(finding => finding.Line));
        receipt.Errors = CountOf(FeedSeverity.Error);
        receipt.Warnings = CountOf(FeedSeverity.Warning);
        receipt.Notes = CountOf(FeedSeverity.Note);
    }

    private long CountOf(FeedSeverity severity) => _counts[(int)severity];
}
