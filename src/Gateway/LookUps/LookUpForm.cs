using System.Buffers;
using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Rules.Emergency;
using Google.Protobuf;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>
/// Reads a look-up message into a <see cref="LookUpRequest"/>, or says field by field what is wrong and what to do. Nothing that was
/// sent is repeated in the messages, so that they may be logged.
/// </summary>
public static class LookUpForm
{
    /// <summary>Longest note, in characters.</summary>
    public const int MaxNoteLength = 200;

    private const int SignatureLength = 256;

    /// <summary>Care before this day is asked of nobody: health insurance began to pay on 1927-01-01, its law is of 1922.</summary>
    private static readonly DateOnly FirstServiceDate = new(1922, 1, 1);

    /// <summary>How far ahead a service date may lie: appointments.</summary>
    private const int MostYearsAhead = 1;

    /// <summary>No bill is higher; in yen.</summary>
    internal const uint MostCost = 1_000_000_000;

    /// <summary>No living person was born before it.</summary>
    private static readonly DateOnly FirstBirthDate = new(1890, 1, 1);

    /// <summary>Null, with <paramref name="faults"/> filled, where something is wrong.</summary>
    public static LookUpRequest? Read(LookUp message, DateOnly today, List<FormFault> faults)
    {
        var eventId = ReadEventId(message.EventId, faults);
        if (message.Purpose is Purpose.Unspecified || !Enum.IsDefined(message.Purpose))
            faults.Add(new("purpose", "Must say why the terminal asks."));
        var serviceDate = ReadServiceDate(message.ServiceDate, today, faults);
        CardTap? card = null;
        TypedDocument? document = null;
        switch (message.ByCase)
        {
            case LookUp.ByOneofCase.Card:
                card = ReadCard(message.Card, faults);
                break;
            case LookUp.ByOneofCase.Document:
                document = ReadDocument(message.Document, today, faults);
                if (message.Purpose is Purpose.Registration or Purpose.EmergencyTransport or Purpose.EmergencyCare)
                    faults.Add(new("document", "This purpose needs the card itself."));
                break;
            default:
                faults.Add(new("by", "Must hold a card or a document."));
                break;
        }
        var (limit, elsewhere, summary) = ReadConsents(message, faults);
        var note = ReadNote(message, faults);
        CheckBill(message, faults);
        if (faults.Count > 0) return null;
        return new LookUpRequest(
            eventId, HashOf(message), message.Purpose, serviceDate, card, document, limit, elsewhere, summary, message.Emergency?.CannotConsent ?? false, note, message.Bill);
    }

    /// <summary>Null where none was said; what is wrong with one goes to <paramref name="faults"/>.</summary>
    internal static DateOnly? ReadServiceDate(string text, DateOnly today, List<FormFault> faults)
    {
        if (text.Length == 0) return null;
        if (!JapanTime.TryParseDate(text, out var date))
            faults.Add(new("service_date", "Must be a day that exists, as yyyy-MM-dd, or empty for today."));
        else if (date < FirstServiceDate)
            faults.Add(new("service_date", "Lies before health insurance began; check the year."));
        else if (date > today.AddYears(MostYearsAhead))
            faults.Add(new("service_date", "Lies more than a year ahead; check the year."));
        return date;
    }

    private static CardTap? ReadCard(CardPresented card, List<FormFault> faults)
    {
        if (card.Certificate.Length > CertificateInspection.MaxLength)
        {
            faults.Add(new("card.certificate", $"Is longer than {CertificateInspection.MaxLength} bytes; send the user-authentication certificate alone, in DER."));
            return null;
        }
        if (card.Certificate.IsEmpty)
        {
            if (card.ReadFault != CardReadFault.NoCertificate)
                faults.Add(new("card.certificate", "Is empty; send it, or say why the card has none."));
            return new CardTap(default, [], card.Proof, default, default);
        }
        if (card.ReadFault != CardReadFault.Unspecified) faults.Add(new("card.read_fault", "There is a certificate; leave this out."));
        if (!Enum.IsDefined(card.Proof)) faults.Add(new("card.proof", "Must be PIN, FACE or SIGHT."));
        if (card.Proof == Proof.Pin)
        {
            if (card.Challenge.Length is 0 or > CardProofInput.MaxChallengeLength)
                faults.Add(new("card.challenge", "Must be the challenge that this terminal was given last."));
            if (card.Signature.Length != SignatureLength)
                faults.Add(new("card.signature", $"Must be the card's signature of {SignatureLength} bytes."));
        }
        else if (!card.Challenge.IsEmpty || !card.Signature.IsEmpty)
        {
            faults.Add(new("card.signature", "Only a card that was opened by its PIN signs; leave challenge and signature out, or say PROOF_PIN."));
        }
        return new CardTap(card.Certificate.Memory, SHA256.HashData(card.Certificate.Span), card.Proof, card.Challenge.Memory, card.Signature.Memory);
    }

