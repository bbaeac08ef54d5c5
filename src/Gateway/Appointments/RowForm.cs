using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Readers;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>Reads a row as the typed look-up that it is: the same form, the same hash, the same record.</summary>
internal static class RowForm
{
    private const int LongestRowId = 40;

    /// <summary>Null, with <paramref name="faults"/> filled, where something is wrong in it.</summary>
    public static LookUpRequest? Read(Appointment row, EventId eventId, Purpose purpose, DateOnly serviceDate, DateOnly today, List<FormFault> faults)
    {
        if (!IsRowId(row.RowId))
            faults.Add(new("row_id", $"Must be at most {LongestRowId} characters that can be printed, and nothing that looks like a 12-digit My Number."));
        var request = LookUpForm.Read(
            new LookUp { EventId = eventId.ToString(), Purpose = purpose, ServiceDate = JapanTime.Format(serviceDate), Document = row.Document ?? new DocumentTyped() }, today, faults);
        return faults.Count == 0 ? request : null;
    }

    /// <summary>A row's own name may come back to the site.</summary>
    public static bool IsRowId(string text) => WrittenText.FaultOf(text, LongestRowId) is null;
}
