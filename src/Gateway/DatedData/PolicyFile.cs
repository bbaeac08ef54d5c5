using System.Text.Json;
using System.Text.Json.Serialization;

namespace EligibilityGateway.Gateway.DatedData;

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
    public static T[] RowsOf(string name)
    {
        using var file = typeof(T).Assembly.GetManifestResourceStream($"{typeof(T).Namespace}.{name}") ?? throw new InvalidOperationException($"{name} is not in the program.");
        return JsonSerializer.Deserialize<PolicyFile<T>>(file, Form) is { Rows.Length: > 0 } policy ? policy.Rows : throw new InvalidOperationException($"{name} holds no row.");
    }
}
