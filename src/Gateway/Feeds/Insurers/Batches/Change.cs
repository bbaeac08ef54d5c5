namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>A row as it is staged: what its kind does not take is null.</summary>
internal sealed record Change
{
    public required int Line { get; init; }

    /// <summary>Counted among what the file brings, so that other rows find it, and not checked any further.</summary>
    public bool Faulty { get; set; }

    public FactKind Fact { get; set; }

    public RowAction Action { get; set; }

    public long Sequence { get; set; }

    public string InsurerNumber { get; set; } = "";

    public long PersonId { get; set; }

    /// <summary>The insurer's own number of the fact; of a person, the person's.</summary>
    public long FactId { get; set; }

    public string? Name { get; set; }

    public string? NameKana { get; set; }

    public string? OtherName { get; set; }

    public short? Sex { get; set; }

    public DateOnly? BirthDate { get; set; }

    public string? Address { get; set; }

    public string? PostCode { get; set; }

    public string? OtherNameKana { get; set; }

    public short? SexOnDocument { get; set; }

    public string? Classification { get; set; }

    public string? Symbol { get; set; }

    public string? Number { get; set; }

    public string? Branch { get; set; }

    public short? Relation { get; set; }

    public string? InsuredName { get; set; }

    public DateOnly? AcquiredOn { get; set; }

    public DateOnly? LostOn { get; set; }

    public short? LossReason { get; set; }

    public DateOnly? HouseholdContinuesOn { get; set; }

    public DateOnly? InsuredTurned75On { get; set; }

    public long? CoverageId { get; set; }

    public short? Percent { get; set; }

    public string? CertificateClass { get; set; }

    public string? LimitClass { get; set; }

    public short? Category { get; set; }

    public int? MonthlyLimitYen { get; set; }

    public DateOnly? IssuedOn { get; set; }

    public DateOnly? ValidFrom { get; set; }

    public DateOnly? ValidUntil { get; set; }

    public DateOnly? LongTermOn { get; set; }

    public DateOnly? TreatmentMonth { get; set; }

    public string? InstitutionCode { get; set; }

    public string? PrescriberCode { get; set; }

    public int? SelfPayYen { get; set; }

    /// <summary>A ticket's, as JSON.</summary>
    public string? Details { get; set; }
}
