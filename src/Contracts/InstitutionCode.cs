namespace EligibilityGateway.Contracts;

/// <summary>
/// Medical institution code (医療機関コード), 10 digits: prefecture (01–47), table (1 medical, 3 dental, 4 pharmacy, 6 home-visit
/// nursing), region and institution, check digit. Fire departments, insurers and offices, which have none, get one of the same form
/// from the operator (table 9).
/// </summary>
public readonly record struct InstitutionCode
{
    public const int Length = 10;

    private readonly string? _digits;

    private InstitutionCode(string digits) => _digits = digits;

    public static bool TryParse(string? text, out InstitutionCode code)
    {
        code = default;
        if (text is not { Length: Length } || !Luhn.IsValid(text)) return false;
        var prefecture = (text[0] - '0') * 10 + (text[1] - '0');
        if (prefecture is < 1 or > 47) return false;
        code = new InstitutionCode(text);
        return true;
    }

    /// <exception cref="FormatException">Not an institution code.</exception>
    public static InstitutionCode Parse(string text) =>
        TryParse(text, out var code) ? code : throw new FormatException("Not a medical institution code: 10 digits with a right check digit.");

    public override string ToString() => _digits ?? "";
}
