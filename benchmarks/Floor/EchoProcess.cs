using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Processes;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>The echo server as a process of its own, with an authority of its own for its terminals.</summary>
internal sealed class EchoProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    private readonly GuardedProcess _process;
    private readonly TerminalAuthority _authority;
    private readonly X509Certificate2 _server;
    private readonly DirectoryInfo _folder;

    private EchoProcess(GuardedProcess process, TerminalAuthority authority, X509Certificate2 server, DirectoryInfo folder)
    {
        _process = process;
        _authority = authority;
        _server = server;
        _folder = folder;
        Address = new Uri($"https://127.0.0.1:{process.ReadyLine[EchoServer.ReadyLine.Length..]}");
    }

    public Uri Address { get; }

    public ProcessUsage Usage => _process.Usage;

    public static async Task<EchoProcess> StartAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("eligibility-floor-");
        TerminalAuthority? authority = null;
        X509Certificate2? server = null;
        try
        {
            authority = TerminalAuthority.Open(folder.FullName, TimeProvider.System);
            var (certificate, key) = authority.GatewayFiles();
            server = X509Certificate2.CreateFromPemFile(certificate, key);
            var process = await GuardedProcess.StartAsync(
                "The echo server",
                [.. OwnProgram.Command, EchoServerCommand.Name, "--certificate", certificate, "--key", key, "--authority", authority.CertificatePath],
                EchoServer.ReadyLine,
                StartDeadline,
                cancellation);
            return new EchoProcess(process, authority, server, folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            authority?.Dispose();
            server?.Dispose();
            throw;
        }
    }

    public TerminalCredentials[] IssueTerminals(IEnumerable<TerminalIdentity> identities) =>
        [.. identities.Select(identity => new TerminalCredentials(_authority.IssueTerminal(identity), _server))];

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
        _authority.Dispose();
        _server.Dispose();
    }
}
