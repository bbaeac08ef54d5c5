using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>Finds the name on a line that is no field's. The serializer refuses such a line, and says of the name nothing that may be repeated.</summary>
internal static class UnknownField
{
    /// <summary>Its path; null where all names are fields', or the line is no JSON.</summary>
    public static string? In(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            var found = In(ref reader, DecideJson.Default.DecideRequest);
            while (reader.Read()) reader.Skip();
            return found;
        }
        // Half of a surrogate pair is no name.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Of the value at which the reader stands, and behind which it stands then: the first, by its path from there.</summary>
    private static string? In(ref Utf8JsonReader reader, JsonTypeInfo type)
    {
        string? found = null;
        if (reader.TokenType == JsonTokenType.StartObject && type.Kind == JsonTypeInfoKind.Object)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                var field = type.Properties.FirstOrDefault(property => property.Name == name);
                reader.Read();
                if (field is null) reader.Skip();
                var within = field is null ? Proto3Json.NameShown(name) : Below(name, In(ref reader, InfoOf(field.PropertyType)));
                found ??= within;
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray && type.ElementType is { } entry)
        {
            for (var place = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; place++)
            {
                var within = In(ref reader, InfoOf(entry));
                found ??= within is null ? null : Below($"[{place}]", within);
            }
        }
        else
        {
            reader.Skip();
        }
        return found;
    }

    private static string? Below(string holder, string? path) => path switch
    {
        null => null,
        ['[', ..] => holder + path,
        _ => $"{holder}.{path}",
    };

    private static JsonTypeInfo InfoOf(Type type) => DecideJson.Default.GetTypeInfo(type)!;
}
