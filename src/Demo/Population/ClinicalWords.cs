using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>A few words for each kind of clinical fact.</summary>
internal static class ClinicalWords
{
    private static readonly string[] Medicines = ["アムロジピン錠5mg", "メトホルミン塩酸塩錠250mg", "ワルファリンカリウム錠1mg", "プレドニゾロン錠5mg", "レボチロキシンナトリウム錠50µg"];
    private static readonly string[] Operations = ["虫垂切除術", "白内障手術", "冠動脈ステント留置術", "人工膝関節置換術"];
    private static readonly string[] Treatments = ["在宅酸素療法", "インスリン自己注射指導", "理学療法"];

    public static string Draw(ClinicalKind kind, Dice dice) => kind switch
    {
        ClinicalKind.EPrescription or ClinicalKind.Medicine => Medicines[dice.Below(Medicines.Length)],
        ClinicalKind.Operation => Operations[dice.Below(Operations.Length)],
        ClinicalKind.Treatment => Treatments[dice.Below(Treatments.Length)],
        ClinicalKind.Dialysis => "人工腎臓（慢性維持透析）",
        _ => "外来受診",
    };
}
