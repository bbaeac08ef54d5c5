using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>A terminal's desk in a test: its connection over real mutual TLS, and what it asks.</summary>
public sealed class TestDesk : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel;
    private readonly TestTerminal _terminal;

    /// <param name="gateway">Where it connects.</param>
    /// <param name="terminal">Which it is.</param>
    /// <param name="trust">The authority of the gateway's certificate; the town's where it is not said.</param>
    public TestDesk(Uri gateway, TestTerminal terminal, string? trust = null)
    {
        _terminal = terminal;
        var handler = HandlerFor(terminal.Certificate, trust);
        Http = new HttpClient(HandlerFor(terminal.Certificate, trust)) { BaseAddress = gateway };
        _channel = GrpcChannel.ForAddress(gateway, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        Eligibility = new Contracts.V1.Eligibility.EligibilityClient(_channel);
        Terminals = new Contracts.V1.Terminals.TerminalsClient(_channel);
        Charges = new Contracts.V1.Charges.ChargesClient(_channel);
    }

    /// <summary>For JSON.</summary>
    public HttpClient Http { get; }

    public Contracts.V1.Eligibility.EligibilityClient Eligibility { get; }

    public Contracts.V1.Terminals.TerminalsClient Terminals { get; }

    public Contracts.V1.Charges.ChargesClient Charges { get; }

    public GrpcChannel Channel => _channel;

    /// <summary>Trusts the town's gateways, or those of another authority, and shows them this certificate, or none.</summary>
    public static SocketsHttpHandler HandlerFor(X509Certificate2? certificate, string? trust = null)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                ClientCertificates = certificate is null ? [] : [certificate],
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            },
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(trust ?? TestTown.TrustPath);
        return handler;
    }

    public static EventId NewEvent() => EventId.New(TimeProvider.System);

    public async Task<byte[]> ChallengeAsync() => (await Eligibility.GetChallengeAsync(new GetChallengeRequest(), deadline: DateTime.UtcNow + Deadline)).Value.ToByteArray();

    /// <summary>A tap after the PIN, as the card's signature makes it.</summary>
    public LookUp Tap(TestCard card, byte[] challenge, Purpose purpose = Purpose.Care, EventId? id = null)
    {
        var eventId = id ?? NewEvent();
        var digest = new byte[SHA256.HashSizeInBytes];
        CardProofInput.Digest(_terminal.Identity.Institution, _terminal.Identity.Name, purpose, eventId, challenge, digest);
        return new LookUp
        {
            EventId = eventId.ToString(),
            Purpose = purpose,
            Card = new CardPresented
            {
                Certificate = ByteString.CopyFrom(card.Certificate),
                Challenge = ByteString.CopyFrom(challenge),
                Signature = ByteString.CopyFrom(card.Key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
                Proof = Proof.Pin,
            },
        };
    }

    /// <summary>A tap whose holder's face was compared.</summary>
    public static LookUp Claim(TestCard card, Proof proof, Purpose purpose = Purpose.Care) => new()
    {
        EventId = NewEvent().ToString(),
        Purpose = purpose,
        Card = new CardPresented { Certificate = ByteString.CopyFrom(card.Certificate), Proof = proof },
    };

    /// <summary>The person's numbers, typed.</summary>
    public static LookUp Typed(TestPerson person, DocumentKind kind = DocumentKind.EligibilityCertificate, DateOnly? birthDate = null) => new()
    {
        EventId = NewEvent().ToString(),
        Purpose = Purpose.Care,
        Document = new DocumentTyped
        {
            Kind = kind,
            InsurerNumber = person.Insurer.ToString(),
            Symbol = person.Numbers.Symbol,
            Number = person.Numbers.Number,
            Branch = person.Numbers.Branch ?? "",
            BirthDate = JapanTime.Format(birthDate ?? person.BirthDate),
        },
    };

    public async Task<LookUpResult> AskAsync(LookUp lookUp) => await Eligibility.LookUpPersonAsync(lookUp, deadline: DateTime.UtcNow + Deadline);

    /// <summary>A tap by PIN with a fresh challenge.</summary>
    public async Task<LookUpResult> TapAsync(TestCard card, Purpose purpose = Purpose.Care) => await AskAsync(Tap(card, await ChallengeAsync(), purpose));

    /// <summary>The error that the call ends in.</summary>
    public async Task<RpcException> FailAsync(LookUp lookUp) => await Assert.ThrowsAsync<RpcException>(() => AskAsync(lookUp));

    public void Dispose()
    {
        Http.Dispose();
        _channel.Dispose();
    }
}
