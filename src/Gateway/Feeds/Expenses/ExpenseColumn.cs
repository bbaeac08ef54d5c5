namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>The columns of a file of expenses. A column's name is the same in lower case, its words parted by underscores.</summary>
internal enum ExpenseColumn
{
    Sequence,
    Kind,
    Insurer,
    Person,
    Fact,
    Month,
    Institution,
    InstitutionName,
    Setting,
    Days,
    TotalCost,
    InsurerPaid,
    PublicPaid,
    PatientPaid,
    Reimbursed,
    PaidOn,
}
