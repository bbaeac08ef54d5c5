using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>The tables that a batch fills, and the columns of its changes; the names are the schema's.</summary>
internal static class FeedTables
{
    public static readonly IReadOnlyList<FeedTable> Facts =
    [
        new(FactKind.Coverage, "coverage", "coverage_id",
            "insurer_number", "classification", "symbol", "number", "branch", "relation", "insured_name", "acquired_on", "lost_on", "loss_reason",
            "household_continues", "insured_turned_75"),
        new(FactKind.Burden, "burden", "burden_id", "coverage_id", "percent", "issued_on", "valid_from", "valid_until"),
        new(FactKind.Limit, "benefit_limit", "limit_id",
            "coverage_id", "certificate_class", "limit_class", "issued_on", "valid_from", "valid_until", "long_term_on"),
        new(FactKind.SpecificDisease, "specific_disease", "disease_id",
            "coverage_id", "category", "monthly_limit_yen", "issued_on", "valid_from", "valid_until"),
        new(FactKind.EligibilityCertificate, "eligibility_certificate", "certificate_id", "coverage_id", "issued_on", "valid_until"),
        new(FactKind.WithheldLimit, "withheld_limit", "withheld_id", "coverage_id", "valid_from", "valid_until"),
        new(FactKind.MedicalTicket, "medical_ticket", "ticket_id",
            "coverage_id", "valid_from", "valid_until", "treatment_month", "institution_code", "prescriber_code", "self_pay_yen", "details"),
    ];

    public static readonly string[] PersonColumns =
    [
        "insurer_number", "valid_from", "name", "name_kana", "other_name", "sex", "birth_date", "address", "post_code", "other_name_kana", "sex_on_document",
    ];

    /// <summary>What a change holds, in the staged and in the accepted form.</summary>
    public static readonly IReadOnlyList<FactColumn<Change>> ChangeColumns =
    [
        new FactColumn<Change, int>("line", change => change.Line),
        new FactColumn<Change, short>("fact_kind", change => (short)change.Fact),
        new FactColumn<Change, long>("sequence", change => change.Sequence),
        new FactColumn<Change, long>("person_id", change => change.PersonId),
        new FactColumn<Change, long>("fact_id", change => change.FactId),
        new FactColumn<Change, bool>("withdrawn", change => change.Action == RowAction.Withdrawal),
        new FactColumn<Change, string?>("name", change => change.Name),
        new FactColumn<Change, string?>("name_kana", change => change.NameKana),
        new FactColumn<Change, string?>("other_name", change => change.OtherName),
        new FactColumn<Change, short?>("sex", change => change.Sex),
        new FactColumn<Change, DateOnly?>("birth_date", change => change.BirthDate),
        new FactColumn<Change, string?>("address", change => change.Address),
        new FactColumn<Change, string?>("post_code", change => change.PostCode),
        new FactColumn<Change, string?>("other_name_kana", change => change.OtherNameKana),
        new FactColumn<Change, short?>("sex_on_document", change => change.SexOnDocument),
        new FactColumn<Change, string>("insurer_number", change => change.InsurerNumber),
        new FactColumn<Change, string?>("classification", change => change.Classification),
        new FactColumn<Change, string?>("symbol", change => change.Symbol),
        new FactColumn<Change, string?>("number", change => change.Number),
        new FactColumn<Change, string?>("branch", change => change.Branch),
        new FactColumn<Change, short?>("relation", change => change.Relation),
        new FactColumn<Change, string?>("insured_name", change => change.InsuredName),
        new FactColumn<Change, DateOnly?>("acquired_on", change => change.AcquiredOn),
        new FactColumn<Change, DateOnly?>("lost_on", change => change.LostOn),
        new FactColumn<Change, short?>("loss_reason", change => change.LossReason),
        new FactColumn<Change, DateOnly?>("household_continues", change => change.HouseholdContinuesOn),
        new FactColumn<Change, DateOnly?>("insured_turned_75", change => change.InsuredTurned75On),
        new FactColumn<Change, long?>("coverage_id", change => change.CoverageId),
        new FactColumn<Change, short?>("percent", change => change.Percent),
        new FactColumn<Change, string?>("certificate_class", change => change.CertificateClass),
        new FactColumn<Change, string?>("limit_class", change => change.LimitClass),
        new FactColumn<Change, short?>("category", change => change.Category),
        new FactColumn<Change, int?>("monthly_limit_yen", change => change.MonthlyLimitYen),
        new FactColumn<Change, DateOnly?>("issued_on", change => change.IssuedOn),
        new FactColumn<Change, DateOnly?>("valid_from", change => change.ValidFrom),
        new FactColumn<Change, DateOnly?>("valid_until", change => change.ValidUntil),
        new FactColumn<Change, DateOnly?>("long_term_on", change => change.LongTermOn),
        new FactColumn<Change, DateOnly?>("treatment_month", change => change.TreatmentMonth),
        new FactColumn<Change, string?>("institution_code", change => change.InstitutionCode),
        new FactColumn<Change, string?>("prescriber_code", change => change.PrescriberCode),
        new FactColumn<Change, int?>("self_pay_yen", change => change.SelfPayYen),
        new FactColumn<Change, string?>("details", change => change.Details),
    ];

    /// <summary>What only the checks ask for.</summary>
    private static readonly FactColumn<Change>[] CheckColumns =
    [
        new FactColumn<Change, bool>("faulty", change => change.Faulty),
        new FactColumn<Change, short>("action", change => (short)change.Action),
    ];

    /// <summary>The columns of a change, parted by commas.</summary>
    public static string ChangeColumnNames { get; } = Listed(ChangeColumns.Select(column => column.Name));

    /// <summary>A table of this session, for a file that is being read.</summary>
    public static string CreateStagedStatement { get; } =
        $"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {ChangeColumnNames}, false AS faulty, 0::smallint AS action FROM insurer_batch_change WHERE false";

    public static string CopyStagedStatement { get; } = $"COPY staged ({ChangeColumnNames}, {Listed(CheckColumns.Select(column => column.Name))}) FROM STDIN (FORMAT binary)";

    public static void CopyRow(NpgsqlBinaryImporter importer, Change change)
    {
        importer.StartRow();
        foreach (var column in ChangeColumns) column.Copy(importer, change);
        foreach (var column in CheckColumns) column.Copy(importer, change);
    }

    public static string Listed(IEnumerable<string> columns, string prefix = "") => string.Join(", ", columns.Select(column => prefix + column));
}
