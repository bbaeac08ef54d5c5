using System.Text.Json;
using System.Text.Json.Serialization;

namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>A software card as it lies in a folder: <c>{"pin":"1234","token":"JPKIAPICCTOKEN","certificate":"…","privateKey":"…"}</c>.</summary>
/// <param name="Pin">4 digits.</param>
/// <param name="Token">What file 0006 says.</param>
/// <param name="Certificate">DER in base64; null where the holder asked for none.</param>
/// <param name="PrivateKey">PKCS#8 in base64; null where there is no certificate.</param>
internal sealed record CardFile(string Pin, string Token, byte[]? Certificate, byte[]? PrivateKey)
{
    /// <summary>The card that the file describes; a certificate or key of no bytes is none.</summary>
    /// <exception cref="JsonException">Not a card file.</exception>
    public static CardFile Parse(ReadOnlySpan<byte> json)
    {
        var file = JsonSerializer.Deserialize(json, CardFileJson.Default.CardFile);
        if (file is not { Pin.Length: JpkiFiles.PinLength, Token: JpkiFiles.PhysicalCardToken or JpkiFiles.SmartphoneToken })
            throw new JsonException("A card file has a pin of 4 digits and one of the two tokens.");
        return file with { Certificate = NoneWhereEmpty(file.Certificate), PrivateKey = NoneWhereEmpty(file.PrivateKey) };
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, CardFileJson.Default.CardFile);

    private static byte[]? NoneWhereEmpty(byte[]? bytes) => bytes is { Length: > 0 } ? bytes : null;
}

// Metadata alone: the generated writer makes "" of a null byte[] (dotnet/runtime#129833).
[JsonSerializable(typeof(CardFile))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class CardFileJson : JsonSerializerContext;
