using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Startup;

namespace EligibilityGateway.Demo.Pki;

/// <summary>The names of the demo's certification authorities, all of which bear one mark.</summary>
internal static class DemoName
{
    /// <summary>An authority's name. Test cards of the field have O=JPKI-TEST.</summary>
    public static X500DistinguishedName Authority(string commonName, string organisation)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        name.AddOrganizationalUnitName(DemoMark.Text);
        name.AddOrganizationName(organisation);
        name.AddCountryOrRegion("JP");
        return name.Build();
    }
}
