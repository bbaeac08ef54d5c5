using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>
/// An id as it was sent: a text or a number. It comes back as it was written. Numbers of one value are one id, as 1, 1.0 and 10e-1 are, to
/// the last of their digits.
/// </summary>
[JsonConverter(typeof(SentIdConverter))]
internal readonly record struct SentId
{
    /// <summary>The most characters that an id may have. It is repeated in each answer, so that without a bound a line could ask for any amount of output.</summary>
    public const int Longest = 200;

    // As \ud83d\ude00.
    private const int MostBytesOfACharacter = 12;

    private static readonly SentId Unreadable = new(SentIdKind.Unreadable, null, null);

    // The value is the same text for all numbers that are one.
    private readonly string? _written;
    private readonly string? _value;

    private SentId(SentIdKind kind, string? written, string? value) => (Kind, _written, _value) = (kind, written, value);

    public SentIdKind Kind { get; }

    public static SentId Of(long number) => OfNumber(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Of the value at which the reader stands; the reader stands at its end then.</summary>
    public static SentId Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.String:
                return reader.ValueSpan.Length <= MostBytesOfACharacter * Longest ? OfText(ref reader) : Unreadable;
            case JsonTokenType.Number:
                return reader.ValueSpan.Length <= Longest ? OfNumber(Encoding.ASCII.GetString(reader.ValueSpan)) : Unreadable;
            default:
                reader.Skip();
                return Unreadable;
        }
    }

    /// <summary>Whether both are there and are one id.</summary>
    public bool Names(SentId other) => Kind is SentIdKind.Text or SentIdKind.Number && Kind == other.Kind && _value == other._value;

    /// <summary>As it was written; null where there is none that can be read.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        if (Kind == SentIdKind.Text) json.WriteStringValue(_written);
        else if (Kind == SentIdKind.Number) json.WriteRawValue(_written!, skipInputValidation: true);
        else json.WriteNullValue();
    }

    /// <summary>As it was written, and empty where there is none that can be read.</summary>
    public override string ToString() => _written ?? "";

    private static SentId OfText(ref Utf8JsonReader reader)
    {
        try
        {
            var text = reader.GetString()!;
            return text.Length <= Longest || text.EnumerateRunes().Count() <= Longest ? new SentId(SentIdKind.Text, text, text) : Unreadable;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or no UTF-8: nothing could be sent back.
            return Unreadable;
        }
    }

    private static SentId OfNumber(string written) => new(SentIdKind.Number, written, ValueOf(written));

    // A whole number stands for itself. All others: the digits without zeros at their ends, and the power of ten that goes with them;
    // written out where that makes a whole number that could have been sent so.
    private static string ValueOf(string written)
    {
        if (!written.AsSpan().ContainsAny('.', 'e', 'E')) return written == "-0" ? "0" : written;
        var sign = written[0] == '-' ? "-" : "";
        var parts = written[sign.Length..].Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = (point < 0 ? parts[0] : parts[0].Remove(point, 1)).TrimStart('0');
        if (digits.Length == 0) return "0";
        var significant = digits.TrimEnd('0');
        var power = (parts.Length > 1 ? BigInteger.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1) + digits.Length - significant.Length;
        return sign + significant + (power >= 0 && power <= Longest ? new string('0', (int)power) : "e" + power.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>What was sent as an id.</summary>
internal enum SentIdKind
{
    /// <summary>Nothing, or null.</summary>
    None,

    Text,

    Number,

    /// <summary>Of another kind, too long, or a text that is none.</summary>
    Unreadable,
}

internal sealed class SentIdConverter : JsonConverter<SentId>
{
    public override bool HandleNull => true;

    public override SentId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => SentId.Read(ref reader);

    public override void Write(Utf8JsonWriter writer, SentId value, JsonSerializerOptions options) => value.WriteTo(writer);
}
