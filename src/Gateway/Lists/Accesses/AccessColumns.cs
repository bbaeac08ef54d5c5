using System.Globalization;
using System.Text.Json;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Lists.Accesses;

/// <summary>The columns of a list of accesses, the same in CSV and JSON: docs/operations.md tells what they hold.</summary>
internal static class AccessColumns
{
    public const string Header =
        "event_time,decided_at,event_id,revision,terminal,institution,role,purpose,service_date,assurance,ground,validity,reason,person,for_review,journalled,source,note,refusals_counted,unreadable,mac";

    /// <summary>All of them, in the header's order. Of a row that can't be read only what stands beside its bytes is there.</summary>
    public static AccessCell[] Of(RecordedAccess access)
    {
        var record = access.Record;
        return
        [
            new("event_time", TimeOf(access.EventTime)),
            new("decided_at", record is null ? null : TimeOf(record.DecidedAt)),
            new("event_id", access.EventId.ToString("D")),
            new("revision", Number: access.Revision),
            new("terminal", access.Terminal.ToString("D")),
            new("institution", record?.Institution.ToString()),
            new("role", record is null ? null : NameOf(record.Role)),
            new("purpose", record is null ? null : NameOf(record.Purpose)),
            new("service_date", record is null ? null : JapanTime.Format(record.ServiceDate)),
            new("assurance", record is null ? null : NameOf(record.Assurance)),
            new("ground", record is null ? null : NameOf(record.Ground)),
            new("validity", record is null ? null : NameOf(record.Validity)),
            new("reason", record is null ? null : NameOf(record.Reason)),
            new("person", Number: record?.PersonId),
            new("for_review", IsSo: record?.IsForReview),
            new("journalled", IsSo: record?.Journalled),
            new("source", record is null ? null : NameOf(record.Source)),
            new("note", record?.Note),
            new("refusals_counted", Number: record?.RefusalsCounted),
            new("unreadable", access.Fault),
            new("mac", NameOf(access.Mac)),
        ];
    }

    /// <summary>The value's own name, nothing where it says nothing; its number where this program has no name for it.</summary>
    private static string NameOf<T>(T value) where T : struct, Enum =>
        value.ToString() == nameof(Reason.Unspecified) ? ""
        : Enum.IsDefined(value) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) : value.ToString("D");

    private static string TimeOf(DateTimeOffset moment) => moment.ToOffset(JapanTime.Offset).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
