using System.Text.Json;

namespace EligibilityGateway.Rules.DatedData;

/// <summary>
/// Data files that are part of the program, each in the folder of the type that it is read for. The one place where rules meet System.IO:
/// the compiler refuses any other.
/// </summary>
internal static class EmbeddedFile
{
    /// <summary>What a file holds.</summary>
    /// <param name="beside">A type of the folder in which the file lies.</param>
    /// <param name="name">The file's name, without the folder.</param>
    /// <param name="form">How its JSON is read.</param>
    /// <exception cref="InvalidOperationException">There is no such file, or it is empty.</exception>
    public static T Read<T>(Type beside, string name, JsonSerializerOptions form)
    {
#pragma warning disable RS0030 // This is the one place.
        using var file = beside.Assembly.GetManifestResourceStream($"{beside.Namespace}.{name}") ?? throw new InvalidOperationException($"{name} is not in the program.");
        return JsonSerializer.Deserialize<T>(file, form) ?? throw new InvalidOperationException($"{name} holds nothing.");
#pragma warning restore RS0030
    }

    /// <summary>Names of all JSON files of the folder in which the type lies.</summary>
    public static IEnumerable<string> NamesBeside(Type beside)
    {
        var folder = $"{beside.Namespace}.";
        return beside.Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal))
            .Select(name => name[folder.Length..]);
    }
}
