using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Contracts;

/// <summary>
/// Whose changes an insurer's client may hand in, as its certificate names them in subject alternative names (URI), one for each number:
/// <c>urn:eligibility-gateway:insurer:NUMBER</c>, for example <c>urn:eligibility-gateway:insurer:06139992</c>.
/// </summary>
public static class InsurerIdentity
{
    private const string Prefix = "urn:eligibility-gateway:insurer:";

    /// <summary>How such a name is written, and by which rules.</summary>
    public const string Form = Prefix + "NUMBER, each an insurer number of 8 digits, or 6 for municipal national health insurance, written without padding";

    /// <summary>In ascending order, each once; empty where the certificate names none, or one that is no insurer number.</summary>
    public static IReadOnlyList<InsurerNumber> FromCertificate(X509Certificate2 certificate)
    {
        var found = new SortedDictionary<string, InsurerNumber>(StringComparer.Ordinal);
        foreach (var uri in ClientCertificate.UrisOf(certificate, Prefix))
        {
            // Written as the number is kept, and not otherwise.
            if (!InsurerNumber.TryParse(uri[Prefix.Length..], out var number) || ToUri(number) != uri) return [];
            found[uri] = number;
        }
        return [.. found.Values];
    }

    /// <summary>The URI form that goes into a certificate.</summary>
    public static string ToUri(InsurerNumber number) => Prefix + number;
}
