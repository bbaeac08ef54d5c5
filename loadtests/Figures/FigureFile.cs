using System.Text.Encodings.Web;
using System.Text.Json;

namespace EligibilityGateway.LoadTests.Figures;

/// <summary>Result files: JSON, one measurement each.</summary>
public static class FigureFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web)
    {
        WriteIndented = true,
        // Processor names hold characters that HTML would need escaped; a result file is not HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="MeasurementException">The file holds something else.</exception>
    public static Taken<T> Read<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Taken<T>>(File.ReadAllText(file), Json) ?? throw new MeasurementException($"{file} holds no figures.");
        }
        catch (JsonException e)
        {
            throw new MeasurementException($"{file} holds no figures of this kind: {e.Message}");
        }
    }

    /// <summary>Writes figures taken just now on this machine; to standard output where no file is named.</summary>
    public static void Write<T>(string measurement, T figures, string? file)
    {
        var taken = new Taken<T>(measurement, TimeProvider.System.GetUtcNow(), Machine.This(), figures);
        var text = JsonSerializer.Serialize(taken, Json);
        if (file is null)
        {
            Console.WriteLine(text);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, text + Environment.NewLine);
    }
}
