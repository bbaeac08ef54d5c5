using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EligibilityGateway.Gateway.Tests.Silence;

/// <summary>What no log may hold, in each form that a program might write it in, and the search for it.</summary>
internal sealed partial class Unspoken
{
    /// <summary>So much text does not come about by chance, whatever stands around it.</summary>
    private const int LongEnough = 12;

    private readonly List<(string What, string Form)> _forms = [];

    /// <summary>A text: as it is, as JSON and URLs escape it, and its UTF-8 in hex and Base64.</summary>
    public Unspoken Text(string what, string text)
    {
        Add(what, text);
        Add(what, JsonEncodedText.Encode(text).ToString());
        Add(what, Uri.EscapeDataString(text));
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length >= LongEnough) Bytes(what, bytes);
        return this;
    }

    public Unspoken Day(string what, DateOnly day)
    {
        foreach (var form in (string[])["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd", "MM/dd/yyyy", "dd.MM.yyyy", "yyyy年M月d日"])
            Add(what, day.ToString(form, CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Binary data: any sixteen bytes at its beginning, middle or end, in hex, Base64 (wherever it is cut) or as a number.</summary>
    public Unspoken Bytes(string what, byte[] bytes)
    {
        const int Piece = 16;
        var length = Math.Min(Piece, bytes.Length);
        foreach (var start in (int[])[0, (bytes.Length - length) / 2, bytes.Length - length])
        {
            Add(what, Convert.ToHexString(bytes.AsSpan(start, length)));
            for (var shift = 0; shift < 3 && shift + 9 < length; shift++)
            {
                var whole = (length - shift) / 3 * 3;
                Add(what, Convert.ToBase64String(bytes, start + shift, whole));
                Add(what, Base64Url.EncodeToString(bytes.AsSpan(start + shift, whole)));
            }
        }
        if (bytes.Length <= 32) Add(what, new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture));
        return this;
    }

    public Unspoken Key(string what, Guid key) => Bytes(what, key.ToByteArray(bigEndian: true)).Bytes(what, key.ToByteArray());

    /// <summary>What of it the text holds, with the line; empty where it is silent.</summary>
    public IReadOnlyList<string> FoundIn(string channel, string text)
    {
        var found = new List<string>();
        var folded = Folded(text);
        foreach (var (what, form) in _forms)
        {
            var bare = Folded(form);
            if (text.Contains(form, StringComparison.OrdinalIgnoreCase) || (bare.Length >= LongEnough && folded.Contains(bare, StringComparison.OrdinalIgnoreCase)))
                found.Add($"{channel}: {what} as {form}: {LineOf(text, form)}");
        }
        if (LikeMyNumber().Match(text.Normalize(NormalizationForm.FormKC)) is { Success: true } number) found.Add($"{channel}: 12 digits: {number.Value}");
        return found;
    }

    private static string LineOf(string text, string form) =>
        text.Split('\n').FirstOrDefault(line => line.Contains(form, StringComparison.OrdinalIgnoreCase)) ?? "over several lines";

    /// <summary>Full width and half width alike, without what is put between digits and at the ends of lines.</summary>
    private static string Folded(string text) => Between().Replace(text.Normalize(NormalizationForm.FormKC), "");

    private void Add(string what, string form) => _forms.Add((what, form));

    [GeneratedRegex(@"[\s:-]")]
    private static partial Regex Between();

    // Alone or in groups of four, but not as a part of a UUID, of a time or of an id.
    [GeneratedRegex(@"(?<![\w.:-])\d{4}[ -]?\d{4}[ -]?\d{4}(?![\w-])")]
    private static partial Regex LikeMyNumber();
}
