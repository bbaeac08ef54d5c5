namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>A row of a file, as far as it could be read.</summary>
internal sealed class ExpenseRow
{
    public required int Line { get; init; }

    public required ExpenseAction Action { get; init; }

    /// <summary>Something of it was wrong, which is told already.</summary>
    public bool Faulty { get; set; }

    public long Sequence { get; set; }

    public string Insurer { get; set; } = "";

    /// <summary>0 where the row is about a month.</summary>
    public long PersonId { get; set; }

    /// <summary>0 where the row is about a month.</summary>
    public long ExpenseId { get; set; }

    public DateOnly? Month { get; set; }

    public string InstitutionCode { get; set; } = "";

    public string InstitutionName { get; set; } = "";

    public short? Setting { get; set; }

    public short? Days { get; set; }

    public int? TotalCost { get; set; }

    public int? InsurerPaid { get; set; }

    public int? PublicPaid { get; set; }

    public int? PatientPaid { get; set; }

    public int? Reimbursed { get; set; }

    public DateOnly? PaidOn { get; set; }
}
