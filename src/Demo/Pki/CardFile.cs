using System.Text.Json;

namespace EligibilityGateway.Demo.Pki;

/// <summary>
/// A software card as a file, which the reader agent's simulated chip reads. Property names are part of the format.
/// </summary>
/// <param name="Pin">The PIN of the user-authentication key, 4 digits.</param>
/// <param name="Token">What the chip says it is: <see cref="Plastic"/> or <see cref="Phone"/>.</param>
/// <param name="Certificate">User-authentication certificate, DER; null where the holder did not ask for one.</param>
/// <param name="PrivateKey">Its key, PKCS#8 DER; null likewise.</param>
public sealed record CardFile(string Pin, string Token, byte[]? Certificate, byte[]? PrivateKey)
{
    /// <summary>The token of a plastic card.</summary>
    public const string Plastic = "JPKIAPICCTOKEN";

    /// <summary>The token of a phone's secure element.</summary>
    public const string Phone = "JPKIAPGPSETOKEN";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The card in a file; null where there is none or it can't be read.</summary>
    public static CardFile? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<CardFile>(File.ReadAllBytes(path), Format) is { Pin: not null, Token: not null } card ? card : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the file, readable by its owner alone: it holds a key.</summary>
    public void Write(string path) => DemoFiles.WriteSecret(path, JsonSerializer.SerializeToUtf8Bytes(this, Format));
}
