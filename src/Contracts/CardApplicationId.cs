namespace EligibilityGateway.Contracts;

/// <summary>
/// Id of an application for a My Number Card (申請書ID): the 23 digits on the application form. It says nothing of the My Number. No rule
/// of a check digit is public.
/// </summary>
public readonly record struct CardApplicationId
{
    /// <summary>How many digits it has.</summary>
    public const int Length = 23;

    private readonly string? _digits;

    private CardApplicationId(string digits) => _digits = digits;

    /// <summary>Reads 23 digits; full-width ones, and spaces and hyphens among them, are allowed.</summary>
    public static bool TryParse(string? text, out CardApplicationId id)
    {
        id = default;
        if (TypedNumber.DigitsOf(text) is not { Length: Length } digits) return false;
        id = new CardApplicationId(digits);
        return true;
    }

    /// <summary>23 ASCII digits.</summary>
    public override string ToString() => _digits ?? "";
}
