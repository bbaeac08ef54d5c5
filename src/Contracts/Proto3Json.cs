using System.Globalization;
using System.Text.RegularExpressions;

namespace EligibilityGateway.Contracts;

/// <summary>
/// What proto3's JSON allows and .NET's reader does not (protobuf.dev/programming-guides/json): whole numbers as 150000, 1.5e5,
/// 150000.0 and in quotes; and what may be repeated of a name that nobody knows.
/// </summary>
public static partial class Proto3Json
{
    private const int LongestName = 64;

    // Many more than any number here has; without it an exponent could ask for any amount of zeros.
    private const int MostDigits = 30;

    /// <summary>A number without a fraction, however it is written; false where it is none, or has more digits than any field takes.</summary>
    public static bool TryWholeNumber(string written, out Int128 number)
    {
        number = 0;
        if (NumberForm().Match(written) is not { Success: true } parts) return false;
        var fraction = parts.Groups["fraction"].Value.TrimEnd('0');
        var digits = (parts.Groups["whole"].Value + fraction).TrimStart('0');
        if (digits.Length == 0) return true;
        var exponent = parts.Groups["exponent"].Value;
        if (!int.TryParse(exponent.Length == 0 ? "0" : exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power)) return false;
        var zeros = (long)power - fraction.Length;
        if (zeros < 0 && digits.Length > -zeros && digits.AsSpan((int)(digits.Length + zeros)).TrimStart('0').IsEmpty) (digits, zeros) = (digits[..(int)(digits.Length + zeros)], 0);
        if (zeros < 0 || digits.Length + zeros > MostDigits) return false;
        number = Int128.Parse(parts.Groups["sign"].Value + digits + new string('0', (int)zeros), CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>A field's name that nobody knows, as a fault may repeat it: ? where no program would call a field so, since that could be anybody's data.</summary>
    public static string NameShown(string name) => name.Length <= LongestName && NameForm().IsMatch(name) && !MyNumberGuard.LooksLikeMyNumber(name) ? name : "?";

    [GeneratedRegex(@"\A(?<sign>-?)(?<whole>0|[1-9][0-9]*)(\.(?<fraction>[0-9]+))?([eE](?<exponent>[+-]?[0-9]+))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
