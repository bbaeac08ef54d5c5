using System.Collections.Frozen;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>One revocation list (CRL, RFC 5280, 5), its signature verified. Immutable.</summary>
internal sealed class RevocationList
{
    private readonly FrozenSet<CertificateSerial> _revoked;

    private RevocationList(CardAuthority authority, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate, FrozenSet<CertificateSerial> revoked)
    {
        Authority = authority;
        ThisUpdate = thisUpdate;
        NextUpdate = nextUpdate;
        _revoked = revoked;
    }

    /// <summary>Whose list it is.</summary>
    public CardAuthority Authority { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset ThisUpdate { get; }

    /// <summary>When the next one is due at the latest.</summary>
    public DateTimeOffset NextUpdate { get; }

    /// <summary>How many certificates are on it.</summary>
    public int Count => _revoked.Count;

    /// <summary>Whether it is on the list, for whatever reason: a hold is never released in this field.</summary>
    public bool Contains(CertificateSerial serial) => _revoked.Contains(serial);

    /// <summary>Reads a list in DER.</summary>
    /// <exception cref="InvalidDataException">It can't be used; the message says why and what to do.</exception>
    public static RevocationList Read(byte[] der, TrustAnchors anchors)
    {
        if (!SignedStructure.TryRead(der, out var structure)) throw new InvalidDataException("It is no revocation list. Fetch it again.");
        try
        {
            return Read(CertificateList.GetInstance(Asn1Object.FromByteArray(der)), structure, anchors);
        }
        catch (Exception e) when (e is not InvalidDataException)
        {
            // The parser is lazy and tells of malformed input by exceptions of many types; whichever it is, the list is of no use.
            throw new InvalidDataException("It is no revocation list. Fetch it again.", e);
        }
    }

    private static RevocationList Read(CertificateList list, SignedStructure structure, TrustAnchors anchors)
    {
        if (!list.SignatureAlgorithm.Equals(list.TbsCertList.Signature))
            throw new InvalidDataException("It names two different signature algorithms. Fetch it again.");
        if (anchors.SignerOf(structure, list.Issuer.GetDerEncoded()) is not { } authority || !authority.MaySignRevocationLists)
            throw new InvalidDataException("None of the configured authorities signed it. Add its authority's certificate, or take the list away.");
        if (list.NextUpdate is not { } nextUpdate)
            throw new InvalidDataException("It does not say when the next one is due. Use a list that does.");
        RefusePartialList(list.TbsCertList.Extensions);
        return new RevocationList(authority, Moment(list.ThisUpdate), Moment(nextUpdate), Serials(list));
    }

    // A list that covers only a part (changes since another, some reasons, some certificates, other authorities') must not pass for
    // the whole: a revoked card that stands on another part would be good.
    private static void RefusePartialList(X509Extensions? extensions)
    {
        if (extensions is null) return;
        foreach (var oid in extensions.GetCriticalExtensionOids())
        {
            if (oid.Equals(X509Extensions.IssuingDistributionPoint) && CoversAllCards(IssuingDistributionPoint.GetInstance(extensions.GetExtensionParsedValue(oid)))) continue;
            throw new InvalidDataException(
                oid.Equals(X509Extensions.IssuingDistributionPoint) || oid.Equals(X509Extensions.DeltaCrlIndicator)
                    ? "It covers only a part of the cards. Use the authority's complete list."
                    : $"It has a critical extension that is not understood ({oid}). Use the authority's complete list.");
        }
    }

    private static bool CoversAllCards(IssuingDistributionPoint scope) =>
        scope.DistributionPoint is null && scope.OnlySomeReasons is null
        && !scope.IsIndirectCrl && !scope.OnlyContainsAttributeCerts && !scope.OnlyContainsCACerts;

    private static FrozenSet<CertificateSerial> Serials(CertificateList list)
    {
        var serials = new HashSet<CertificateSerial>();
        foreach (var entry in list.GetRevokedCertificateEnumeration())
        {
            if (!CertificateSerial.TryRead(entry.UserCertificate.Value.ToByteArrayUnsigned(), out var serial))
                throw new InvalidDataException("It holds a serial number that can't be one. Fetch it again.");
            serials.Add(serial);
        }
        return serials.ToFrozenSet();
    }

    private static DateTimeOffset Moment(Time time) => time.ToDateTime().ToUniversalTime();
}
