using System.Diagnostics.CodeAnalysis;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Screen;
using Google.Protobuf;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>
/// What a person can do at the terminal: lay a card on the reader, type in a document, send an event again, say what the patient pays, look at the link. One
/// thing at a time, as at a real desk; the outcome of each comes when it comes. Not safe for several threads.
/// </summary>
internal sealed class Desk(TerminalIdentity terminal, GatewayLink link, ChargeDesk charges, SoftwareCards cards, TimeProvider clock, Words words)
{
    /// <summary>How many events are remembered for being sent again.</summary>
    private const int MostRemembered = 1000;

    private readonly ResultPages _pages = new(words);
    private readonly Dictionary<string, LookUp> _remembered = [];
    private readonly Queue<string> _rememberedOrder = [];

    /// <summary>Done when the command is under way, so that commands go out in their order; the inner task brings the result.</summary>
    public async ValueTask<Task<Result>> TakeAsync(DeskCommand command, CancellationToken cancel) => command switch
    {
        TapCommand tap => await TapAsync(tap, cancel),
        TypeCommand type => Type(type),
        ResendCommand resend => Resend(resend),
        ChargeCommand charge => Charge(charge, cancel),
        TakeBackCommand back => charges.TakeBackAsync(back, cancel),
        StatusCommand status => Task.FromResult<Result>(_pages.Of(status.Id, link.Status)),
        _ => throw new ArgumentOutOfRangeException(nameof(command), "Commands are of these kinds."),
    };

    /// <summary>The result of an event whose command is not known any more.</summary>
    public async Task<Result> EndAsync(string? commandId, LookUp lookUp, Task<Outcome> outcome)
    {
        var ended = await outcome;
        // Its lasting id is in the look-up then, and not before.
        return _pages.Of(commandId, WaitingEvents.IdOf(lookUp), ended);
    }

    private async ValueTask<Task<Result>> TapAsync(TapCommand tap, CancellationToken cancel)
    {
        if (!CommandWords.Proofs.TryGetValue(tap.Proof ?? "pin", out var proof)) return Bad(tap, "proof: pin, face, sight");
        if (!TryFrame(tap, tap.Purpose, tap.ServiceDate, tap.Consents, tap.Emergency, tap.Bill, out var lookUp, out var wrong)) return wrong;
        var card = new CardPresented { Proof = proof };
        lookUp.Card = card;
        CardResult<CardProof> reading;
        if (proof is Proof.Pin)
        {
            // Before the card is touched: a PIN verified for nothing is a PIN at risk. And before the event has its id, which the card signs:
            // with the first challenge comes the gateway's time.
            if (await link.ChallengeAsync(cancel) is not { } challenge) return Task.FromResult<Result>(_pages.WithoutChallenge(tap.Id));
            card.Challenge = ByteString.CopyFrom(challenge.Span);
            Date(lookUp);
            reading = ReadAndSign(tap, lookUp, challenge.Span);
        }
        else
        {
            Date(lookUp);
            reading = Read(tap);
        }
        if (reading.IsFault(out var fault, out var read))
        {
            if (fault.Kind is not CardFaultKind.NoCertificate) return Task.FromResult<Result>(_pages.Of(tap.Id, fault));
            card.ReadFault = CardReadFault.NoCertificate;
            card.Challenge = ByteString.Empty;
            return Ask(tap, lookUp);
        }
        card.Certificate = ByteString.CopyFrom(read.Certificate);
        card.Signature = ByteString.CopyFrom(read.Signature);
        return Ask(tap, lookUp);
    }

    private CardResult<CardProof> Read(TapCommand tap) =>
        cards.Lay(tap.Card).IsFault(out var fault, out var card) ? fault : CardTap.Read(card);

    private CardResult<CardProof> ReadAndSign(TapCommand tap, LookUp lookUp, ReadOnlySpan<byte> challenge)
    {
        if (cards.Lay(tap.Card).IsFault(out var fault, out var card)) return fault;
        Span<byte> digest = stackalloc byte[32];
        CardProofInput.Digest(terminal.Institution, terminal.Name, lookUp.Purpose, WaitingEvents.IdOf(lookUp), challenge, digest);
        var proof = CardTap.Sign(card, tap.Pin, digest);
        // A verified PIN must not outlive the tap.
        card.Reset();
        return proof;
    }

