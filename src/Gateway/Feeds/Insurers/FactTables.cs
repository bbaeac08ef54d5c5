namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>The tables of facts as the schema has them, one line a column.</summary>
internal static class FactTables
{
    public static readonly FactTable<CoverageEntry> Coverage = new(
        FactKind.Coverage,
        "coverage",
        new("coverage_id", entry => entry.CoverageId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<CoverageEntry, string>("insurer_number", entry => entry.Insurer.ToString()),
        new FactColumn<CoverageEntry, string>("classification", entry => entry.Classification),
        new FactColumn<CoverageEntry, string>("symbol", entry => entry.Numbers.Symbol),
        new FactColumn<CoverageEntry, string>("number", entry => entry.Numbers.Number),
        new FactColumn<CoverageEntry, string?>("branch", entry => entry.Numbers.Branch),
        new FactColumn<CoverageEntry, short>("relation", entry => (short)entry.Relation),
        new FactColumn<CoverageEntry, string>("insured_name", entry => entry.InsuredName),
        new FactColumn<CoverageEntry, DateOnly>("acquired_on", entry => entry.AcquiredOn),
        new FactColumn<CoverageEntry, DateOnly?>("lost_on", entry => entry.LostOn),
        new FactColumn<CoverageEntry, short?>("loss_reason", entry => entry.LossReason),
        new FactColumn<CoverageEntry, DateOnly?>("household_continues", entry => entry.HouseholdContinuesOn),
        new FactColumn<CoverageEntry, DateOnly?>("insured_turned_75", entry => entry.InsuredTurned75On));

    public static readonly FactTable<BurdenEntry> Burden = new(
        FactKind.Burden,
        "burden",
        new("burden_id", entry => entry.BurdenId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<BurdenEntry, long>("coverage_id", entry => entry.CoverageId),
        new FactColumn<BurdenEntry, short>("percent", entry => entry.Percent),
        new FactColumn<BurdenEntry, DateOnly>("issued_on", entry => entry.IssuedOn),
        new FactColumn<BurdenEntry, DateOnly>("valid_from", entry => entry.ValidFrom),
        new FactColumn<BurdenEntry, DateOnly?>("valid_until", entry => entry.ValidUntil));

    public static readonly FactTable<LimitEntry> Limit = new(
        FactKind.Limit,
        "benefit_limit",
        new("limit_id", entry => entry.LimitId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<LimitEntry, long>("coverage_id", entry => entry.CoverageId),
        new FactColumn<LimitEntry, string>("certificate_class", entry => entry.CertificateClass),
        new FactColumn<LimitEntry, string>("limit_class", entry => entry.LimitClass),
        new FactColumn<LimitEntry, DateOnly>("issued_on", entry => entry.IssuedOn),
        new FactColumn<LimitEntry, DateOnly>("valid_from", entry => entry.ValidFrom),
        new FactColumn<LimitEntry, DateOnly?>("valid_until", entry => entry.ValidUntil),
        new FactColumn<LimitEntry, DateOnly?>("long_term_on", entry => entry.LongTermOn));

    public static readonly FactTable<SpecificDiseaseEntry> SpecificDisease = new(
        FactKind.SpecificDisease,
        "specific_disease",
        new("disease_id", entry => entry.DiseaseId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<SpecificDiseaseEntry, long>("coverage_id", entry => entry.CoverageId),
        new FactColumn<SpecificDiseaseEntry, short>("category", entry => entry.Category),
        new FactColumn<SpecificDiseaseEntry, int>("monthly_limit_yen", entry => entry.MonthlyLimitYen),
        new FactColumn<SpecificDiseaseEntry, DateOnly>("issued_on", entry => entry.IssuedOn),
        new FactColumn<SpecificDiseaseEntry, DateOnly>("valid_from", entry => entry.ValidFrom),
        new FactColumn<SpecificDiseaseEntry, DateOnly?>("valid_until", entry => entry.ValidUntil));

    public static readonly FactTable<EligibilityCertificateEntry> EligibilityCertificate = new(
        FactKind.EligibilityCertificate,
        "eligibility_certificate",
        new("certificate_id", entry => entry.CertificateId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<EligibilityCertificateEntry, long>("coverage_id", entry => entry.CoverageId),
        new FactColumn<EligibilityCertificateEntry, DateOnly>("issued_on", entry => entry.IssuedOn),
        new FactColumn<EligibilityCertificateEntry, DateOnly>("valid_until", entry => entry.ValidUntil));

    public static readonly FactTable<WithheldLimitEntry> WithheldLimit = new(
        FactKind.WithheldLimit,
        "withheld_limit",
        new("withheld_id", entry => entry.WithheldId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<WithheldLimitEntry, long>("coverage_id", entry => entry.CoverageId),
        new FactColumn<WithheldLimitEntry, DateOnly>("valid_from", entry => entry.ValidFrom),
        new FactColumn<WithheldLimitEntry, DateOnly?>("valid_until", entry => entry.ValidUntil));

    public static readonly FactTable<MedicalTicketEntry> MedicalTicket = new(
        FactKind.MedicalTicket,
        "medical_ticket",
        new("ticket_id", entry => entry.TicketId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<MedicalTicketEntry, long>("coverage_id", entry => entry.CoverageId),
        new FactColumn<MedicalTicketEntry, DateOnly>("valid_from", entry => entry.ValidFrom),
        new FactColumn<MedicalTicketEntry, DateOnly>("valid_until", entry => entry.ValidUntil),
        new FactColumn<MedicalTicketEntry, DateOnly>("treatment_month", entry => entry.TreatmentMonth),
        new FactColumn<MedicalTicketEntry, string>("institution_code", entry => entry.Institution.ToString()),
        new FactColumn<MedicalTicketEntry, string?>("prescriber_code", entry => entry.Prescriber?.ToString()),
        new FactColumn<MedicalTicketEntry, int>("self_pay_yen", entry => entry.SelfPayYen),
        new FactColumn<MedicalTicketEntry, string>("details", entry => entry.Details.ToJson()));

    public static readonly FactTable<ClinicalEntry> Clinical = new(
        FactKind.Clinical,
        "clinical_fact",
        new("fact_id", entry => entry.FactId),
        new("person_id", entry => entry.PersonId),
        new FactColumn<ClinicalEntry, short>("kind", entry => (short)entry.Kind),
        new FactColumn<ClinicalEntry, DateOnly>("happened_on", entry => entry.HappenedOn),
        new FactColumn<ClinicalEntry, string>("what", entry => entry.What),
        new FactColumn<ClinicalEntry, string>("institution", entry => entry.Institution));

    /// <summary>Name and id column of each table whose facts can be withdrawn, and the statement that does it.</summary>
    public static (string Table, string IdColumn, string WithdrawStatement) Of(FactKind kind) => kind switch
    {
        FactKind.Coverage => (Coverage.Name, Coverage.IdColumn, Coverage.WithdrawStatement),
        FactKind.Burden => (Burden.Name, Burden.IdColumn, Burden.WithdrawStatement),
        FactKind.Limit => (Limit.Name, Limit.IdColumn, Limit.WithdrawStatement),
        FactKind.SpecificDisease => (SpecificDisease.Name, SpecificDisease.IdColumn, SpecificDisease.WithdrawStatement),
        FactKind.EligibilityCertificate => (EligibilityCertificate.Name, EligibilityCertificate.IdColumn, EligibilityCertificate.WithdrawStatement),
        FactKind.WithheldLimit => (WithheldLimit.Name, WithheldLimit.IdColumn, WithheldLimit.WithdrawStatement),
        FactKind.MedicalTicket => (MedicalTicket.Name, MedicalTicket.IdColumn, MedicalTicket.WithdrawStatement),
        FactKind.Clinical => (Clinical.Name, Clinical.IdColumn, Clinical.WithdrawStatement),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Insurers and persons are not withdrawn."),
    };
}
