namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>The columns of the CSV, in their order, which are also what a layout may name.</summary>
internal static class ExportColumns
{
    public const string Record = "record", Person = "person", Name = "name", Insurer = "insurer", InsurerName = "insurer_name", Month = "month", PaidOn = "paid_on",
        Institution = "institution", InstitutionName = "institution_name", Setting = "setting", Category = "category", Days = "days", TotalCost = "total_cost",
        InsurerPaid = "insurer_paid", PublicPaid = "public_paid", PatientPaid = "patient_paid", Reimbursed = "reimbursed", Code = "code", PaidInYear = "paid_in_year",
        ReimbursedInYear = "reimbursed_in_year", NetInYear = "net_in_year", Income = "income", Floor = "floor", Deduction = "deduction", Text = "text";

    /// <summary>Of the whole list, for layouts.</summary>
    public const string Year = "year", CreatedOn = "created_on";

    public static IReadOnlyList<string> All { get; } =
    [
        Record, Person, Name, Insurer, InsurerName, Month, PaidOn, Institution, InstitutionName, Setting, Category, Days, TotalCost,
        InsurerPaid, PublicPaid, PatientPaid, Reimbursed, Code, PaidInYear, ReimbursedInYear, NetInYear, Income, Floor, Deduction, Text,
    ];

    /// <summary>Whether it holds whole numbers, which a spreadsheet may add up.</summary>
    public static bool IsNumber(string column) => column is
        Person or Days or TotalCost or InsurerPaid or PublicPaid or PatientPaid or Reimbursed or PaidInYear or ReimbursedInYear or NetInYear or Income or Floor or Deduction;
}
