using System.Collections.Frozen;

namespace EligibilityGateway.Rules.Eligibility.Policies;

/// <summary>What a coverage's classification (InsuredCardClassification) means: classifications.json.</summary>
internal static class ClassificationPolicy
{
    private static readonly ClassificationRow[] InOrder = PolicyFile<ClassificationRow>.RowsOf("classifications.json");

    private static readonly FrozenDictionary<string, ClassificationRow> Rows = InOrder.ToFrozenDictionary(row => row.Code);

    /// <summary>All that there are, in the file's order: who takes one in asks here.</summary>
    public static readonly string[] Codes = [.. InOrder.Select(row => row.Code)];

    // One that only a newer store knows is as any other coverage.
    private static readonly ClassificationRow General = Rows["01"];

    public static IEnumerable<ClassificationRow> All => InOrder;

    public static bool Holds(string code) => Rows.ContainsKey(code);

    public static ClassificationRow Of(string code) => Rows.GetValueOrDefault(code, General);
}

/// <summary>One row of classifications.json.</summary>
/// <param name="Code">01 to 07, A1.</param>
/// <param name="Ja">Its name in Japanese.</param>
/// <param name="En">Its name in English.</param>
/// <param name="SharePercent">What the patient pays whatever the age; 0: another paper says; null: by age and ratio.</param>
/// <param name="NeedsTicket">Care is given on a medical ticket (医療券).</param>
/// <param name="RetiredOn">First day on which none is issued any more; null while they are.</param>
/// <param name="Verified">The source says all of it.</param>
/// <param name="Source">Where it was read.</param>
internal sealed record ClassificationRow(string Code, string Ja, string En, int? SharePercent, bool NeedsTicket, DateOnly? RetiredOn, bool Verified, string Source);
