using System.Buffers;
using System.Text;
using System.Text.Json;

namespace EligibilityGateway.Gateway.Lists.Accesses;

/// <summary>Writes a list of accesses: a line each, in CSV behind a header (RFC 4180, line feeds) or as JSON objects.</summary>
internal static class AccessList
{
    public static async Task WriteCsvAsync(IAsyncEnumerable<RecordedAccess> accesses, TextWriter output, CancellationToken cancellation)
    {
        await output.WriteAsync($"{AccessColumns.Header}\n".AsMemory(), cancellation);
        await foreach (var access in accesses.WithCancellation(cancellation))
            await output.WriteAsync($"{string.Join(',', AccessColumns.Of(access).Select(cell => cell.InCsv))}\n".AsMemory(), cancellation);
        await output.FlushAsync(cancellation);
    }

    /// <summary>What is not there is left out. All that is not ASCII is escaped, so that no character stays unseen.</summary>
    public static async Task WriteJsonAsync(IAsyncEnumerable<RecordedAccess> accesses, TextWriter output, CancellationToken cancellation)
    {
        var line = new ArrayBufferWriter<byte>(1 << 10);
        await using var json = new Utf8JsonWriter(line);
        await foreach (var access in accesses.WithCancellation(cancellation))
        {
            line.ResetWrittenCount();
            json.Reset();
            Write(json, access);
            await output.WriteAsync($"{Encoding.UTF8.GetString(line.WrittenSpan)}\n".AsMemory(), cancellation);
        }
        await output.FlushAsync(cancellation);
    }

    private static void Write(Utf8JsonWriter json, RecordedAccess access)
    {
        json.WriteStartObject();
        foreach (var cell in AccessColumns.Of(access))
        {
            if (cell.Number is { } number) json.WriteNumber(cell.Column, number);
            else if (cell.IsSo is { } isSo) json.WriteBoolean(cell.Column, isSo);
            else if (cell.Text is { Length: > 0 } text) json.WriteString(cell.Column, text);
        }
        json.WriteEndObject();
        json.Flush();
    }
}
