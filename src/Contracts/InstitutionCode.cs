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
        code = text is not null && FaultOf(text) is null ? new InstitutionCode(text) : default;
        return code._digits is not null;
    }

    /// <exception cref="FormatException">Not an institution code: says why.</exception>
    public static InstitutionCode Parse(string text) => TryParse(text, out var code) ? code : throw new FormatException($"Not a medical institution code: {FaultOf(text)}.");

    /// <summary>What is wrong with a text that is no institution code, as its writer has to know it; null where nothing is.</summary>
    public static string? FaultOf(string text)
    {
        if (text.Length != Length || text.AsSpan().ContainsAnyExceptInRange('0', '9')) return $"an institution code has {Length} digits";
        var prefecture = (text[0] - '0') * 10 + (text[1] - '0');
        if (prefecture is < 1 or > 47) return $"an institution code begins with its prefecture, 01 to 47, and {prefecture:00} is none";
        if (Luhn.IsValid(text)) return null;
        var others = text.AsSpan(0, Length - 1);
        return $"the last digit of an institution code checks the others (Luhn): after {others} it is {Luhn.CheckDigit(others)}";
    }

    public override string ToString() => _digits ?? "";
}
