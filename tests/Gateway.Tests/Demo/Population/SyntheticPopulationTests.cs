using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Population;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Tests.Demo.Population;

public sealed class SyntheticPopulationTests
{
    private const int People = 20_000;

    private static readonly SyntheticPopulation Population = new(seed: 42, People);
    private static readonly Lazy<List<SyntheticPerson>> Lazily = new(() => [.. Population.Persons(1, People)]);

    private static List<SyntheticPerson> All => Lazily.Value;

    [Fact]
    public void Ids_are_dense_from_one() => Assert.Equal(Enumerable.Range(1, People).Select(n => (long)n), All.Select(person => person.Index));

    [Fact]
    public void A_person_made_alone_is_the_same()
    {
        foreach (var index in (long[])[1, 31, 32, 33, 777, 12_345, People])
            Assert.Equivalent(All[(int)index - 1], new SyntheticPopulation(42, People).Person(index), strict: true);
    }

    [Fact]
    public void More_people_leave_the_first_as_they_are() =>
        Assert.Equivalent(All[499], new SyntheticPopulation(42, 10 * People).Person(500), strict: true);

    [Fact]
    public void Another_seed_gives_others() =>
        Assert.NotEqual(All[0].Identity with { }, new SyntheticPopulation(43, People).Person(1).Identity);

    [Fact]
    public void Ages_are_roughly_Japans()
    {
        AssertShare(0.11, 0.025, person => Age(person) < 15);
        AssertShare(0.60, 0.03, person => Age(person) is >= 15 and < 65);
        AssertShare(0.12, 0.025, person => Age(person) is >= 65 and < 75);
        AssertShare(0.17, 0.025, person => Age(person) >= 75);
    }

    [Fact]
    public void Cards_registrations_and_foreign_residents_come_in_their_shares()
    {
        AssertShare(0.79, 0.015, person => person.Card is not null);
        Assert.InRange(All.Count(person => person.Card is { State.Registered: true }) / (double)All.Count(person => person.Card is not null), 0.845, 0.875);
        AssertShare(0.03, 0.007, person => char.IsAsciiLetterUpper(person.Identity.Name[0]));
        AssertShare(0.045, 0.02, person => person.Coverages.Count > 1);
    }

    [Fact]
    public void Check_digits_of_all_insurers_are_right_and_each_has_its_own_number()
    {
        Assert.All(SyntheticPopulation.Insurers, insurer => Assert.True(insurer.Number.CheckDigitFits));
        Assert.Equal(SyntheticPopulation.Insurers.Count, SyntheticPopulation.Insurers.Select(insurer => insurer.Number).Distinct().Count());
    }

