using System.Buffers.Binary;
using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>Makes a person's card: held and registered as the ministry's figures of 2025 have it, with a certificate of five years.</summary>
internal static class CardMaker
{
    private const double ShareOfHolders = 0.79;
    private const double ShareRegistered = 0.86;
    private const double ShareLost = 0.004;
    private const double ShareRevoked = 0.0015;

    // Certificates that ran out at the holder's last birthday and were not renewed yet.
    private const double ShareNotRenewed = 0.04;
    private const int PublicExponent = 65_537;

    private static readonly byte[] NobodysAnchor = SHA256.HashData("anchor of certificates whose keys nobody has"u8);

    public static SyntheticCard? Make(ulong seed, long index, DateOnly birthDate, DateOnly day, CertificateFacts? real)
    {
        var dice = new Dice(seed, DiceUse.Card, index);
        if (real is not null)
            return new SyntheticCard(real, new CardState(CardStatus.InUse, real.NotBefore, Registered: true, RegistrationChannel.Portal));
        if (!dice.Chance(ShareOfHolders) || Validity(birthDate, day, dice) is not var (issued, lastDay)) return null;

        var notBefore = At(issued, new TimeOnly(9, 0));
        var fingerprint = Fingerprint(seed, index);
        var certificate = new CertificateFacts(
            CardKey.OfFingerprint(fingerprint),
            fingerprint,
            Serial(dice),
            NobodysAnchor,
            Modulus(dice),
            PublicExponent,
            notBefore,
            At(lastDay, new TimeOnly(23, 59, 59)));
        var isRegistered = dice.Chance(ShareRegistered);
        RegistrationChannel? channel = isRegistered ? (RegistrationChannel)dice.Between(1, 3) : null;
        var end = At(day, new TimeOnly(0, 0)).AddDays(-dice.Between(1, 300));
        var status = dice.Chance(ShareLost) ? CardStatus.Lost : dice.Chance(ShareRevoked) ? CardStatus.Revoked : CardStatus.InUse;
        var since = status == CardStatus.InUse || end < notBefore ? notBefore : end;
        return new SyntheticCard(certificate, new CardState(status, since, isRegistered, channel));
    }

    // The user-authentication certificate is good until the fifth birthday counted from its issue.
    private static (DateOnly Issued, DateOnly LastDay)? Validity(DateOnly birthDate, DateOnly day, Dice dice)
    {
        var age = day.Year - birthDate.Year;
        var lastBirthday = birthDate.AddYears(age) <= day ? birthDate.AddYears(age) : birthDate.AddYears(age - 1);
        var lastDay = lastBirthday.AddYears(dice.Chance(ShareNotRenewed) ? 0 : dice.Between(1, 5));
        var earliest = lastDay.AddYears(-5).AddDays(1);
        var latest = lastDay.AddYears(-4);
        if (latest >= day) latest = day.AddDays(-1);
        var firstCard = birthDate.AddDays(30);
        if (firstCard >= day) return null;
        if (latest < firstCard)
        {
            // A child's first card: its fifth birthday after the issue is later than the one drawn.
            var issued = firstCard.AddDays(dice.Between(0, day.DayNumber - 1 - firstCard.DayNumber));
            var nextBirthday = birthDate.AddYears(issued.Year - birthDate.Year);
            return (issued, nextBirthday.AddYears(nextBirthday > issued ? 4 : 5));
        }
        if (earliest < firstCard) earliest = firstCard;
        // Whose birthday is today got the card before it.
        if (earliest > latest) earliest = latest;
        // Whoever has birthday today got a card that lasts five years yesterday at the latest.
        if (earliest > latest) earliest = latest;
        return (earliest.AddDays(dice.Between(0, latest.DayNumber - earliest.DayNumber)), lastDay);
    }

    private static byte[] Fingerprint(ulong seed, long index)
    {
        Span<byte> source = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(source, seed);
        BinaryPrimitives.WriteInt64BigEndian(source[sizeof(ulong)..], index);
        return SHA256.HashData(source);
    }

    // Positive, without leading zeros.
    private static byte[] Serial(Dice dice)
    {
        var serial = new byte[sizeof(ulong)];
        dice.Fill(serial);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        return serial;
    }

    private static byte[] Modulus(Dice dice)
    {
        var modulus = new byte[256];
        dice.Fill(modulus);
        modulus[0] |= 0x80;
        modulus[^1] |= 1;
        return modulus;
    }

    private static DateTimeOffset At(DateOnly day, TimeOnly time) => new DateTimeOffset(day.ToDateTime(time), JapanTime.Offset).ToUniversalTime();
}
