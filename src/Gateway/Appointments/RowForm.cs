using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.LookUps;

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
            new LookUp { EventId = eventId.ToString(), Purpose = purpose, ServiceDate = JapanTime.Format(serviceDate), Document = DocumentOf(row) }, today, faults);
        return faults.Count == 0 ? request : null;
    }

    /// <summary>A site keeps the numbers of its patients, seldom the kind of document that they came from: without a kind a row asks for the entitlement itself.</summary>
    private static DocumentTyped DocumentOf(Appointment row)
    {
        var document = row.Document?.Clone() ?? new DocumentTyped();
        if (document.Kind == DocumentKind.Unspecified) document.Kind = DocumentKind.EligibilityNotice;
        return document;
    }

    /// <summary>A row's own name may come back to the site.</summary>
    public static bool IsRowId(string text) => WrittenText.FaultOf(text, LongestRowId) is null;
}
