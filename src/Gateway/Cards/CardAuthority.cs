using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Rules.Cards;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>A certification authority that the operator trusts for cards, itself or through a trusted root.</summary>
internal sealed class CardAuthority
{
    public CardAuthority(X509Certificate2 certificate, CardAuthority? issuer)
    {
        Certificate = certificate;
        Issuer = issuer;
        Fingerprint = ImmutableArray.Create(certificate.GetCertHash(HashAlgorithmName.SHA256));
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>Who certified it; null for a root.</summary>
    public CardAuthority? Issuer { get; }

    /// <summary>SHA-256 of its certificate.</summary>
    public ImmutableArray<byte> Fingerprint { get; }

    /// <summary>Whether its certificate lets it sign revocation lists.</summary>
    public bool MaySignRevocationLists =>
        Certificate.Extensions.OfType<X509KeyUsageExtension>().All(usage => (usage.KeyUsages & X509KeyUsageFlags.CrlSign) != 0);

    /// <summary>Whether this authority bears that name (encoded) and signed that structure.</summary>
    public bool Signed(SignedStructure structure, ReadOnlySpan<byte> issuerName)
    {
        if (!issuerName.SequenceEqual(Certificate.SubjectName.RawData)) return false;
        using var key = Certificate.GetRSAPublicKey();
        return key is not null && structure.IsSignedBy(key);
    }

    /// <summary>
    /// Whether X.509's rules hold along the way from this certificate through us to the root (path lengths, uses, critical
    /// extensions). Dates are not judged here (<see cref="CardStanding"/> does), nor revocation (<see cref="RevocationLists"/>);
    /// nothing is fetched from anywhere.
    /// </summary>
    public bool ChainHolds(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        // Only the one way that the signatures lead: a name alone can't send the builder to another generation.
        var authority = this;
        for (; authority.Issuer is not null; authority = authority.Issuer) chain.ChainPolicy.ExtraStore.Add(authority.Certificate);
        chain.ChainPolicy.CustomTrustStore.Add(authority.Certificate);
        try
        {
            return chain.Build(certificate);
        }
        finally
        {
            foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        }
    }
}
