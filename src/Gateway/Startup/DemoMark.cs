using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// The mark that all certification authorities of demonstrations and load tests bear, whose keys anybody can make: by it a gateway in
/// production refuses them and what they issued.
/// </summary>
internal static class DemoMark
{
    /// <summary>The organisational unit in each of the authorities' names, and so in the issuer of all that they issue.</summary>
    public const string Text = "Eligibility Gateway demo - not for use";

    private const string OrganizationalUnit = "2.5.4.11";

    /// <summary>Whether a certificate is of such an authority or issued by one.</summary>
    public static bool IsOn(X509Certificate2 certificate) => IsOn(certificate.SubjectName) || IsOn(certificate.IssuerName);

    private static bool IsOn(X500DistinguishedName name)
    {
        foreach (var part in name.EnumerateRelativeDistinguishedNames())
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == OrganizationalUnit && part.GetSingleElementValue() == Text) return true;
        return false;
    }
}
