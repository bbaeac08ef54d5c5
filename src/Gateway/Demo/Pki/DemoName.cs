using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Gateway.Demo.Pki;

/// <summary>The names of the demo's certification authorities, all of which bear one mark.</summary>
internal static class DemoName
{
    /// <summary>The organisational unit in each of the demo's authorities' names, and so in the issuer of all that they issue.</summary>
    public const string Mark = "Eligibility Gateway demo - not for use";

    private const string OrganizationalUnit = "2.5.4.11";

    /// <summary>An authority's name. Test cards of the field have O=JPKI-TEST.</summary>
    public static X500DistinguishedName Authority(string commonName, string organisation)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        name.AddOrganizationalUnitName(Mark);
        name.AddOrganizationName(organisation);
        name.AddCountryOrRegion("JP");
        return name.Build();
    }

    /// <summary>Whether a name bears the mark.</summary>
    public static bool IsMarked(X500DistinguishedName name)
    {
        foreach (var part in name.EnumerateRelativeDistinguishedNames())
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == OrganizationalUnit && part.GetSingleElementValue() == Mark) return true;
        return false;
    }
}
