using System.Text;

namespace EligibilityGateway.Contracts;

/// <summary>
/// Insurer number (保険者番号): 8 digits, or 6 for municipal national health insurance. Kept without what pads 6 digits to 8: spaces
/// in the official files, zeros in FHIR (JP_Insurance_memberID). No law number (法別番号) is 00, so that no other insurer is meant.
/// </summary>
public readonly record struct InsurerNumber
{
    private const int MunicipalDigits = 6;
    private const string Padding = "00";

    private readonly string? _digits;

    private InsurerNumber(string digits) => _digits = digits;

    /// <summary>Reads 6 or 8 digits; full-width digits, and spaces around them, are allowed.</summary>
    public static bool TryParse(string? text, out InsurerNumber number)
    {
        number = default;
        if (text is null || text.Length > 40) return false;
        var trimmed = text.Normalize(NormalizationForm.FormKC).Trim();
        if (trimmed.Length is not (MunicipalDigits or 8)) return false;
        foreach (var c in trimmed)
            if (!char.IsAsciiDigit(c)) return false;
        number = new InsurerNumber(trimmed.Length > MunicipalDigits && trimmed.StartsWith(Padding, StringComparison.Ordinal) ? trimmed[Padding.Length..] : trimmed);
        return true;
    }

    /// <summary>
    /// The check digit fits. Numbers that came from the national system are not refused where it doesn't (published samples fail it);
    /// typed ones are asked to be checked.
    /// </summary>
    public bool CheckDigitFits => Luhn.IsValid(_digits);

    /// <summary>Scheme for those of 75 and over (後期高齢者医療): law number 39.</summary>
    public bool IsLateElderly => _digits is { Length: 8 } digits && digits.StartsWith("39", StringComparison.Ordinal);

    /// <summary>Prefecture of a municipality's national health insurance (国民健康保険), 2 digits; of the retired, too, whose number begins with 67. Null in other schemes.</summary>
    public string? NationalHealthPrefecture => _digits switch
    {
        { Length: 6 } => _digits[..2],
        ['6', '7', ..] => _digits[2..4],
        _ => null,
    };

    /// <summary>6 or 8 ASCII digits.</summary>
    public override string ToString() => _digits ?? "";
}
