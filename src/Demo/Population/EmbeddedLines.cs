using System.Text;

namespace EligibilityGateway.Demo.Population;

/// <summary>Tab-parted lines of a text that lies in the assembly beside this room.</summary>
internal static class EmbeddedLines
{
    public static IReadOnlyList<string[]> Read(string name)
    {
        var type = typeof(EmbeddedLines);
        using var stream = type.Assembly.GetManifestResourceStream($"{type.Namespace}.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }
}