    private Task<Result> Type(TypeCommand type)
    {
        if (!CommandWords.Documents.TryGetValue(type.Document, out var kind)) return Bad(type, "document: insurance-card, eligibility-certificate, eligibility-notice");
        if (!TryFrame(type, type.Purpose, type.ServiceDate, type.Consents, type.Emergency, type.Bill, out var lookUp, out var wrong)) return wrong;
        lookUp.Document = new DocumentTyped
        {
            Kind = kind,
            InsurerNumber = type.InsurerNumber ?? "",
            Symbol = type.Symbol ?? "",
            Number = type.Number ?? "",
            Branch = type.Branch ?? "",
            BirthDate = type.BirthDate ?? "",
        };
        Date(lookUp);
        return Ask(type, lookUp);
    }

    private Task<Result> Resend(ResendCommand resend)
    {
        if (!_remembered.TryGetValue(resend.Of, out var sent)) return Task.FromResult<Result>(ResultPages.Bad(resend.Id, words["NothingToResend"]));
        return EndAsync(resend.Id, sent, link.AskAgain(sent));
    }

    private Task<Result> Charge(ChargeCommand charge, CancellationToken cancel) => _remembered.TryGetValue(charge.Of, out var sent)
        ? charges.ReportAsync(charge, WaitingEvents.IdOf(sent), cancel)
        : Task.FromResult<Result>(ResultPages.Bad(charge.Id, words["NoLookUpToCharge"]));

    // What tap and typing have in common; without an id yet.
    private bool TryFrame(
        DeskCommand command,
        string? purposeWord,
        string? serviceDate,
        IReadOnlyList<ConsentWords>? consents,
        EmergencyWords? emergency,
        BillWords? bill,
        [NotNullWhen(true)] out LookUp? lookUp,
        [NotNullWhen(false)] out Task<Result>? wrong)
    {
        lookUp = null;
        wrong = null;
        var purpose = CommandWords.UsualPurpose(terminal.Role);
        if (purposeWord is not null && !CommandWords.Purposes.TryGetValue(purposeWord, out purpose))
        {
            wrong = Bad(command, "purpose: care, dispensing, emergency-transport, emergency-care, registration");
            return false;
        }
        // The 12-digit My Number never leaves the terminal, not even to be refused.
        if (MyNumberGuard.LooksLikeMyNumber(emergency?.Note))
        {
            wrong = Task.FromResult<Result>(_pages.MyNumberInNote(command.Id));
            return false;
        }
        var framed = new LookUp { Purpose = purpose, ServiceDate = serviceDate ?? "" };
        foreach (var consent in consents ?? [])
        {
            if (!CommandWords.Subjects.TryGetValue(consent.Subject, out var subject))
            {
                wrong = Bad(command, "consents: limit, emergency-summary, month-elsewhere");
                return false;
            }
            framed.Consents.Add(new Consent { Subject = subject, Given = consent.Given });
        }
        if (emergency is not null) framed.Emergency = new EmergencyGround { CannotConsent = emergency.CannotConsent, Note = emergency.Note ?? "" };
        if (bill is not null)
        {
            framed.Bill = new PlannedBill
            {
                TotalCostYen = bill.TotalCost,
                Inpatient = bill.Inpatient,
                SpecificDisease = bill.SpecificDisease,
                EarlierCostYen = bill.EarlierCost,
                EarlierChargedYen = bill.EarlierCharged,
                Prescriber = bill.Prescriber ?? "",
            };
        }
        lookUp = framed;
        return true;
    }

    private Task<Result> Ask(DeskCommand command, LookUp lookUp)
    {
        if (command.Id is not null) Remember(command.Id, lookUp);
        return EndAsync(command.Id, lookUp, link.Ask(lookUp));
    }

    private void Remember(string commandId, LookUp lookUp)
    {
        if (!_remembered.ContainsKey(commandId)) _rememberedOrder.Enqueue(commandId);
        _remembered[commandId] = lookUp;
        if (_rememberedOrder.Count > MostRemembered) _remembered.Remove(_rememberedOrder.Dequeue());
    }

    private Task<Result> Bad(DeskCommand command, string allowed) => Task.FromResult<Result>(ResultPages.Bad(command.Id, words.Format("BadCommand", allowed)));

    private void Date(LookUp lookUp) => lookUp.EventId = EventId.New(clock).ToString();
}
