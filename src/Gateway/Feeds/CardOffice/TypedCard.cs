using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>Tells apart the numbers that people type where a card is to be named. None of them names a card, and none is ever repeated in an error.</summary>
public static class TypedCard
{
    /// <summary>What is wrong with the number; null where the text is no bare number.</summary>
    public static string? FaultOf(string text) => TypedNumber.DigitsOf(text) is not { Length: > 0 } digits
        ? null
        : TypedNumber.KindOf(text) switch
        {
            TypedNumberKind.MyNumber => "12 digits are taken for a My Number, which must not be typed here; nothing was kept of it.",
            TypedNumberKind.ApplicationId => "23 digits are the id of an application for a card, not a card.",
            _ => $"A number of {Counted.Of(digits.Length, "digit")} names no card.",
        };
}
