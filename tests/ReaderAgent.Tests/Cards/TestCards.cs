using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.ReaderAgent.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Cards;

/// <summary>Software cards with real keys and certificates; two keys are made once and shared.</summary>
internal static class TestCards
{
    public const string Pin = "1234";

    private static readonly Lazy<CardFile> LazyFirst = new(() => Make("CN=0000000A"));
    private static readonly Lazy<CardFile> LazySecond = new(() => Make("CN=0000000B"));

    public static CardFile First => LazyFirst.Value;

    public static CardFile Second => LazySecond.Value;

    public static CardFile Smartphone => First with { Token = JpkiFiles.SmartphoneToken };

    public static CardFile WithoutCertificate { get; } = new(Pin, JpkiFiles.PhysicalCardToken, null, null);

    public static SoftwareCard Card(this CardFile file) => new(file.Pin, file.Token, file.Certificate, file.PrivateKey);

    public static void Lay(this CardFile file, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name + ".json"), file.ToJson());
    }

    private static CardFile Make(string subject)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return new CardFile(Pin, JpkiFiles.PhysicalCardToken, certificate.RawData, key.ExportPkcs8PrivateKey());
    }
}
