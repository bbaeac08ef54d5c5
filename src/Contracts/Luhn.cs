namespace EligibilityGateway.Contracts;

/// <summary>
/// The check digit of insurer numbers, institution codes and public expense numbers (検証番号): from the last digit before it,
/// weights 2, 1, 2, 1 …; a product of two digits counts as their sum; the check digit fills up to a multiple of ten.
/// </summary>
public static class Luhn
{
    /// <summary>True where the last digit is the check digit of those before it. False for anything but ASCII digits.</summary>
    public static bool IsValid(ReadOnlySpan<char> digits)
    {
        if (digits.Length < 2) return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            if (digit is < 0 or > 9) return false;
            var product = i % 2 == 0 ? digit : digit * 2;
            sum += product > 9 ? product - 9 : product;
        }
        return sum % 10 == 0;
    }

    /// <summary>The check digit to append.</summary>
    /// <exception cref="ArgumentException">A character is not an ASCII digit.</exception>
    public static char CheckDigit(ReadOnlySpan<char> digits)
    {
        Span<char> whole = stackalloc char[digits.Length + 1];
        digits.CopyTo(whole);
        for (var check = '0'; check <= '9'; check++)
        {
            whole[^1] = check;
            if (IsValid(whole)) return check;
        }
        throw new ArgumentException("Only ASCII digits have a check digit.", nameof(digits));
    }
}
