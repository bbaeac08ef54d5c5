using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Snapshots;
using EligibilityGateway.Gateway.Terminals;
using Google.Protobuf;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>
/// The story of one look-up, from the message to an answer that may leave. One way: form, rights, who is it and how surely, what do
/// we know, what do the rules say, is it durable. Only what the record found overtaken goes round once more, with what Postgres
/// holds.
/// </summary>
public sealed class EligibilityLookUps(
    AdmittedTerminals terminals, Findings findings, Deciding deciding, CardTapCheck tapCheck, AccessLog access, MissBudget misses, RefusalCounts refusals, AnswerSeal answers,
    TimeProvider clock)
{
    /// <summary>A person whose facts change faster than we read them is answered on the next tap.</summary>
    private const int MostRounds = 5;

    private static readonly TimeSpan ShortDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers, or says why not. Nothing leaves before it is recorded.</summary>
    /// <param name="terminal">Who asks.</param>
    /// <param name="message">What it asks.</param>
    /// <param name="forReview">Its record is to be looked at afterwards: it is one of more claims than a crew makes (<see cref="EmergencyClaims"/>).</param>
    public async ValueTask<LookUpReply> AnswerAsync(Terminal terminal, LookUp message, bool forReview = false)
    {
        var now = clock.GetUtcNow();

        // 1. Form.
        var faults = new List<FormFault>();
        if (LookUpForm.Read(message, JapanTime.DateOf(now), faults) is not { } request) return new LookUpReply.Malformed(faults);
        if (forReview) request = request with { IsForReview = true };

        // 2. Time. A known event is answered as it was, however old its challenge; an unknown one must be of now.
        if (EventTime.FaultOf(request.EventId, now) is var notNow and not Reason.Unspecified)
            return await AnsweredBeforeAsync(terminal, request) ?? Unrecorded(terminal, request, notNow, now);

        // 3. Rights and proof, as far as they can be judged before anybody is looked for.
        if (!terminal.MayAskFor(request.Purpose)) return await RefuseAsync(terminal, request, Reason.PurposeNotAllowed, now);
        if (request.Card is { } tap && tapCheck.RefusalBeforeLooking(tap, terminal.Identity) is var refusal and not Reason.Unspecified)
        {
            if (refusal == Reason.LateAndUnproved && await AnsweredBeforeAsync(terminal, request) is { } before) return before;
            return await RefuseAsync(terminal, request, refusal, now);
        }
        if (request.Document is null) return await LookAsync(terminal, request, reserved: null, now);
        using var reserved = await misses.ReserveAsync(terminal);
        return reserved is null ? await RefuseAsync(terminal, request, Reason.TooManyMisses, now) : await LookAsync(terminal, request, reserved, now);
    }

    private async ValueTask<LookUpReply> LookAsync(Terminal terminal, LookUpRequest request, ReservedMiss? reserved, DateTimeOffset now)
    {
        // 4. What do we know? The nearest copy is a guess that the record proves.
        var subject = SubjectOf(request);
        var found = await findings.FindAsync(subject);
        for (var round = 0; round < MostRounds; round++)
        {
            if (found.IsLate) break;

            // 5. What do the rules say?
            var (draft, fault) = deciding.Decide(request, terminal, found, now);
            if (draft is null)
                return new LookUpReply.Malformed([new FormFault("card.certificate", $"Can't be used ({fault}); send the card's user-authentication certificate, in DER.")]);

            // 6. Is it durable?
            var reply = found.Finding is null
                ? await JournalAsync(terminal, request, draft, now)
                : await RecordAsync(terminal, request, draft, now, reserved);
            if (reply is not null) return reply;

            // Overtaken: by a change of what was found, or of the terminal itself.
            if (round > 0 && await terminals.LookAgainAsync(terminal) is { Terminal: null } admission)
            {
                if (await ShutOutAsync(terminal, request, admission, now) is { } shutOut) return shutOut;
            }
            found = await findings.ReadAgainAsync(subject);
        }
        return new LookUpReply.Busy(ShortDelay);
    }

    internal static Subject SubjectOf(LookUpRequest request) => request.Card is { } tap
        ? Subject.OfCard(tap.CardKey, request.IsEmergency)
        : Subject.OfDocument(request.Document!.Numbers.LookUpKey(request.Document.Insurer), request.Document.Numbers.Branch, request.Document.BirthDate);

    /// <summary>A refusal before anybody was looked for is recorded too; in a flood of them it is counted.</summary>
    private async ValueTask<LookUpReply> RefuseAsync(Terminal terminal, LookUpRequest request, Reason reason, DateTimeOffset now)
    {
        if (!refusals.IsRecordedAlone(terminal, reason)) return Unrecorded(terminal, request, reason, now);
        if (await RecordAsync(terminal, request, Draft.Refused(reason), now) is { } reply) return reply;
        // Only the terminal's own entry can have been overtaken.
        var admission = await terminals.LookAgainAsync(terminal);
        return await ShutOutAsync(terminal, request, admission, now) ?? new LookUpReply.Busy(ShortDelay);
    }

    /// <summary>
    /// A terminal that was revoked while it asked is refused, and that is recorded too, cut line or not. Null where the register can't be read.
    /// </summary>
    private async ValueTask<LookUpReply?> ShutOutAsync(Terminal terminal, LookUpRequest request, Admission admission, DateTimeOffset now) => admission.Fault switch
    {
        AdmissionFault.Revoked => await RecordAsync(terminal with { Version = admission.Version }, request, Draft.Refused(Reason.TerminalRevoked), now) ?? new LookUpReply.ShutOut(),
        AdmissionFault.Unknown => new LookUpReply.ShutOut(),
        _ => null,
    };

    /// <summary>Null where what it stands on was overtaken.</summary>
    private async ValueTask<LookUpReply?> RecordAsync(Terminal terminal, LookUpRequest request, Draft draft, DateTimeOffset now, ReservedMiss? reserved = null)
    {
        var result = AnswerWriter.Write(draft, request, terminal.Identity.Role, JapanTime.DateOf(now), now, proved: true);
        var entry = EntryOf(terminal, request, draft, Sealed(terminal, request, result), now, asOf: now, journalled: false);
        var outcome = await access.RecordAsync(entry, terminal.Identity.Institution, request.IsEmergency);
        // One that is late may still be recorded, and then a resend hears that nobody was found.
        if ((draft.Validity == Validity.NotFound && outcome.State is RecordState.Recorded or RecordState.Late) || outcome.State == RecordState.Barred) reserved?.Spend();
        switch (outcome.State)
        {
            case RecordState.Recorded:
                return new LookUpReply.Recorded(result);
            case RecordState.AnsweredBefore:
                return Resend(terminal, request, outcome.Kept!, now);
            case RecordState.OutOfReach:
                return await JournalAsync(terminal, request, draft, now);
            case RecordState.Overtaken:
                return null;
            case RecordState.Barred:
                return await RefuseAsync(terminal, request, Reason.TooManyMisses, now);
            default:
                return new LookUpReply.Busy(ShortDelay);
        }
    }

    /// <summary>With the store away nothing is proved: neither yes nor no, but for what holds without it.</summary>
    private async ValueTask<LookUpReply?> JournalAsync(Terminal terminal, LookUpRequest request, Draft draft, DateTimeOffset now)
    {
        var unproved = draft.HoldsWithoutStore
            ? draft
            : draft with { IsRefusal = false, Validity = Validity.Unconfirmed, Reason = Reason.StoreOutOfReach, RegistersCard = false };
        var asOf = draft.Finding?.AsOf ?? now;
        var result = AnswerWriter.Write(unproved, request, terminal.Identity.Role, JapanTime.DateOf(now), asOf, proved: false);
        var entry = EntryOf(terminal, request, unproved, Sealed(terminal, request, result), now, asOf, journalled: true);
        var outcome = await access.JournalAsync(entry, request.IsEmergency);
        return outcome.State switch
        {
            RecordState.Recorded => new LookUpReply.Recorded(result),
            RecordState.AnsweredBefore => Resend(terminal, request, outcome.Kept!, now),
            _ => new LookUpReply.Busy(ShortDelay),
        };
    }

    /// <summary>The answer that was given; null where there was none. Where that can't be seen now the terminal asks again.</summary>
    private async ValueTask<LookUpReply?> AnsweredBeforeAsync(Terminal terminal, LookUpRequest request)
    {
        var look = await access.FindAsync(new EventKey(request.EventId.Value, terminal.Id));
        return look.State switch
        {
            AnsweredState.Answered => Resend(terminal, request, look.Answer!, clock.GetUtcNow()),
            AnsweredState.NotAnswered => null,
            _ => new LookUpReply.Busy(ShortDelay),
        };
    }

    /// <summary>The same event again gets the same answer; the same id with another request gets nothing.</summary>
    private LookUpReply.Recorded Resend(Terminal terminal, LookUpRequest request, KeptAnswer kept, DateTimeOffset now)
    {
        if (!kept.RequestHash.AsSpan().SequenceEqual(request.Hash)) return Unrecorded(terminal, request, Reason.EventIdReused, now);
        return answers.Open(kept, new EventKey(request.EventId.Value, terminal.Id)) is { } plain
            ? new LookUpReply.Recorded(LookUpResult.Parser.ParseFrom(plain))
            : Unrecorded(terminal, request, Reason.AnsweredAlready, now);
    }

    /// <summary>Opens nothing and looked for nobody, or was recorded before.</summary>
    private static LookUpReply.Recorded Unrecorded(Terminal terminal, LookUpRequest request, Reason reason, DateTimeOffset now) =>
        new(AnswerWriter.Write(Draft.Refused(reason), request, terminal.Identity.Role, JapanTime.DateOf(now), now, proved: false));

    private byte[] Sealed(Terminal terminal, LookUpRequest request, LookUpResult result) =>
        answers.Close(result.ToByteArray(), new EventKey(request.EventId.Value, terminal.Id));

    /// <summary>The record of a look-up: who asked what of whom, and what that stands on.</summary>
    internal static Entry EntryOf(Terminal terminal, LookUpRequest request, Draft draft, byte[]? sealedAnswer, DateTimeOffset now, DateTimeOffset asOf, bool journalled)
    {
        var person = draft.Finding?.Person;
        // What was looked for is relied upon, found or not: absence is version 0.
        var looked = draft.Finding is not null;
        var reliedUpon = new ReliedUpon(
            terminal.Version,
            person?.PersonId,
            person?.Version ?? 0,
            looked && request.Card is { HasCertificate: true } tap ? tap.CardKey : null,
            draft.Finding?.Card?.Version ?? 0,
            looked && request.Document is { } document ? document.Numbers.LookUpKey(document.Insurer) : null,
            draft.Finding?.DocumentVersion ?? 0);
        var record = new AccessRecord
        {
            EventId = request.EventId,
            TerminalId = terminal.Id,
            Institution = terminal.Identity.Institution,
            Role = terminal.Identity.Role,
            Purpose = request.Purpose,
            ServiceDate = request.ServiceDateOn(JapanTime.DateOf(now)),
            Assurance = draft.Assurance,
            Ground = draft.Ground,
            Note = request.Note,
            Validity = draft.Validity,
            Reason = draft.Reason,
            PersonId = person?.PersonId,
            ReliedUpon = reliedUpon,
            Source = draft.Source,
            AsOf = asOf,
            DecidedAt = now,
            RequestHash = request.Hash,
            RegistersCard = draft.RegistersCard,
            ShowsMonthElsewhere = draft.Elsewhere is not null,
            IsForReview = request.IsForReview,
            Journalled = journalled,
        };
        return new Entry(
            request.EventId.Value,
            terminal.Id,
            person?.PersonId,
            (short)draft.Validity,
            (short)draft.Reason,
            request.Hash,
            CanonicalRecord.Of(record),
            RandomNumberGenerator.GetBytes(16),
            sealedAnswer,
            reliedUpon,
            draft.RegistersCard,
            now);
    }
}
