using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// The certification authorities whose cards count: the roots and the authorities below them, from a folder of PEM files. An issuer
/// is found by its signature, since several generations of the JPKI root share one name. Immutable: a new authority takes a restart.
/// </summary>
public sealed class TrustAnchors
{
    /// <summary>Largest file that is read.</summary>
    public const int MaxFileLength = 1 << 20;

    private const int MinKeyBits = 2048;

    private readonly ImmutableArray<CardAuthority> _authorities;

    private TrustAnchors(ImmutableArray<CardAuthority> authorities) => _authorities = authorities;

    /// <summary>The authorities' certificates.</summary>
    public IEnumerable<X509Certificate2> Certificates => _authorities.Select(authority => authority.Certificate);

    /// <summary>Whether an authority with this certificate, named by its SHA-256, is one of these.</summary>
    public bool Contains(ReadOnlySpan<byte> anchor)
    {
        foreach (var authority in _authorities)
            if (authority.Fingerprint.AsSpan().SequenceEqual(anchor)) return true;
        return false;
    }

    /// <summary>Those that certify no other authority here: the ones that cards come from, and that must publish revocation lists.</summary>
    internal IEnumerable<CardAuthority> CardIssuers => _authorities.Where(authority => _authorities.All(other => other.Issuer != authority));

    /// <summary>Reads every file of the folder (but hidden ones), each with one or more certificates in PEM.</summary>
    /// <exception cref="SettingsException">There is no such folder, or a file in it can't be used: says which and what to do.</exception>
    public static TrustAnchors Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new SettingsException($"There is no folder {folder}. Make it and put the card authorities' certificates (PEM) into it.");
        var found = new List<(string File, X509Certificate2 Certificate)>();
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            {
                var file = Path.GetFileName(path);
                if (file.StartsWith('.')) continue;
                foreach (var certificate in ReadFile(path, file))
                    if (found.TrueForAll(other => !other.Certificate.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
                        found.Add((file, certificate));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The folder {folder} can't be read: {e.Message} Let the gateway's user read it.");
        }
        if (found.Count == 0)
            throw new SettingsException($"The folder {folder} holds no certificate. Put the card authorities' certificates (PEM) into it.");
        return new TrustAnchors(Link(found));
    }

    /// <summary>The authority that bears this name (encoded) and signed this structure; null where none did.</summary>
    internal CardAuthority? SignerOf(SignedStructure structure, ReadOnlySpan<byte> issuerName)
    {
        foreach (var authority in _authorities)
            if (authority.Signed(structure, issuerName)) return authority;
        return null;
    }

    private static List<X509Certificate2> ReadFile(string path, string file)
    {
        if (new FileInfo(path).Length > MaxFileLength) throw new SettingsException($"{file} is larger than {MaxFileLength} bytes: that is no list of authorities.");
        var text = File.ReadAllText(path).AsSpan();
        var certificates = new List<X509Certificate2>();
        while (PemEncoding.TryFind(text, out var pem))
        {
            var label = text[pem.Label];
            if (label.Contains("PRIVATE KEY", StringComparison.Ordinal))
                throw new SettingsException($"{file} holds a private key. Take it away from the gateway: only certificates belong here.");
            if (label is not "CERTIFICATE")
                throw new SettingsException($"{file} holds a {label}. Only certificates belong here.");
            certificates.Add(ReadAuthority(Convert.FromBase64String(text[pem.Base64Data].ToString()), file));
            text = text[pem.Location.End..];
        }
        if (certificates.Count == 0)
            throw new SettingsException($"{file} holds no certificate in PEM. Convert it (openssl x509 -inform DER -in {file} -out {file}.pem) or take it out.");
        return certificates;
    }

    private static X509Certificate2 ReadAuthority(byte[] der, string file)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            throw new SettingsException($"{file} holds a certificate that can't be read. Fetch it again from the authority.");
        }
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (constraints is not { CertificateAuthority: true } || (usage is not null && (usage.KeyUsages & X509KeyUsageFlags.KeyCertSign) == 0))
            throw new SettingsException($"{file} holds the certificate of {certificate.Subject}, which is no authority. Take it out.");
        using var key = certificate.GetRSAPublicKey();
        if (key is null || key.KeySize < MinKeyBits)
            throw new SettingsException($"{file} holds the authority {certificate.Subject}, whose key is not RSA of at least {MinKeyBits} bits. Take it out.");
        return certificate;
    }

    // Roots first, then whoever one of those already linked has signed, and so on: authorities that certify only each other lead to no root.
    private static ImmutableArray<CardAuthority> Link(List<(string File, X509Certificate2 Certificate)> found)
    {
        var linked = ImmutableArray.CreateBuilder<CardAuthority>();
        var waiting = new List<(string File, X509Certificate2 Certificate)>();
        foreach (var (file, certificate) in found)
        {
            var candidate = new CardAuthority(certificate, issuer: null);
            if (candidate.Signed(Structure(certificate, file), certificate.IssuerName.RawData)) linked.Add(candidate);
            else waiting.Add((file, certificate));
        }
        while (waiting.Count > 0)
        {
            var placed = waiting.RemoveAll(one =>
            {
                var issuer = linked.FirstOrDefault(authority => authority.Signed(Structure(one.Certificate, one.File), one.Certificate.IssuerName.RawData));
                if (issuer is not null) linked.Add(new CardAuthority(one.Certificate, issuer));
                return issuer is not null;
            });
            if (placed == 0)
                throw new SettingsException($"{waiting[0].File} holds the authority {waiting[0].Certificate.Subject}, and no certificate here has signed it. Add its issuer's ({waiting[0].Certificate.Issuer}).");
        }
        return linked.ToImmutable();
    }

    private static SignedStructure Structure(X509Certificate2 certificate, string file) =>
        SignedStructure.TryRead(certificate.RawDataMemory, out var structure)
            ? structure
            : throw new SettingsException($"{file} holds a certificate that can't be read. Fetch it again from the authority.");
}
