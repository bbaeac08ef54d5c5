using System.Text.Json;
using System.Text.Json.Serialization;

namespace EligibilityGateway.Rules.DatedData;

/// <summary>A policy as data: rows with dates, codes, a source, and whether the source says all of it.</summary>
internal sealed record PolicyFile<T>(string Note, T[] Rows)
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The rows of a file that lies beside the type of its rows.</summary>
    public static T[] RowsOf(string name) => EmbeddedFile.Read<PolicyFile<T>>(typeof(T), name, Form) is { Rows: { Length: > 0 } rows }
        ? rows
        : throw new InvalidOperationException($"{name} holds no row.");
}