    [Fact]
    public void Numbers_of_documents_name_one_person_by_branch_and_birth_date()
    {
        var keys = All.SelectMany(person => person.Coverages.Select(coverage =>
            (coverage.Insurer, coverage.Numbers.Symbol, coverage.Numbers.Number, coverage.Numbers.Branch, person.Identity.BirthDate))).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public void Coverages_follow_birth_age_and_each_other()
    {
        foreach (var person in All)
        {
            for (var i = 0; i < person.Coverages.Count; i++)
            {
                var coverage = person.Coverages[i];
                Assert.True(coverage.AcquiredOn >= person.Identity.BirthDate);
                Assert.True(coverage.LostOn is null || coverage.LostOn > coverage.AcquiredOn);
                if (i + 1 < person.Coverages.Count) Assert.True(coverage.LostOn <= person.Coverages[i + 1].AcquiredOn);
                Assert.Equal(coverage.Insurer.IsLateElderly, coverage.Numbers.Branch is null);
                Assert.Equal(coverage.LostOn is null, coverage.LossReason is null);
            }
            Assert.Equal(Age(person) >= 75, person.OnDocument is { Insurer.IsLateElderly: true });
        }
    }

    [Fact]
    public void Burdens_limits_and_certificates_fit_the_age_and_the_coverage()
    {
        foreach (var person in All)
        {
            if (person.Burden is { } burden)
            {
                Assert.True(Age(person) >= 70);
                Assert.True(burden.Percent == 30 || burden.Percent == 20 || (burden.Percent == 10 && Age(person) >= 75));
                Assert.Contains(person.Coverages, coverage => coverage.CoverageId == burden.CoverageId);
            }
            if (person.Limit is { } limit)
            {
                Assert.Equal(person.Burden is null ? 'A' : 'B', limit.LimitClass[0]);
                Assert.True(limit.ValidFrom <= limit.ValidUntil);
            }
            if (person.SpecificDisease is { MonthlyLimitYen: 20_000 } disease)
            {
                Assert.Equal(1, disease.Category);
                Assert.True(person.Limit is null or { LimitClass: "A01" or "A02" });
            }
            if (person.EligibilityCertificate is not null)
                Assert.False(person.Card is { State: { Status: CardStatus.InUse, Registered: true } });
        }
    }

    [Fact]
    public void Certificates_look_real()
    {
        foreach (var card in All.Select(person => person.Card).OfType<SyntheticCard>())
        {
            var certificate = card.Certificate;
            Assert.Equal((256, true, 1), (certificate.Modulus.Length, certificate.Modulus[0] >= 0x80, certificate.Modulus[^1] & 1));
            Assert.Equal(CardKey.OfFingerprint(certificate.Fingerprint), certificate.CardKey);
            Assert.True(certificate.NotBefore < certificate.NotAfter && certificate.NotAfter - certificate.NotBefore <= TimeSpan.FromDays(5 * 366));
            Assert.True(card.State.Since >= certificate.NotBefore);
        }
        var keys = All.Select(person => person.Card).OfType<SyntheticCard>().Select(card => card.Certificate.CardKey).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public void No_text_looks_like_a_My_Number()
    {
        foreach (var identity in All.Select(person => person.Identity))
            Assert.DoesNotContain((string[])[identity.Name, identity.NameKana, identity.OtherName, identity.Address, identity.PostCode], MyNumberGuard.LooksLikeMyNumber);
    }

    [Fact]
    public void The_insurer_feed_would_take_them()
    {
        var some = All[..2_000];
        var delivery = new InsurerDelivery
        {
            Insurers = SyntheticPopulation.Insurers,
            Persons = [.. some.Select(person => person.Identity)],
            Coverages = [.. some.SelectMany(person => person.Coverages)],
            Burdens = [.. some.Select(person => person.Burden).OfType<BurdenEntry>()],
            Limits = [.. some.Select(person => person.Limit).OfType<LimitEntry>()],
            EligibilityCertificates = [.. some.Select(person => person.EligibilityCertificate).OfType<EligibilityCertificateEntry>()],
        };
        Assert.Null(DeliveryCheck.FirstFault(delivery));
    }

    [Fact]
    public void A_given_certificate_is_the_persons_card_in_use_and_registered()
    {
        var given = All.Select(person => person.Card).OfType<SyntheticCard>().First().Certificate;
        var person = new SyntheticPopulation(42, People, index => index == 5 ? given : null).Person(5);
        Assert.Equal((given, CardStatus.InUse, true), (person.Card!.Certificate, person.Card.State.Status, person.Card.State.Registered));
        Assert.Null(person.EligibilityCertificate);
    }

    private static void AssertShare(double expected, double tolerance, Func<SyntheticPerson, bool> belongs) =>
        Assert.InRange(All.Count(belongs) / (double)All.Count, expected - tolerance, expected + tolerance);

    private static int Age(SyntheticPerson person)
    {
        var age = SyntheticPopulation.Day.Year - person.Identity.BirthDate.Year;
        return person.Identity.BirthDate.AddYears(age) > SyntheticPopulation.Day ? age - 1 : age;
    }
}