    private static TypedDocument? ReadDocument(DocumentTyped document, DateOnly today, List<FormFault> faults)
    {
        if (document.Kind is DocumentKind.Unspecified || !Enum.IsDefined(document.Kind))
            faults.Add(new("document.kind", "Must say which document the numbers were read from."));
        if (!InsurerNumber.TryParse(document.InsurerNumber, out var insurer))
            faults.Add(new("document.insurer_number", "Must be 8 digits, or 6 for municipal national health insurance."));
        else if (!insurer.CheckDigitFits)
            faults.Add(new("document.insurer_number", "The check digit does not fit: check the typing against the document."));
        else if (insurer.IsLateElderly && !string.IsNullOrWhiteSpace(document.Branch))
            faults.Add(new("document.branch", "Documents of the scheme for 75 and over have no branch: leave it empty, or check the insurer number."));
        switch (DocumentNumbers.TryParse(document.Symbol, document.Number, document.Branch, out var numbers))
        {
            case DocumentNumbersFault.Symbol:
                faults.Add(new("document.symbol", $"Must be at most {DocumentNumbers.MaxLength} characters that can be printed."));
                break;
            case DocumentNumbersFault.Number:
                faults.Add(new("document.number", $"Must be 1 to {DocumentNumbers.MaxLength} characters that can be printed."));
                break;
            case DocumentNumbersFault.Branch:
                faults.Add(new("document.branch", "Must be 2 digits, or empty where the document has none."));
                break;
        }
        var birthDate = ReadBirthDate("document.birth_date", document.BirthDate, today, faults);
        return new TypedDocument(document.Kind, insurer, numbers, birthDate);
    }

    internal static DateOnly ReadBirthDate(string field, string text, DateOnly today, List<FormFault> faults)
    {
        if (!JapanTime.TryParseDate(text, out var birthDate))
            faults.Add(new(field, "Must be a day that exists, as yyyy-MM-dd."));
        else if (birthDate < FirstBirthDate || birthDate > today)
            faults.Add(new(field, "Nobody living was born on this day; check the year."));
        return birthDate;
    }

    internal static EventId ReadEventId(string text, List<FormFault> faults)
    {
        if (!EventId.TryParse(text, out var eventId))
            faults.Add(new("event_id", "Must be a UUID of version 7 in text form, made when the card was presented."));
        return eventId;
    }

    private static (bool Limit, bool Elsewhere, SummaryConsent Summary) ReadConsents(LookUp message, List<FormFault> faults)
    {
        var (limit, elsewhere, summary) = (false, false, SummaryConsent.NotAsked);
        // Of two entries for one subject nobody can say which the person meant.
        if (message.Consents.Count > 1 && message.Consents.DistinctBy(static consent => consent.Subject).Count() < message.Consents.Count)
            faults.Add(new("consents", "Holds two entries for one subject: ask the person, and send the one answer."));
        foreach (var consent in message.Consents)
        {
            switch (consent.Subject)
            {
                case ConsentSubject.Limit:
                    limit = consent.Given;
                    break;
                case ConsentSubject.MonthElsewhere:
                    elsewhere = consent.Given;
                    if (message.Card is null || message.Purpose is Purpose.EmergencyTransport or Purpose.EmergencyCare)
                        faults.Add(new("consents.subject", "The month's sum elsewhere is asked for at the reader: with a card, and not in an emergency."));
                    break;
                case ConsentSubject.EmergencySummary:
                    summary = consent.Given ? SummaryConsent.Given : SummaryConsent.Refused;
                    break;
                default:
                    faults.Add(new("consents.subject", "Must say what the person agreed to or refused."));
                    break;
            }
        }
        return (limit, elsewhere, summary);
    }

    private static void CheckBill(LookUp message, List<FormFault> faults)
    {
        if (message.Bill is not { } bill) return;
        if (message.Purpose is Purpose.EmergencyTransport) faults.Add(new("bill", "A transport has no bill."));
        if (bill.TotalCostYen > MostCost) faults.Add(new("bill.total_cost_yen", "Is above 1,000,000,000 yen; check the typing."));
        if (bill.EarlierCostYen > MostCost) faults.Add(new("bill.earlier_cost_yen", "Is above 1,000,000,000 yen; check the typing."));
        ReadPrescriber("bill.prescriber", bill.Prescriber, faults);
        if (bill.EarlierChargedYen > bill.EarlierCostYen) faults.Add(new("bill.earlier_charged_yen", "Is more than the earlier bills cost; check both."));
    }

    /// <summary>Null where there is none, or a fault.</summary>
    internal static InstitutionCode? ReadPrescriber(string field, string text, List<FormFault> faults)
    {
        if (text.Length == 0) return null;
        if (InstitutionCode.TryParse(text, out var prescriber)) return prescriber;
        faults.Add(new(field, "Must be the 10 digits of the institution that prescribed, with a right check digit, or empty."));
        return null;
    }

    private static string ReadNote(LookUp message, List<FormFault> faults)
    {
        var note = message.Emergency?.Note ?? "";
        CheckText("emergency.note", note, MaxNoteLength, faults);
        return note;
    }

    /// <summary>Of a text that people or programs write, and that is no name.</summary>
    internal static void CheckText(string field, string text, int mostCharacters, List<FormFault> faults)
    {
        if (WrittenText.FaultOf(text, mostCharacters) is not { } fault) return;
        faults.Add(new(field, fault switch
        {
            WrittenTextFault.TooLong => $"Is longer than {mostCharacters} characters.",
            WrittenTextFault.LooksLikeMyNumber => "Looks like it holds a 12-digit My Number, which must never be entered: take it out.",
            WrittenTextFault.Invisible => "Holds characters that nobody sees: type the text anew.",
            _ => "Holds characters that can't be printed.",
        }));
    }

    /// <summary>SHA-256 of a message as it is written.</summary>
    internal static byte[] HashOf(IMessage message)
    {
        var size = message.CalculateSize();
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            message.WriteTo(buffer.AsSpan(0, size));
            return SHA256.HashData(buffer.AsSpan(0, size));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
