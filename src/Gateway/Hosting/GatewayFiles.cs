using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Startup;

namespace EligibilityGateway.Gateway.Hosting;

/// <summary>What a gateway reads from files, once, before it serves.</summary>
/// <param name="Keys">Its secret keys.</param>
/// <param name="Server">Its certificate, at all its endpoints.</param>
/// <param name="TerminalAuthorities">Who may issue terminals' certificates.</param>
/// <param name="InsurerAuthorities">Who may issue insurers' certificates; none where they have no endpoint here.</param>
/// <param name="CardAuthorities">Who may issue cards' certificates.</param>
internal sealed record GatewayFiles(
    GatewayKeys Keys, ServerCertificate Server, X509Certificate2Collection TerminalAuthorities, X509Certificate2Collection InsurerAuthorities, TrustAnchors CardAuthorities)
{
    /// <summary>All of them but the cards' authorities, which go by the domain's clock; each with the setting that leads to it.</summary>
    public IReadOnlyList<(string Setting, X509Certificate2 Certificate)> Certificates() =>
    [
        .. Server.Chain.Select(one => ("certificate", one)),
        .. TerminalAuthorities.Select(one => ("terminalAuthorities", one)),
        .. InsurerAuthorities.Select(one => ("insurerFeed.authorities", one)),
    ];
}
