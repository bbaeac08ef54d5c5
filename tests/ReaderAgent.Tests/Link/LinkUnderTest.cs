using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Spool;
using EligibilityGateway.ReaderAgent.Tests.Peer;

namespace EligibilityGateway.ReaderAgent.Tests.Link;

/// <summary>A link with its certificate and spool, as the program puts them together.</summary>
internal sealed class LinkUnderTest : IAsyncDisposable
{
    // The transport keeps the machine's clock: a machine busy with other tests must not look like a gateway out of reach.
    private static readonly TimeSpan PatientConnect = TimeSpan.FromSeconds(30);

    private readonly TerminalCertificate _certificate;
    private readonly StringWriter _diagnostics = new();

    public LinkUnderTest(PeerPki pki, TemporaryFolder folder, TimeProvider clock, params Uri[] gateways)
        : this(pki, folder, clock, new LinkSettings { Gateways = gateways, ConnectDeadline = PatientConnect })
    {
    }

    public LinkUnderTest(PeerPki pki, TemporaryFolder folder, TimeProvider clock, LinkSettings settings)
    {
        pki.WriteTerminal(folder);
        _certificate = TerminalCertificate.Load(folder["terminal.crt.pem"], folder["terminal.key.pem"], folder["trust.pem"]);
        Spool = EventSpool.Open(folder["spool"], settings.MostWaiting, Reports.Add);
        Clock = new GatewayClock(clock);
        Link = new GatewayLink(
            settings, new GatewayTransport(_certificate, settings), _certificate.Identity, Spool, Clock, new Random(1), new Diagnostics(_diagnostics));
    }

    /// <summary>By which it makes and judges event ids.</summary>
    public GatewayClock Clock { get; }

    public GatewayLink Link { get; }

    public EventSpool Spool { get; }

    public List<string> Reports { get; } = [];

    public string Diagnostics => _diagnostics.ToString();

    public async ValueTask DisposeAsync()
    {
        await Link.DisposeAsync();
        Spool.Dispose();
        _certificate.Dispose();
    }
}
