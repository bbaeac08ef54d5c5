using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EligibilityGateway.Common;
using EligibilityGateway.Common.CommandLines;

namespace EligibilityGateway.Gateway.Settings;

/// <summary>
/// The settings as an operator writes them. All that is wrong with them is said at once, by the settings' names; a value is never repeated,
/// since a password may have slipped into the wrong place.
/// </summary>
internal static class SettingsFile
{
    /// <summary>A name that is repeated in an error is a name and no document.</summary>
    private const int LongestName = 40;

    public static readonly JsonSerializerOptions Form = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // A number in a purpose's place would be a purpose that nobody has thought of.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions Document = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="SettingsException">It can't be read, or says what is wrong with it.</exception>
    public static GatewaySettings Read(string file)
    {
        using var document = Parse(file);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new SettingsException($"The settings file {file} holds no settings: write them between braces, as name and value.");
        var faults = new List<string>();
        var missing = new List<string>();
        Look(document.RootElement, typeof(GatewaySettings), "", faults, missing);
        if (missing.Count > 0) faults.Add($"missing: {string.Join(", ", missing.Select(Quoted))}");
        if (faults.Count > 0) throw new SettingsException($"The settings file {file} can't be used: {string.Join("; ", faults)}.");
        return document.RootElement.Deserialize<GatewaySettings>(Form)!;
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file), Document);
        }
        catch (JsonException e)
        {
            throw new SettingsException(
                $"The settings file {file} is not in JSON: the error is at line {e.LineNumber + 1}, or before it. Mostly a comma or a quotation mark is missing or too many.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"The settings file {file} can't be read: {e.Message}");
        }
    }

    private static void Look(JsonElement values, Type type, string prefix, List<string> faults, List<string> missing)
    {
        var settings = Form.GetTypeInfo(type).Properties.Where(setting => setting.Set is not null).ToList();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var meant = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in values.EnumerateObject())
        {
            var setting = settings.FirstOrDefault(setting => setting.Name.Equals(value.Name, StringComparison.OrdinalIgnoreCase));
            if (!seen.Add(value.Name)) faults.Add($"{Quoted(prefix + value.Name)} is there twice");
            else if (setting is not null) LookAt(value.Value, setting, prefix, faults, missing);
            else if (NearestName.Of(value.Name, settings.Select(setting => setting.Name)) is { } nearest)
            {
                meant.Add(nearest);
                faults.Add($"there is no setting {Quoted(prefix + value.Name)}, did you mean {Quoted(prefix + nearest)}?");
            }
            else faults.Add($"there is no setting {Quoted(prefix + value.Name)}");
        }
        // Of one that is mistyped it is said already.
        foreach (var setting in settings)
            if (setting.IsRequired && !seen.Contains(setting.Name) && !meant.Contains(setting.Name)) missing.Add(prefix + setting.Name);
    }

    private static void LookAt(JsonElement value, JsonPropertyInfo setting, string prefix, List<string> faults, List<string> missing)
    {
        var name = prefix + setting.Name;
        if (value.ValueKind == JsonValueKind.Null && setting.IsSetNullable) return;
        if (IsGroup(setting.PropertyType) && value.ValueKind == JsonValueKind.Object) Look(value, setting.PropertyType, name + ".", faults, missing);
        else if (setting.PropertyType == typeof(IReadOnlyDictionary<string, LogLevel>) && value.ValueKind == JsonValueKind.Object) LookAtEach<LogLevel>(value, name, faults);
        else if (!CanBe(value, setting.PropertyType)) faults.Add($"{Quoted(name)} must be {Wanted(setting.PropertyType)}");
    }

    private static void LookAtEach<T>(JsonElement values, string name, List<string> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values.EnumerateObject())
        {
            if (!seen.Add(value.Name)) faults.Add($"{Quoted($"{name}.{value.Name}")} is there twice");
            else if (!CanBe(value.Value, typeof(T))) faults.Add($"{Quoted($"{name}.{value.Name}")} must be {Wanted(typeof(T))}");
        }
    }

    private static bool CanBe(JsonElement value, Type type)
    {
        if (type == typeof(string)) return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 };
        if (value.ValueKind == JsonValueKind.Null) return false;
        try
        {
            return value.Deserialize(type, Form) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether its settings have names of their own.</summary>
    private static bool IsGroup(Type type) => type.IsClass && type != typeof(string);

    private static string Wanted(Type type) =>
        type == typeof(string) ? "a text between quotation marks, and not empty"
        : type == typeof(int) ? "a whole number"
        : type == typeof(TimeSpan) ? "a time of the form \"hh:mm:ss\""
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(name => Quoted(JsonNamingPolicy.KebabCaseLower.ConvertName(name))))}"
        : "an object: names and values between braces";

    private static string Quoted(string name) => $"\"{(name.Length <= LongestName ? name : name[..LongestName] + "…")}\"";
}
