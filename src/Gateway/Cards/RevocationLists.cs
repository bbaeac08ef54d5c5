using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// The revocation lists of the card authorities, from a folder that somebody else keeps filled (authorities publish a list a day).
/// Of each authority the newest good list ever seen counts: a file that is broken, half written or older than what we have changes
/// nothing but the log. The lists are swapped in whole, through one field.
/// </summary>
public sealed partial class RevocationLists : IDisposable
{
    /// <summary>How often the folder is looked at.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    /// <summary>Largest list that is read; about 3 million entries.</summary>
    public const int MaxFileLength = 128 << 20;

    // A list from the future means that our clock is behind, and a clock that is behind can't say that a list is current.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly TrustAnchors _anchors;
    private readonly ImmutableArray<CardAuthority> _cardIssuers;
    private readonly ILogger<RevocationLists> _logger;
    private readonly Lock _reloading = new();
    private readonly ITimer _poll;
    private string _seen = "";
    private volatile RevocationList[] _lists = [];

    /// <summary>Reads the folder, and looks at it again each <see cref="PollInterval"/> until disposed.</summary>
    public RevocationLists(string folder, TrustAnchors anchors, TimeProvider clock, ILogger<RevocationLists> logger)
    {
        _folder = folder;
        _anchors = anchors;
        _cardIssuers = [.. anchors.CardIssuers];
        _logger = logger;
        Reload();
        _poll = clock.CreateTimer(_ => Poll(), null, PollInterval, PollInterval);
    }

    /// <summary>Whether a list, current or not, says that the card's certificate is revoked. Allocates nothing.</summary>
    public bool IsRevoked(CardFacts card) => IsRevoked(card.Anchor, card.Serial);

    /// <summary>Whether a list, current or not, says that a certificate is revoked.</summary>
    /// <param name="anchor">SHA-256 of the certificate of the authority that issued it.</param>
    /// <param name="serial">Its serial number, big-endian.</param>
    public bool IsRevoked(ReadOnlySpan<byte> anchor, ReadOnlySpan<byte> serial) =>
        ListOf(anchor) is { } list && CertificateSerial.TryRead(serial, out var number) && list.Contains(number);

    /// <summary>Whether the list that would name this card is there and not past its date. Allocates nothing.</summary>
    public bool IsCurrent(CardFacts card, DateTimeOffset now) => IsCurrent(ListOf(card.Anchor), now);

    /// <summary>Whether each authority that issues cards has a list that is not past its date.</summary>
    public bool IsCurrent(DateTimeOffset now)
    {
        foreach (var authority in _cardIssuers)
            if (!IsCurrent(ListOf(authority.Fingerprint.AsSpan()), now)) return false;
        return true;
    }

    /// <summary>The authorities that issue cards, each with the time by which its list must be renewed; null where there is no good list of it.</summary>
    public IEnumerable<(string Authority, DateTimeOffset? NextUpdate)> Standing =>
        _cardIssuers.Select(authority => (authority.Certificate.Subject, ListOf(authority.Fingerprint.AsSpan())?.NextUpdate));

    /// <summary>Reads the folder now, whether it changed or not.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            try
            {
                // Taken before the files are read: a change while they are is seen at the next look.
                _seen = LookOfFolder();
                ReadFolder();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnusableFolder(e.Message);
            }
        }
    }

    public void Dispose() => _poll.Dispose();

    private static bool IsCurrent(RevocationList? list, DateTimeOffset now) =>
        list is not null && now < list.NextUpdate && list.ThisUpdate <= now + ClockSkew;

    private RevocationList? ListOf(ReadOnlySpan<byte> anchor)
    {
        foreach (var list in _lists)
            if (list.Authority.Fingerprint.AsSpan().SequenceEqual(anchor)) return list;
        return null;
    }

    private void Poll()
    {
        // A reload that takes longer than the interval is under way: the next look will see what it missed.
        if (!_reloading.TryEnter()) return;
        try
        {
            if (LookOfFolder() != _seen) Reload();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnusableFolder(e.Message);
        }
        finally
        {
            _reloading.Exit();
        }
    }

    private void ReadFolder()
    {
        var newest = _lists.ToDictionary(list => list.Authority);
        foreach (var path in Files())
        {
            if (TryRead(path) is not { } list) continue;
            if (!newest.TryGetValue(list.Authority, out var known) || known.ThisUpdate <= list.ThisUpdate) newest[list.Authority] = list;
            else LogOlderList(Path.GetFileName(path));
        }
        _lists = [.. newest.Values];
    }

    private RevocationList? TryRead(string path)
    {
        try
        {
            return RevocationList.Read(ReadDer(path), _anchors);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            LogUnusableFile(Path.GetFileName(path), e.Message);
            return null;
        }
    }

    // Authorities publish DER; tools write PEM.
    private static byte[] ReadDer(string path)
    {
        if (new FileInfo(path).Length > MaxFileLength) throw new InvalidDataException($"It is larger than {MaxFileLength} bytes.");
        var bytes = File.ReadAllBytes(path);
        if (!PemEncoding.TryFindUtf8(bytes, out var pem)) return bytes;
        var text = bytes.AsSpan();
        var der = new byte[pem.DecodedDataLength];
        return text[pem.Label].SequenceEqual("X509 CRL"u8) && Base64.DecodeFromUtf8(text[pem.Base64Data], der, out _, out var length) == OperationStatus.Done && length == der.Length
            ? der
            : throw new InvalidDataException("It is PEM of something else than a revocation list (X509 CRL).");
    }

    private IEnumerable<string> Files() =>
        Directory.EnumerateFiles(_folder).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal);

    private string LookOfFolder()
    {
        var look = new StringBuilder();
        foreach (var file in Files().Select(path => new FileInfo(path)))
            if (file.Exists) look.Append(file.Name).Append('|').Append(file.Length).Append('|').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        return look.ToString();
    }
}
