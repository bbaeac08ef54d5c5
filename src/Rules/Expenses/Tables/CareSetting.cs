namespace EligibilityGateway.Rules.Expenses.Tables;

/// <summary>Which kind of care a claim was for (診療区分). The numbers are the schema's, the names in lower case the file's.</summary>
public enum CareSetting
{
    Inpatient = 1,
    Outpatient = 2,
    Dental = 3,
    Dispensing = 4,

    /// <summary>Home nursing, judo therapy and what else insurance pays for.</summary>
    Other = 5,
}
