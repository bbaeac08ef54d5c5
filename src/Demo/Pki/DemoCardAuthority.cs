using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Demo.Pki;

/// <summary>
/// The demo's authority for cards: a root and the user-authentication authority below it, both RSA-2048, with the revocation list.
/// Cards' dates are given by the caller; the authorities' own are fixed and wide, so that the demo may play on any day.
/// </summary>
public sealed class DemoCardAuthority : IDisposable
{
    /// <summary>How long a revocation list is current where nothing else is asked: as in the field, where it is a daily file.</summary>
    public static readonly TimeSpan ListLife = TimeSpan.FromDays(1);

    private const string Organisation = "JPKI-TEST";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int KeyBits = 2048;

    private static readonly DateTimeOffset NotBefore = new(2010, 1, 1, 0, 0, 0, JapanTime.Offset);
    private static readonly DateTimeOffset NotAfter = new(2049, 12, 31, 0, 0, 0, JapanTime.Offset);

    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _issuer;
    private readonly X509AuthorityKeyIdentifierExtension _issuerKeyId;

    private DemoCardAuthority(X509Certificate2 root, X509Certificate2 issuer, string folder)
    {
        _root = root;
        _issuer = issuer;
        _issuerKeyId = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false);
        AnchorsFolder = AnchorsIn(folder);
        RevocationListsFolder = Path.Combine(folder, "revocation-lists");
        CardsFolder = Path.Combine(folder, "cards");
    }

    /// <summary>The certificates that a gateway trusts for cards, as <see cref="TrustAnchors.Load"/> reads them.</summary>
    public string AnchorsFolder { get; }

    /// <summary>Where the revocation list is, as <see cref="RevocationLists"/> reads it.</summary>
    public string RevocationListsFolder { get; }

    /// <summary>Where the software cards are, one JSON file each.</summary>
    public string CardsFolder { get; }

    /// <summary>SHA-256 of the certificate of the authority that issues the cards.</summary>
    public byte[] Anchor => _issuer.GetCertHash(HashAlgorithmName.SHA256);

    /// <summary>The authority in that folder; made where it is missing or unusable.</summary>
    internal static DemoCardAuthority Open(string folder)
    {
        var rootFiles = new PemPair(Path.Combine(AnchorsIn(folder), "card-root.crt.pem"), Path.Combine(folder, "card-root.key.pem"));
        var root = rootFiles.Read();
        if (root is null)
        {
            using var key = RSA.Create(KeyBits);
            root = AuthorityRequest(key, "Demo card root", pathLength: 1).CreateSelfSigned(NotBefore, NotAfter);
            rootFiles.Write(root, key);
        }

        var issuerFiles = new PemPair(Path.Combine(AnchorsIn(folder), "user-authentication-authority.crt.pem"), Path.Combine(folder, "user-authentication-authority.key.pem"));
        var issuer = issuerFiles.Read();
        if (issuer is null || !WasIssuedBy(root, issuer))
        {
            issuer?.Dispose();
            using var key = RSA.Create(KeyBits);
            var request = AuthorityRequest(key, "Demo user authentication authority", pathLength: 0);
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
            using var certificate = request.Create(root, NotBefore, NotAfter, SerialNumbers.New());
            issuer = certificate.CopyWithPrivateKey(key);
            issuerFiles.Write(issuer, key);
        }
        return new DemoCardAuthority(root, issuer, folder);
    }

    /// <summary>A new card with a key of its own.</summary>
    public IssuedCard Issue(DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = RSA.Create(KeyBits);
        return new IssuedCard(Certify(key, notBefore, notAfter), key.ExportPkcs8PrivateKey());
    }

    /// <summary>
    /// The software card of that name, from its file where that holds a card of ours with these dates, PIN and token; else a new one,
    /// written there.
    /// </summary>
    public CardFile EnsureCard(string name, DateTimeOffset notBefore, DateTimeOffset notAfter, string pin = "1234", string token = CardFile.Plastic)
    {
        var path = CardPath(name);
        if (CardFile.Read(path) is { Certificate: { } der, PrivateKey: { } key } present && present.Pin == pin && present.Token == token
            && IsCardOfOurs(der, key, notBefore, notAfter)) return present;
        var card = Issue(notBefore, notAfter);
        var file = new CardFile(pin, token, card.Certificate, card.PrivateKey);
        file.Write(path);
        return file;
    }

    /// <summary>The software card of that name whose holder did not ask for a certificate.</summary>
    public CardFile EnsureCardWithoutCertificate(string name, string pin = "1234")
    {
        var file = new CardFile(pin, CardFile.Plastic, Certificate: null, PrivateKey: null);
        file.Write(CardPath(name));
        return file;
    }

    /// <summary>The file of the software card of that name.</summary>
    public string CardPath(string name) => Path.Combine(CardsFolder, name + ".json");

    /// <summary>Signs a revocation list and puts it where the gateway reads it.</summary>
    /// <param name="serials">Serial numbers of the revoked cards' certificates, big-endian.</param>
    /// <param name="thisUpdate">When the list is made.</param>
    /// <param name="nextUpdate">When the next one is due.</param>
    public void PublishRevocationList(IEnumerable<byte[]> serials, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var serial in serials) builder.AddEntry(serial, thisUpdate, X509RevocationReason.CessationOfOperation);
        var list = builder.Build(_issuer, thisUpdate.ToUnixTimeMilliseconds(), nextUpdate, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, thisUpdate);
        var pem = PemEncoding.WriteString("X509 CRL", list) + "\n";
        DemoFiles.WritePublic(Path.Combine(RevocationListsFolder, "user-authentication-authority.crl.pem"), Encoding.ASCII.GetBytes(pem));
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _root.Dispose();
    }

    /// <summary>A card's certificate for this public key, in DER. Thread-safe.</summary>
    internal byte[] Certify(RSA publicKey, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var serial = SerialNumbers.New();
        // No name and no address: an opaque common name, as in the field.
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(Convert.ToHexString(serial));
        subject.AddCountryOrRegion("JP");
        var request = new CertificateRequest(subject.Build(), publicKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(_issuerKeyId);
        // An object of its own for each call: RSA objects are not for several threads at once.
        using var issuerKey = _issuer.GetRSAPrivateKey()!;
        using var certificate = request.Create(_issuer.SubjectName, X509SignatureGenerator.CreateForRSA(issuerKey, RSASignaturePadding.Pkcs1), notBefore, notAfter, serial);
        return certificate.RawData;
    }

    private static string AnchorsIn(string folder) => Path.Combine(folder, "card-authorities");

    private static CertificateRequest AuthorityRequest(RSA key, string commonName, int pathLength)
    {
        var request = new CertificateRequest(DemoName.Authority(commonName, Organisation), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static bool WasIssuedBy(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var key = authority.GetRSAPublicKey()!;
        return SignedStructure.TryRead(certificate.RawDataMemory, out var structure) && structure.IsSignedBy(key);
    }

    private bool IsCardOfOurs(byte[] der, byte[] privateKey, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            using var publicKey = certificate.GetRSAPublicKey();
            using var key = RSA.Create();
            key.ImportPkcs8PrivateKey(privateKey, out _);
            return WasIssuedBy(_issuer, certificate)
                && certificate.NotBefore.ToUniversalTime() == WholeSeconds(notBefore) && certificate.NotAfter.ToUniversalTime() == WholeSeconds(notAfter)
                && publicKey is not null && key.ExportParameters(false).Modulus.AsSpan().SequenceEqual(publicKey.ExportParameters(false).Modulus);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    // Certificates know whole seconds only.
    private static DateTime WholeSeconds(DateTimeOffset moment) => DateTimeOffset.FromUnixTimeSeconds(moment.ToUnixTimeSeconds()).UtcDateTime;
}
