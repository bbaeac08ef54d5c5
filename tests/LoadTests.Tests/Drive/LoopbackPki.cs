using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.LoadTests.Drive;

namespace EligibilityGateway.LoadTests.Tests.Drive;

/// <summary>A server's certificate and a terminal's, from an authority of their own.</summary>
internal sealed class LoopbackPki : IDisposable
{
    private readonly TerminalAuthority _authority;

    public LoopbackPki()
    {
        var folder = Directory.CreateTempSubdirectory("eligibility-load-tests-");
        _authority = TerminalAuthority.Open(folder.FullName, TimeProvider.System);
        var (certificate, key) = _authority.GatewayFiles();
        Server = X509Certificate2.CreateFromPemFile(certificate, key);
        folder.Delete(recursive: true);
        Terminal = new TerminalCredentials(
            _authority.IssueTerminal(new TerminalIdentity(InstitutionCode.Parse("1319990014"), TerminalRole.Reception, "desk-1", ProofClaims.None)), Server);
    }

    public X509Certificate2 Server { get; }

    public TerminalCredentials Terminal { get; }

    public void Dispose()
    {
        Terminal.Client.Dispose();
        Server.Dispose();
        _authority.Dispose();
    }
}
