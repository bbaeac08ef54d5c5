using System.Diagnostics;
using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Figures;
using EligibilityGateway.LoadTests.Plan;
using EligibilityGateway.LoadTests.Stand;
using Google.Protobuf;

namespace EligibilityGateway.LoadTests.PeakHour;

/// <summary>
/// The scenario: a plan's taps as requests, each card's signature made beforehand, so that signing does not eat the machine while it
/// is measured. Challenges are made here with the gateway's key, and event ids bear their intended times.
/// </summary>
/// <param name="plan">The taps.</param>
/// <param name="terminals">Who the plan's terminals are.</param>
/// <param name="cards">At least as many as the plan needs.</param>
/// <param name="documents">At least as many as the plan needs.</param>
/// <param name="challengeKeys">The gateway's.</param>
/// <param name="clock">The gateway's.</param>
public sealed class TapRequests(
    TapPlan plan,
    IReadOnlyList<TerminalIdentity> terminals,
    IReadOnlyList<StandCard> cards,
    IReadOnlyList<StandDocument> documents,
    KeyRing challengeKeys,
    TimeProvider clock)
{
    private const int SignedToEstimate = 200;

    /// <summary>A signature takes most of a millisecond: so many are ten seconds or so.</summary>
    private const int ToldEvery = 20_000;

    /// <summary>Opening of the streams and the rest of the start.</summary>
    private static readonly TimeSpan StartAllowance = TimeSpan.FromSeconds(20);

    /// <summary>The planned beginning of the run, in the gateway's time; set by <see cref="Make"/>.</summary>
    public DateTimeOffset Begin { get; private set; }

    /// <summary>
    /// From when the run may begin: events and challenges bear times from <see cref="Begin"/> on, and the gateway takes those of a clock
    /// that is ahead of its own by the skew at most.
    /// </summary>
    public DateTimeOffset EarliestBegin => Begin - Challenges.ClockSkew / 2;

    /// <summary>By when the run must have begun, so that its last challenge still lives at its end.</summary>
    public DateTimeOffset LatestBegin => Begin + Challenges.DefaultLifetime - plan.Shape.WarmUp - plan.Shape.Measured - Challenges.ClockSkew;

    /// <summary>Makes all requests, in the plan's order.</summary>
    public PlannedRequest[] Make(CancellationToken cancellation)
    {
        Begin = clock.GetUtcNow() + EstimateSigning() + StartAllowance;
        var challenges = new Challenges(challengeKeys, new StandingClock(Begin));
        var challengeOf = terminals.Select(terminal => ByteString.CopyFrom(challenges.Issue(terminal.Institution, terminal.Name))).ToArray();
        var requests = new PlannedRequest[plan.Taps.Count];
        var made = 0;
        Parallel.For(0, requests.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            requests[i] = Request(plan.Taps[i], challengeOf);
            if (Interlocked.Increment(ref made) is var soFar && soFar % ToldEvery == 0) Progress.Tell($"signed {soFar:N0} of {requests.Length:N0} taps");
        });
        return requests;
    }

    private PlannedRequest Request(PlannedTap tap, ByteString[] challengeOf)
    {
        var terminal = terminals[tap.Terminal];
        var eventId = EventId.New(new StandingClock(Begin + tap.At));
        var lookUp = new LookUp
        {
            EventId = eventId.ToString(),
            Purpose = terminal.Role is TerminalRole.Pharmacy ? Purpose.Dispensing : Purpose.Care,
        };
        if (tap.Subject.IsCard) lookUp.Card = Tap(cards[tap.Subject.Index], terminal, lookUp.Purpose, eventId, challengeOf[tap.Terminal]);
        else lookUp.Document = Typed(documents[tap.Subject.Index]);
        return new PlannedRequest(tap.At, tap.Terminal, lookUp.EventId, new TerminalMessage { LookUp = lookUp }.ToByteArray(), tap.Measured);
    }

    private static CardPresented Tap(StandCard card, TerminalIdentity terminal, Purpose purpose, EventId eventId, ByteString challenge)
    {
        var digest = new byte[SHA256.HashSizeInBytes];
        CardProofInput.Digest(terminal.Institution, terminal.Name, purpose, eventId, challenge.Span, digest);
        return new CardPresented
        {
            Certificate = UnsafeByteOperations.UnsafeWrap(card.Issued.Certificate),
            Challenge = challenge,
            Signature = ByteString.CopyFrom(Sign(card, digest)),
            Proof = Proof.Pin,
        };
    }

    internal static DocumentTyped Typed(StandDocument document) => new()
    {
        Kind = DocumentKind.EligibilityCertificate,
        InsurerNumber = document.InsurerNumber,
        Symbol = document.Symbol,
        Number = document.Number,
        Branch = document.Branch ?? "",
        BirthDate = JapanTime.Format(document.BirthDate),
    };

    private static byte[] Sign(StandCard card, byte[] digest)
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(card.Issued.PrivateKey, out _);
        return key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private TimeSpan EstimateSigning()
    {
        var toSign = plan.Taps.Count(tap => tap.Subject.IsCard);
        var sample = Math.Min(SignedToEstimate, cards.Count);
        if (sample == 0) return TimeSpan.Zero;
        var begin = Stopwatch.GetTimestamp();
        Parallel.For(0, sample, i => Sign(cards[i], new byte[SHA256.HashSizeInBytes]));
        return Stopwatch.GetElapsedTime(begin) * ((double)toSign / sample);
    }

    /// <summary>A clock that stands at one moment: challenges and event ids are made for times to come.</summary>
    private sealed class StandingClock(DateTimeOffset moment) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => moment;
    }
}
