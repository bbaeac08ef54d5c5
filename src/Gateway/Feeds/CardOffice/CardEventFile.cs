using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>The card office's file of events, read and checked as far as it can be without asking the store. docs/cards.md has its columns.</summary>
internal sealed class CardEventFile(TrustAnchors anchors, DateTimeOffset now, Action<FeedFault> tell)
{
    private const int Sequence = 0, Kind = 1, Card = 2, At = 3, Person = 4, Certificate = 5, Carrier = 6, Channel = 7, ReplacedBy = 8, Until = 9, Term = 10;

    /// <summary>Certificates and all, they are kept in memory while the file is checked.</summary>
    public static readonly FeedFile Form = new(
        ["sequence", "kind", "card", "at", "person", "certificate", "carrier", "channel", "replaced_by", "until", "term"],
        ["sequence", "kind", "at"],
        MostRows: 100_000,
        "docs/cards.md");

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly HashSet<long> _sequences = [];
    private readonly List<CardEvent> _events = [];

    /// <summary>All rows that are good, in the order of their numbers.</summary>
    public List<CardEvent> Read(Stream file, CancellationToken cancellation)
    {
        Form.Read(
            file,
            row =>
            {
                if (Read(row) is { } read && row.IsGood) _events.Add(read);
            },
            tell,
            cancellation);
        _events.Sort((a, b) => Nullable.Compare(a.Sequence, b.Sequence));
        return _events;
    }

    private CardEvent? Read(FeedRow row)
    {
        if (!long.TryParse(row[Sequence], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) || sequence == 0) row.Error(Sequence, "must be a number, 1 or more");
        else if (!_sequences.Add(sequence)) row.Error(Sequence, "is used twice in the file");
        if (!DateTimeOffset.TryParseExact(row[At], ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            row.Error(At, "must be a moment, as 2026-10-15T09:00:00+09:00");
        else if (at > now + ClockSkew) row.Error(At, "lies ahead; check the year");
        if (!Enum.TryParse<CardEventKind>(row[Kind], ignoreCase: true, out var kind) || !row[Kind].SequenceEqual(NameOf(kind)))
        {
            row.Error(Kind, $"must be one of {string.Join(", ", Enum.GetValues<CardEventKind>().Select(NameOf))}");
            return null;
        }
        RefuseStrays(row, kind);
        var told = new CardEvent(sequence, kind, Guid.Empty, at, row.Line);
        return kind switch
        {
            CardEventKind.Issued => ReadIssued(row, told),
            CardEventKind.Registered => told with { CardKey = ReadKey(row, Card), Channel = ReadChannel(row) },
            CardEventKind.Replaced => told with { CardKey = ReadKey(row, Card), ReplacedBy = ReadKey(row, ReplacedBy) },
            CardEventKind.Extended => told with { CardKey = ReadKey(row, Card), LastDay = ReadNeededDay(row) },
            _ => told with { CardKey = ReadKey(row, Card) },
        };
    }

    /// <summary>A column that a row's kind does not take is empty.</summary>
    private static void RefuseStrays(FeedRow row, CardEventKind kind)
    {
        int[] takes = kind switch
        {
            CardEventKind.Issued => [Person, Certificate, Carrier, Until, Term],
            CardEventKind.Registered => [Card, Channel],
            CardEventKind.Replaced => [Card, ReplacedBy],
            CardEventKind.Extended => [Card, Until],
            _ => [Card],
        };
        for (var column = Card; column <= Term; column++)
            if (column != At && !row[column].IsEmpty && !takes.Contains(column)) row.Error(column, "must be empty in a row of this kind");
    }

    private CardEvent? ReadIssued(FeedRow row, CardEvent told)
    {
        if (!long.TryParse(row[Person], NumberStyles.None, CultureInfo.InvariantCulture, out var person) || row[Person].Length > 11) row.Error(Person, "must be the store's number of the person, at most 11 digits");
        var carrier = row[Carrier] switch
        {
            "" or "plastic" => CardCarrier.Plastic,
            "phone" => CardCarrier.Phone,
            _ => default,
        };
        if (carrier == default) row.Error(Carrier, "must be plastic or phone, or empty for plastic");
        CardTerm? term = row[Term] switch
        {
            "" => null,
            "birthday" => CardTerm.Birthday,
            "period-of-stay" => CardTerm.PeriodOfStay,
            _ => default(CardTerm),
        };
        var lastDay = row.Day(Until);
        if (term == default(CardTerm)) row.Error(Term, "must be birthday or period-of-stay");
        else if (row[Term].IsEmpty != row[Until].IsEmpty) row.Error(row[Term].IsEmpty ? Term : Until, "until and term come together");
        if (ReadCertificate(row) is not { } certificate) return null;
        var begins = JapanTime.DateOf(certificate.NotBefore);
        if (lastDay < begins) row.Error(Until, "lies before the certificate begins");
        else if (term is { } kind && lastDay > CardTermPolicy.LongestUntil(kind, begins)) row.Warn(Until, "is later than a card can last that was issued with its certificate");
        return told with { CardKey = certificate.CardKey, PersonId = person, Certificate = certificate, Carrier = carrier, LastDay = lastDay, Term = term };
    }

    private CertificateFacts? ReadCertificate(FeedRow row)
    {
        var der = new byte[CertificateInspection.MaxLength];
        if (row[Certificate].IsEmpty || !Convert.TryFromBase64Chars(row[Certificate], der, out var length))
        {
            row.Error(Certificate, $"must be the user-authentication certificate, DER in Base64, at most {CertificateInspection.MaxLength} bytes");
            return null;
        }
        switch (CertificateInspection.Of(der.AsSpan(0, length), anchors))
        {
            case CertificateInspection.Passed passed:
                return passed.Facts;
            case CertificateInspection.Failed failed:
                row.Error(Certificate, failed.Fault == CertificateFault.NotTrusted
                    ? "was not issued by an authority in --card-authorities"
                    : $"can't be used ({failed.Fault}): it must be a user-authentication certificate");
                return null;
            default:
                return null;
        }
    }

    private static Guid ReadKey(FeedRow row, int column)
    {
        if (Guid.TryParseExact(row[column], "D", out var key)) return key;
        row.Error(column, TypedNumber.KindOf(row[column].ToString()) == TypedNumberKind.MyNumber
            ? "is taken for a My Number, which must not be here: give the card key (a UUID)"
            : "must be a card key: a UUID, the first 16 bytes of the certificate's SHA-256");
        return default;
    }

    private static RegistrationChannel? ReadChannel(FeedRow row)
    {
        RegistrationChannel? channel = row[Channel] switch
        {
            "reader" => RegistrationChannel.Reader,
            "portal" => RegistrationChannel.Portal,
            "atm" => RegistrationChannel.CashMachine,
            _ => null,
        };
        if (channel is null) row.Error(Channel, "must be reader, portal or atm");
        return channel;
    }

    private static DateOnly? ReadNeededDay(FeedRow row)
    {
        row.Needed(Until);
        return row.Day(Until);
    }

    private static string NameOf(CardEventKind kind) => kind.ToString().ToLowerInvariant();
}
