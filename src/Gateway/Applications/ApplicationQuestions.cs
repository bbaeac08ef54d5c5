using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Applications;
using EligibilityGateway.Rules.Emergency;
using EligibilityGateway.Rules.Remedies;
using Google.Protobuf;

namespace EligibilityGateway.Gateway.Applications;

/// <summary>
/// The story of one question for an application, as <see cref="EligibilityLookUps"/> tells that of a look-up: form, time, rights, what is known,
/// what the rule says, is it durable. Nothing is cached and nothing is answered without Postgres: a patient without a card can wait.
/// </summary>
public sealed class ApplicationQuestions(
    AdmittedTerminals terminals, StorePools pools, PatientStore store, AccessLog access, MissBudget misses, RefusalCounts refusals,
    AnswerSeal answers, TimeProvider clock)
{
    /// <summary>A birth date that is guessed at an id that is known needs few tries: a miss counts as this many of a document's numbers.</summary>
    private const int MissWeight = 6;

    private static readonly TimeSpan ShortDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers, or says why not. Nothing leaves before it is recorded.</summary>
    public async ValueTask<ApplicationReply> AnswerAsync(Terminal terminal, ApplicationQuery message)
    {
        var now = clock.GetUtcNow();

        // 1. Form.
        var faults = new List<FormFault>();
        if (ApplicationQuestion.Read(message, JapanTime.DateOf(now), faults, out var explanation) is not { } question)
            return new ApplicationReply.Malformed(faults, explanation);

        // 2. Time.
        if (EventTime.FaultOf(question.EventId, now) is var notNow and not Reason.Unspecified)
        {
            var look = await access.FindAsync(KeyOf(terminal, question));
            return look.State switch
            {
                AnsweredState.Answered => Resend(terminal, question, look.Answer!, now),
                AnsweredState.NotAnswered => Unrecorded(question, notNow, now),
                _ => new ApplicationReply.Busy(ShortDelay),
            };
        }

        // 3. Rights.
        if (!terminal.MayAskForApplications) return await RefuseAsync(terminal, question, Reason.PurposeNotAllowed, now);
        using var reserved = await misses.ReserveAsync(terminal, MissWeight);
        if (reserved is null) return await RefuseAsync(terminal, question, Reason.TooManyMisses, now);

        // 4. What is known?
        var asked = await store.AskAsync(
            pools.Others, (connection, token) => ApplicationRegister.FindAsync(connection, question.ApplicationId, question.BirthDate, token));
        if (asked.State != AskedState.Answered) return new ApplicationReply.Busy(ShortDelay);

        // 5. What does the rule say? One that is too new is not there, as far as anybody is told.
        var today = JapanTime.DateOf(now);
        var result = asked.Answer is { } state && ApplicationStanding.Of(state, today) is { IsVisible: true } standing
            ? new ApplicationResult { Status = Write(question, state, standing, today, now) }
            : Refused(question, Reason.ApplicationNotFound, now);

        // 6. Is it durable?
        return await RecordAsync(terminal, question, result, now, reserved);
    }

    /// <summary>A refusal before anything was looked for is recorded too; in a flood of them it is counted.</summary>
    private async ValueTask<ApplicationReply> RefuseAsync(Terminal terminal, ApplicationQuestion question, Reason reason, DateTimeOffset now) =>
        refusals.IsRecordedAlone(terminal, reason) ? await RecordAsync(terminal, question, Refused(question, reason, now), now) : Unrecorded(question, reason, now);

    private async ValueTask<ApplicationReply> RecordAsync(
        Terminal terminal, ApplicationQuestion question, ApplicationResult result, DateTimeOffset now, ReservedMiss? reserved = null)
    {
        var outcome = await access.RecordAsync(EntryOf(terminal, question, result, now), terminal.Identity.Institution);
        // One that is late may still be recorded, and then a resend hears it.
        if (result.Refusal?.Remedy.Reason == Reason.ApplicationNotFound && outcome.State is RecordState.Recorded or RecordState.Late) reserved?.Spend();
        switch (outcome.State)
        {
            case RecordState.Recorded:
                return new ApplicationReply.Recorded(result);
            case RecordState.AnsweredBefore:
                return Resend(terminal, question, outcome.Kept!, now);
            case RecordState.Overtaken:
                // Only the terminal's own entry can have been.
                var admission = await terminals.LookAgainAsync(terminal);
                return admission.Terminal is null ? new ApplicationReply.ShutOut() : new ApplicationReply.Busy(ShortDelay);
            default:
                return new ApplicationReply.Busy(ShortDelay);
        }
    }

    private ApplicationReply.Recorded Resend(Terminal terminal, ApplicationQuestion question, KeptAnswer kept, DateTimeOffset now)
    {
        if (!kept.RequestHash.AsSpan().SequenceEqual(question.Hash)) return Unrecorded(question, Reason.EventIdReused, now);
        return answers.Open(kept, KeyOf(terminal, question)) is { } plain
            ? new ApplicationReply.Recorded(ApplicationResult.Parser.ParseFrom(plain))
            : Unrecorded(question, Reason.AnsweredAlready, now);
    }

    private static ApplicationReply.Recorded Unrecorded(ApplicationQuestion question, Reason reason, DateTimeOffset now) => new(Refused(question, reason, now));

    private static ApplicationResult Refused(ApplicationQuestion question, Reason reason, DateTimeOffset now) => new()
    {
        Refusal = RefusalWriter.Write(question.EventId, reason, now, JapanTime.DateOf(now), Audience.Desk, new Freshness { AsOf = DayText.Of(now) }),
    };

    private static ApplicationStatus Write(ApplicationQuestion question, ApplicationReport state, ApplicationStanding standing, DateOnly today, DateTimeOffset now)
    {
        var status = new ApplicationStatus
        {
            EventId = question.EventId.ToString(),
            State = (Contracts.V1.ApplicationState)state.Step,
            Since = JapanTime.Format(state.On),
            Place = WrittenText.Answered(state.Place),
            Meaning = ApplicationTexts.Of(state.Step),
            AsOf = DayText.Of(now),
        };
        if (standing.IsOverdue) status.Remedy = RemedyCatalogue.For(Reason.ApplicationOverdue, today);
        return status;
    }

    private static EventKey KeyOf(Terminal terminal, ApplicationQuestion question) => new(question.EventId.Value, terminal.Id);

    /// <summary>Who asked and when, and whether it was found; of which application only the hash of the question says anything.</summary>
    private Entry EntryOf(Terminal terminal, ApplicationQuestion question, ApplicationResult result, DateTimeOffset now)
    {
        var reason = result.Refusal?.Remedy.Reason ?? result.Status.Remedy?.Reason ?? Reason.Unspecified;
        var reliedUpon = new ReliedUpon(terminal.Version, null, 0, null, 0, null, 0);
        var record = new AccessRecord
        {
            EventId = question.EventId,
            TerminalId = terminal.Id,
            Institution = terminal.Identity.Institution,
            Role = terminal.Identity.Role,
            Purpose = Purpose.ApplicationStatus,
            ServiceDate = JapanTime.DateOf(now),
            Assurance = Assurance.None,
            Ground = EmergencyBasis.None,
            Note = "",
            Validity = Validity.Unspecified,
            Reason = reason,
            PersonId = null,
            ReliedUpon = reliedUpon,
            Source = Source.Store,
            AsOf = now,
            DecidedAt = now,
            RequestHash = question.Hash,
            RegistersCard = false,
            ShowsMonthElsewhere = false,
            Journalled = false,
        };
        return new Entry(
            question.EventId.Value,
            terminal.Id,
            PersonId: null,
            (short)Validity.Unspecified,
            (short)reason,
            question.Hash,
            CanonicalRecord.Of(record),
            RandomNumberGenerator.GetBytes(16),
            answers.Close(result.ToByteArray(), KeyOf(terminal, question)),
            reliedUpon,
            RegistersCard: false,
            now);
    }
}
