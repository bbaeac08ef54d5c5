using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Rules.Facts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace EligibilityGateway.Gateway.Tests.Cards;

public sealed class RevocationListsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 10, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Made = Now.AddHours(-1);
    private static readonly DateTimeOffset Due = Now.AddHours(23);
    private static readonly byte[] SerialA = [0x11, 0x22, 0x33];
    private static readonly byte[] SerialB = [0x44, 0x55, 0x66];

    private static readonly TestAuthority Old = TestAuthority.Root();
    private static readonly TestAuthority New = TestAuthority.Root();
    private static readonly TestAuthority Stranger = TestAuthority.Root();
    private static readonly TrustAnchors OldAlone = Load(Old);
    private static readonly TrustAnchors Both = Load(Old, New);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly CapturedLog _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_certificate_on_the_list_is_revoked_and_another_is_not()
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(OldAlone);

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));
        Assert.False(lists.IsRevoked(Old.Fingerprint, SerialB));
        Assert.True(lists.IsRevoked(Card(Old, SerialA)));
        Assert.False(lists.IsRevoked(Card(Old, SerialB)));
        Assert.True(lists.IsCurrent(Now));
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void The_same_serial_number_of_another_generation_of_the_same_name_is_not_revoked()
    {
        Put("old.crl", Old.RevocationList(Made, Due, SerialA));
        Put("new.crl", New.RevocationList(Made, Due, SerialB));
        using var lists = Open(Both);

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));
        Assert.False(lists.IsRevoked(New.Fingerprint, SerialA));
        Assert.True(lists.IsRevoked(New.Fingerprint, SerialB));
        Assert.False(lists.IsRevoked(Stranger.Fingerprint, SerialA));
    }

    [Fact]
    public void PEM_is_read_as_DER_is()
    {
        File.WriteAllText(_folder["a.pem"], PemEncoding.WriteString("X509 CRL", Old.RevocationList(Made, Due, SerialA)));
        using var lists = Open(OldAlone);

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));
    }

    [Fact]
    public void A_list_is_current_until_the_next_is_due()
    {
        Put("a.crl", Old.RevocationList(Made, Due));
        using var lists = Open(OldAlone);

        Assert.True(lists.IsCurrent(Due.AddSeconds(-1)));
        Assert.False(lists.IsCurrent(Due));
        Assert.True(lists.IsCurrent(Card(Old, SerialA), Due.AddSeconds(-1)));
        Assert.False(lists.IsCurrent(Card(Old, SerialA), Due));
    }

    [Fact]
    public void A_list_that_is_past_its_date_still_tells_who_is_revoked()
    {
        Put("a.crl", Old.RevocationList(Now.AddDays(-3), Now.AddDays(-2), SerialA));
        using var lists = Open(OldAlone);

        Assert.False(lists.IsCurrent(Now));
        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));
    }

    [Fact]
    public void A_list_from_the_future_means_a_wrong_clock_and_is_not_current()
    {
        Put("a.crl", Old.RevocationList(Now.AddMinutes(10), Due));
        using var lists = Open(OldAlone);

        Assert.True(lists.IsCurrent(Now));
        Assert.False(lists.IsCurrent(Now.AddSeconds(-1)));
    }

    [Fact]
    public void Without_a_list_nothing_is_current_and_nothing_is_revoked()
    {
        using var lists = Open(OldAlone);

        Assert.False(lists.IsCurrent(Now));
        Assert.False(lists.IsCurrent(Card(Old, SerialA), Now));
        Assert.False(lists.IsRevoked(Old.Fingerprint, SerialA));
    }

    [Fact]
    public void A_missing_folder_is_told_and_nothing_is_current()
    {
        using var lists = new RevocationLists(_folder["nowhere"], OldAlone, _clock, _log);

        Assert.False(lists.IsCurrent(Now));
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void One_authority_without_a_list_makes_the_whole_not_current_but_not_the_cards_of_the_others()
    {
        Put("old.crl", Old.RevocationList(Made, Due));
        using var lists = Open(Both);

        Assert.False(lists.IsCurrent(Now));
        Assert.True(lists.IsCurrent(Card(Old, SerialA), Now));
        Assert.False(lists.IsCurrent(Card(New, SerialA), Now));
    }

    [Fact]
    public void A_root_that_certifies_only_authorities_needs_no_list()
    {
        var below = Old.Subordinate("CN=Below, C=JP");
        Put("below.crl", below.RevocationList(Made, Due, SerialA));
        using var lists = Open(Load(Old, below));

        Assert.True(lists.IsCurrent(Now));
        Assert.True(lists.IsRevoked(below.Fingerprint, SerialA));
    }

    [Fact]
    public void A_serial_number_that_cannot_be_one_is_not_revoked()
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(OldAlone);

        Assert.False(lists.IsRevoked(Old.Fingerprint, []));
        Assert.False(lists.IsRevoked(Old.Fingerprint, new byte[21]));
        Assert.True(lists.IsRevoked(Old.Fingerprint, [0, .. SerialA]));
    }

    [Fact]
    public void Of_two_lists_of_one_authority_the_newer_counts_whatever_its_file_is_called()
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialB));
        Put("b.crl", Old.RevocationList(Made.AddDays(-1), Due.AddDays(-1), SerialA));
        using var lists = Open(OldAlone);

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialB));
        Assert.False(lists.IsRevoked(Old.Fingerprint, SerialA));
    }

    [Fact]
    public void A_new_list_is_seen_at_the_next_look()
    {
        using var lists = Open(OldAlone);
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        Assert.False(lists.IsRevoked(Old.Fingerprint, SerialA));

        _clock.Advance(RevocationLists.PollInterval);

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));
    }

    [Fact]
    public void A_list_that_replaces_another_in_the_same_file_is_seen_at_the_next_look()
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(OldAlone);
        Put("a.crl", Old.RevocationList(Made.AddMinutes(30), Due, SerialA, SerialB));

        _clock.Advance(RevocationLists.PollInterval);

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialB));
    }

    [Fact]
    public void A_list_made_at_the_same_moment_as_the_last_replaces_it()
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(OldAlone);
        Put("a.crl", Old.RevocationList(Made, Due, SerialA, SerialB));

        lists.Reload();

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialB));
    }

    [Fact]
    public void After_disposal_nobody_looks_any_more()
    {
        var lists = Open(OldAlone);
        lists.Dispose();
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));

        _clock.Advance(RevocationLists.PollInterval * 3);

        Assert.False(lists.IsRevoked(Old.Fingerprint, SerialA));
    }

    public static TheoryData<string, byte[]> UnusableLists
    {
        get
        {
            var good = Old.RevocationList(Made, Due, SerialB);
            var forged = (byte[])good.Clone();
            forged[^1] ^= 1;
            return new()
            {
                { "empty", [] },
                { "text", "not a list"u8.ToArray() },
                { "half written", good[..(good.Length / 2)] },
                { "one byte short", good[..^1] },
                { "one byte more", [.. good, 0] },
                { "forged", forged },
                { "of a stranger with the same name", Stranger.RevocationList(Made, Due, SerialB) },
                { "a certificate", Old.Certificate.RawData },
                { "PEM of a certificate", System.Text.Encoding.ASCII.GetBytes(Old.Pem) },
                { "PEM that is cut", System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", good)[..200]) },
                { "PEM of rubbish", System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", [1, 2, 3])) },
                { "older", Old.RevocationList(Made.AddDays(-1), Due, SerialB) },
            };
        }
    }

    [Theory, MemberData(nameof(UnusableLists))]
    public void A_list_that_is_of_no_use_keeps_the_last_good_one_and_is_told_by_its_file(string what, byte[] content)
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(OldAlone);

        Put("a.crl", content);
        lists.Reload();

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA), what);
        Assert.False(lists.IsRevoked(Old.Fingerprint, SerialB), what);
        Assert.True(lists.IsCurrent(Now), what);
        Assert.Contains("a.crl", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_no_use_does_not_keep_the_good_ones_beside_it_from_counting()
    {
        Put("a.crl", "rubbish"u8.ToArray());
        Put("b.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(OldAlone);

        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void A_file_or_folder_that_vanishes_keeps_the_last_good_list()
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(OldAlone);

        File.Delete(_folder["a.crl"]);
        _clock.Advance(RevocationLists.PollInterval);
        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));

        Directory.Delete(_folder.Path);
        _clock.Advance(RevocationLists.PollInterval);
        Directory.CreateDirectory(_folder.Path);
        Assert.True(lists.IsRevoked(Old.Fingerprint, SerialA));
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void A_broken_file_is_told_once_and_not_at_each_look()
    {
        Put("a.crl", "rubbish"u8.ToArray());
        using var lists = Open(OldAlone);

        _clock.Advance(RevocationLists.PollInterval * 5);

        Assert.Single(_log.Warnings);
    }

    [Theory]
    // A distribution point's part of the certificates; authorities' certificates alone; other authorities' too (indirect); some reasons.
    [InlineData("2.5.29.28", "3012A010A00E860C6C6461703A2F2F706172742F")]
    [InlineData("2.5.29.28", "30038201FF")]
    [InlineData("2.5.29.28", "30038401FF")]
    [InlineData("2.5.29.28", "300483020640")]
    // Changes since another list.
    [InlineData("2.5.29.27", "020101")]
    // What nobody knows.
    [InlineData("1.2.3.4", "0500")]
    public void A_list_that_covers_only_a_part_does_not_pass_for_the_whole(string oid, string value)
    {
        Put("a.crl", WithCriticalExtension(oid, value));
        using var lists = Open(OldAlone);

        Assert.False(lists.IsCurrent(Now));
        Assert.Contains("complete list", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_all_cards_that_leaves_out_authorities_counts()
    {
        Put("a.crl", WithCriticalExtension("2.5.29.28", "30038101FF"));
        using var lists = Open(OldAlone);

        Assert.True(lists.IsCurrent(Now));
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void An_authority_that_may_not_sign_lists_has_none()
    {
        var below = Old.Subordinate("CN=Certificates alone, C=JP", uses: X509KeyUsageFlags.KeyCertSign);
        Put("a.crl", below.RevocationList(Made, Due, SerialA));
        using var lists = Open(Load(Old, below));

        Assert.False(lists.IsRevoked(below.Fingerprint, SerialA));
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        Put("a.crl", Old.RevocationList(Made, Due, SerialA));
        using var lists = Open(Both);
        var card = Card(Old, SerialA);
        Ask();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask()
        {
            for (var n = 0; n < 100; n++)
            {
                lists.IsRevoked(card);
                lists.IsCurrent(card, Now);
            }
        }
    }

    private RevocationLists Open(TrustAnchors anchors) => new(_folder.Path, anchors, _clock, _log);

    private void Put(string file, byte[] content) => File.WriteAllBytes(_folder[file], content);

    /// <summary>A list with one more extension, signed anew by hand: .NET's builder makes only complete lists.</summary>
    private static byte[] WithCriticalExtension(string oid, string value)
    {
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(X509Name.GetInstance(Asn1Object.FromByteArray(Old.Certificate.SubjectName.RawData)));
        generator.SetThisUpdate(Made.UtcDateTime);
        generator.SetNextUpdate(Due.UtcDateTime);
        generator.AddExtension(new DerObjectIdentifier(oid), critical: true, Asn1Object.FromByteArray(Convert.FromHexString(value)));
        using var key = Old.Certificate.GetRSAPrivateKey()!;
        var keys = DotNetUtilities.GetRsaKeyPair(key);
        return generator.Generate(new Asn1SignatureFactory("SHA256WITHRSA", keys.Private)).GetEncoded();
    }

    private static CardFacts Card(TestAuthority authority, byte[] serial) => new(
        Guid.Empty, 1, 1, new byte[32], serial, authority.Fingerprint, new byte[256], 65537, Made, Due, CardCarrier.Plastic, CardStatus.InUse, Made, true);

    private static TrustAnchors Load(params TestAuthority[] authorities)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["authorities.pem"], string.Concat(authorities.Select(authority => authority.Pem)));
        return TrustAnchors.Load(folder.Path);
    }

    private sealed class CapturedLog : ILogger<RevocationLists>
    {
        private readonly List<string> _warnings = [];

        public IReadOnlyList<string> Warnings => _warnings;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal(LogLevel.Warning, logLevel);
            _warnings.Add(formatter(state, exception));
        }
    }
}
