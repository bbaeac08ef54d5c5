using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Tests.Cards;

namespace EligibilityGateway.Gateway.Tests.Demo.Pki;

public sealed class BulkCardsTests : IDisposable
{
    private static readonly DateTimeOffset From = new(2024, 4, 1, 0, 0, 0, JapanTime.Offset);
    private static readonly DateTimeOffset Until = new(2029, 3, 31, 23, 59, 59, JapanTime.Offset);

    private readonly TemporaryFolder _folder = new();
    private readonly DemoPki _pki;

    public BulkCardsTests() => _pki = DemoPki.Open(_folder["pki"], TimeProvider.System);

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_card_passes_inspection_holds_its_key_and_is_another()
    {
        var anchors = TrustAnchors.Load(_pki.Cards.AnchorsFolder);
        var keys = new HashSet<Guid>();

        var cards = Ensure(10).Read().ToList();

        Assert.Equal(10, cards.Count);
        foreach (var card in cards)
        {
            var passed = Assert.IsType<CertificateInspection.Passed>(CertificateInspection.Of(card.Certificate, anchors));
            Assert.True(keys.Add(passed.Facts.CardKey));
            using var key = RSA.Create();
            key.ImportPkcs8PrivateKey(card.PrivateKey, out _);
            Assert.Equal(passed.Facts.Modulus, key.ExportParameters(false).Modulus);
        }
        Assert.Equal(10, cards.Select(card => Convert.ToHexString(card.PrivateKey)).Distinct().Count());
    }

    [Fact]
    public void Cards_are_kept_and_more_are_appended()
    {
        var first = Certificates(Ensure(3));

        Assert.Equal(first, Certificates(Ensure(2)));
        var more = Certificates(Ensure(5));
        Assert.Equal(first, more.Take(3));
        Assert.Equal(5, more.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(1_500)]
    public void A_card_that_was_written_in_part_is_made_anew(int missingBytes)
    {
        var first = Certificates(Ensure(3));
        using (var file = File.OpenWrite(_folder["bulk/bulk-cards.bin"])) file.SetLength(file.Length - missingBytes);

        var mended = Certificates(Ensure(3));

        Assert.Equal(first.Take(2), mended.Take(2));
        Assert.Equal(3, mended.Distinct().Count());
    }

    [Fact]
    public void Other_dates_or_another_authority_make_all_anew()
    {
        var first = Certificates(Ensure(2));

        var later = Certificates(BulkCards.Ensure(_folder["bulk"], _pki.Cards, 2, From, Until.AddDays(1)));
        Assert.Empty(first.Intersect(later));
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromHexString(later[0]));
        Assert.Equal(Until.AddDays(1).UtcDateTime, certificate.NotAfter.ToUniversalTime());

        using var other = DemoPki.Open(_folder["other"], TimeProvider.System);
        var others = BulkCards.Ensure(_folder["bulk"], other.Cards, 2, From, Until);
        Assert.IsType<CertificateInspection.Passed>(CertificateInspection.Of(others.Read().First().Certificate, TrustAnchors.Load(other.Cards.AnchorsFolder)));
    }

    [Fact]
    public void A_file_of_something_else_is_replaced()
    {
        Directory.CreateDirectory(_folder["bulk"]);
        File.WriteAllText(_folder["bulk/bulk-cards.bin"], new string('x', 500));

        Assert.Equal(2, Ensure(2).Read().Count());
    }

    private BulkCards Ensure(int count) => BulkCards.Ensure(_folder["bulk"], _pki.Cards, count, From, Until);

    private static List<string> Certificates(BulkCards cards) => [.. cards.Read().Select(card => Convert.ToHexString(card.Certificate))];
}
