using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>Reads a batch as a whole, or says field by field what is wrong with it.</summary>
internal static class BatchForm
{
    public const int MostRows = 10_000;

    /// <summary>A site tries again for a day. Batches are kept for longer, so that none is taken twice.</summary>
    private static readonly TimeSpan OldestId = TimeSpan.FromHours(24);

    /// <summary>Null, with <paramref name="faults"/> filled, where something is wrong.</summary>
    public static BatchRequest? Read(AppointmentBatch message, DateTimeOffset now, List<FormFault> faults)
    {
        if (!EventId.TryParse(message.BatchId, out var batchId))
            faults.Add(new("batch_id", "Must be a UUID of version 7 in text form, made when the batch was put together."));
        else if (batchId.Time < now - OldestId)
            faults.Add(new("batch_id", "Was made more than a day ago: hand the batch in with a new id, and check the clock."));
        else if (batchId.Time - now is var ahead && ahead > EventTime.Skew)
            faults.Add(new("batch_id", $"Is {SpanText.InEnglish(ahead)} ahead of the gateway's clock: set the clock, and hand the batch in with a new id."));
        if (message.Purpose is not (Purpose.Care or Purpose.Dispensing))
            faults.Add(new("purpose", "Must be CARE or DISPENSING; all others need the card itself."));
        if (LookUpForm.ReadServiceDate(message.ServiceDate, JapanTime.DateOf(now), faults) is not { } serviceDate)
        {
            faults.Add(new("service_date", "Must say the day of the appointments."));
            return null;
        }
        if (message.Rows.Count is 0 or > MostRows)
            faults.Add(new("rows", "Must be 1 to 10,000 rows; hand in more of them as several batches."));
        return faults.Count == 0 ? new BatchRequest(batchId.Value, message.Purpose, serviceDate, message.Rows, LookUpForm.HashOf(message)) : null;
    }
}
