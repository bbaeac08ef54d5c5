namespace EligibilityGateway.Rules.Expenses;

/// <summary>Amounts of one expense or of many, in yen.</summary>
/// <param name="TotalCost">The whole cost.</param>
/// <param name="InsurerPaid">What the insurance bore.</param>
/// <param name="PublicPaid">What public expense bore.</param>
/// <param name="PatientPaid">What was left to patients, whenever paid.</param>
/// <param name="Reimbursed">What was given back, as stated.</param>
/// <param name="PaidInYear">What patients paid in the year: column 4 of the tax form.</param>
/// <param name="ReimbursedInYear">What is set off against that: column 5.</param>
public readonly record struct Sums(long TotalCost, long InsurerPaid, long PublicPaid, long PatientPaid, long Reimbursed, long PaidInYear, long ReimbursedInYear)
{
    /// <summary>What is left before the part that is never deducted.</summary>
    public long NetInYear => PaidInYear - ReimbursedInYear;

    public static Sums operator +(Sums one, Sums other) => new(
        one.TotalCost + other.TotalCost,
        one.InsurerPaid + other.InsurerPaid,
        one.PublicPaid + other.PublicPaid,
        one.PatientPaid + other.PatientPaid,
        one.Reimbursed + other.Reimbursed,
        one.PaidInYear + other.PaidInYear,
        one.ReimbursedInYear + other.ReimbursedInYear);

    public static Sums Of(IEnumerable<Sums> parts) => parts.Aggregate(default(Sums), (sum, part) => sum + part);
}
