using System.Diagnostics;
using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Facts;
using Google.Protobuf;
using Npgsql;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>
/// What a gateway does before it says that it serves, so that the first patients of a Monday do not wait for it: its connections are
/// open, its statements prepared, and its code has run. Look-ups are played of a terminal that nobody registered, of people that are
/// nowhere: their records stand on versions that are never the present ones, so that the whole way is gone and nothing is recorded.
/// </summary>
public sealed partial class WarmUp(
    StorePools pools,
    StoreHealth health,
    StoreReader reader,
    Findings findings,
    RedisFindings redis,
    EligibilityLookUps lookUps,
    Challenges challenges,
    TrustAnchors anchors,
    WarmUpOptions options,
    TimeProvider clock,
    ILogger<WarmUp> logger)
{
    /// <summary>Ours are compiled well when they first run; those of the framework, which come compiled, once they have run 30 times.</summary>
    private const int Rounds = 60;

    private const int AtOnce = 4;

    /// <summary>Never the version of anything.</summary>
    private const long NoVersion = -1;

    // Any institution and any person: neither is recorded.
    private static readonly TerminalIdentity Identity = new(InstitutionCode.Parse("0110113719"), TerminalRole.Reception, "warm-up", ProofClaims.None);
    private static readonly DateOnly BirthDate = new(1960, 5, 1);
    private static readonly DateOnly LongAgo = new(2015, 4, 1);

    // Between them they have something of each kind, and lack what an answer then explains.
    private static readonly PersonSnapshot[] People =
    [
        PersonBorn(BirthDate) with { Limits = [new LimitFact(1, "01", "A03", LongAgo, null, LongAgo)] },
        PersonBorn(BirthDate) with { SpecificDiseases = [new SpecificDiseaseFact(1, 1, 10_000, LongAgo, null)] },
        PersonBorn(new DateOnly(1940, 5, 1)) with { Burdens = [new BurdenFact(1, 20, LongAgo, null)] },
    ];

    /// <summary>What is not warm in time gets warm with the first patients.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (options.Within == TimeSpan.Zero) return;
        var begun = Stopwatch.GetTimestamp();
        var warming = WarmAsync(cancellation);
        if (!await warming.EndsWithinAsync(options.Within)) warming.Leave();
        else if (warming.IsFaulted) LogCold(logger, StoreFaults.KindOf(warming.Exception!.InnerException!));
        cancellation.ThrowIfCancellationRequested();
        LogWarm(logger, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    private async Task WarmAsync(CancellationToken cancellation)
    {
        await Task.WhenAll(
            OpenAllAsync(pools.Reads, (connection, token) => reader.WarmAsync(connection, token)),
            OpenAllAsync(pools.Admission, NothingAsync),
            OpenAllAsync(pools.Others, NothingAsync),
            health.TryBackAsync());

        using var key = RSA.Create(2048);
        var terminal = new Terminal(Guid.NewGuid(), Identity, NoVersion);
        var certificate = RandomNumberGenerator.GetBytes(1500);
        var card = CardOf(certificate, key);
        var subject = Subject.OfCard(card.CardKey, withClinicalFacts: false);
        var ended = clock.GetTimestamp();
        await Parallel.ForAsync(0, Rounds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (round, _) =>
        {
            if (clock.GetElapsedTime(ended) > options.Within) return;
            // Each with what is in the process, and with what must be read.
            var finding = new Finding(1, 0, card, People[round % People.Length], 0, null, clock.GetUtcNow());
            findings.Remember(subject, redis.Reopen(subject, finding) ?? throw new InvalidOperationException("A finding of the warm-up could not be read back."));
            await PlayAsync(terminal, Tapped(certificate, key, EventId.New(clock)));
            await PlayAsync(terminal, Typed(round, EventId.New(clock)));
        });
    }

    /// <summary>The message comes as bytes and its answer leaves as bytes, as on a stream.</summary>
    private async Task PlayAsync(Terminal terminal, LookUp lookUp)
    {
        var message = TerminalMessage.Parser.ParseFrom(new TerminalMessage { LookUp = lookUp }.ToByteArray());
        if (await lookUps.AnswerAsync(terminal, message.LookUp) is LookUpReply.Recorded)
            throw new InvalidOperationException("A look-up of the warm-up was recorded.");
    }

    /// <summary>As many questions at once as the pool has connections, each on one of its own.</summary>
    private async Task OpenAllAsync(NpgsqlDataSource pool, Func<NpgsqlConnection, CancellationToken, Task> warm)
    {
        var size = new NpgsqlConnectionStringBuilder(pool.ConnectionString).MaxPoolSize;
        var allOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var open = 0;
        await Task.WhenAll(Enumerable.Range(0, size).Select(_ => pool.AskAsync(options.Within, async (connection, token) =>
        {
            if (Interlocked.Increment(ref open) >= size) allOpen.TrySetResult();
            await warm(connection, token);
            await allOpen.Task.WaitAsync(token);
            return true;
        })));
    }

    private static async Task NothingAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var nothing = new NpgsqlCommand("SELECT", connection);
        await nothing.ExecuteNonQueryAsync(cancellation);
    }

    private LookUp Tapped(byte[] certificate, RSA key, EventId id)
    {
        var challenge = challenges.Issue(Identity.Institution, Identity.Name);
        var digest = new byte[SHA256.HashSizeInBytes];
        CardProofInput.Digest(Identity.Institution, Identity.Name, Purpose.Care, id, challenge, digest);
        return new LookUp
        {
            EventId = id.ToString(),
            Purpose = Purpose.Care,
            Card = new CardPresented
            {
                Certificate = ByteString.CopyFrom(certificate),
                Challenge = ByteString.CopyFrom(challenge),
                Signature = ByteString.CopyFrom(key.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
                Proof = Proof.Pin,
            },
            Bill = new PlannedBill { TotalCostYen = 10_000 },
        };
    }

    private static LookUp Typed(int number, EventId id) => new()
    {
        EventId = id.ToString(),
        Purpose = Purpose.Care,
        Document = new DocumentTyped
        {
            Kind = DocumentKind.EligibilityCertificate,
            InsurerNumber = "01130012",
            Symbol = "-",
            Number = number.ToString("00000000", System.Globalization.CultureInfo.InvariantCulture),
            BirthDate = JapanTime.Format(BirthDate),
        },
    };

    private CardFacts CardOf(byte[] certificate, RSA key)
    {
        var now = clock.GetUtcNow();
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new CardFacts(
            CardKey.Of(certificate), NoVersion, NoVersion, SHA256.HashData(certificate), [1], SHA256.HashData(anchors.Certificates.First().RawDataMemory.Span),
            parameters.Modulus!, 65537, now.AddYears(-1), now.AddYears(1), CardCarrier.Plastic, CardStatus.InUse, now.AddYears(-1), Registered: true);
    }

    private static PersonSnapshot PersonBorn(DateOnly day) => new(
        NoVersion, NoVersion, [new PersonDetail(day, "-", "-", "", Rules.Facts.Sex.NotSet, day)],
        [new CoverageFact(1, "01130012", "-", "01", "-", "1", "00", Rules.Facts.Relation.Insured, LongAgo, null)],
        [], [], [], [new EligibilityCertificateFact(1, LongAgo, DateOnly.MaxValue)], []);

    [LoggerMessage(Level = LogLevel.Information, Message = "Warm after {Seconds:0.0} s.")]
    private static partial void LogWarm(ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway could not warm itself ({Kind}); the first look-ups may be slow.")]
    private static partial void LogCold(ILogger logger, string kind);
}
