namespace EligibilityGateway.Gateway.Storage;

/// <summary>
/// Migrations that once had another name: three numbers were given twice. A database remembers by name what was applied to it, so that the
/// old names are read as the new ones, and written anew with the next migration.
/// </summary>
internal static class RenamedScripts
{
    /// <summary>The new name of each, by the old one.</summary>
    public static readonly IReadOnlyDictionary<string, string> ByOldName = new Dictionary<string, string>
    {
        ["0004_certificates_due"] = "0003_certificates_due",
        ["0005_charges"] = "0004_charges",
        ["0006_appointments"] = "0005_appointments",
        ["0007_batch_refusals"] = "0006_batch_refusals",
        ["0008_cards_due"] = "0009_cards_due",
        ["0009_official_fields"] = "0010_official_fields",
        ["0009_withheld_limits"] = "0011_withheld_limits",
        ["0010_medical_expenses"] = "0012_medical_expenses",
        ["0011_medical_tickets"] = "0013_medical_tickets",
        ["0013_known_history"] = "0014_known_history",
        ["0014_reception_numbers"] = "0015_reception_numbers",
        ["0015_clients_ends"] = "0016_clients_ends",
        ["0016_appointment_misses"] = "0017_appointment_misses",
        ["0017_person_statements"] = "0018_person_statements",
        ["0018_document_misses"] = "0019_document_misses",
        ["0019_key_use"] = "0020_key_use",
        ["0020_operator_acts"] = "0021_operator_acts",
        ["0021_no_later_than_now"] = "0022_no_later_than_now",
        ["0022_records_by_function"] = "0023_records_by_function",
        ["0023_records_closing"] = "0024_records_closing",
        ["0024_halved_months"] = "0025_halved_months",
        ["0030_one_form_of_numbers"] = "0026_one_form_of_numbers",
        ["0033_phones_with_plastic"] = "0027_phones_with_plastic",
        ["0034_one_life_of_a_card"] = "0028_one_life_of_a_card",
    };

    /// <summary>The name that a script has now.</summary>
    public static string NowOf(string name) => ByOldName.GetValueOrDefault(name, name);
}
