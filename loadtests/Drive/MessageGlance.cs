using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Wire;

namespace EligibilityGateway.LoadTests.Drive;

/// <summary>
/// What a generator must know of a message from the gateway, read where the message lies. To build the whole of it, every name and text
/// of an answer, would cost more than all the rest of what the generator does with it.
/// </summary>
public readonly ref struct MessageGlance
{
    /// <summary>Unanswered for a message that answers no look-up, such as a new challenge.</summary>
    public OutcomeKind Kind { get; private init; }

    /// <summary>Which look-up it answers, in UTF-8.</summary>
    public ReadOnlySpan<byte> EventId { get; private init; }

    public Validity Validity { get; private init; }

    public Reason Reason { get; private init; }

    public bool Proved { get; private init; }

    /// <exception cref="InvalidDataException">This is no message.</exception>
    public static MessageGlance Of(ReadOnlySpan<byte> message)
    {
        var fields = new FieldReader(message);
        var glance = default(MessageGlance);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case GatewayMessage.AnswerFieldNumber:
                    glance = OfAnswer(fields.Bytes);
                    break;
                case GatewayMessage.RefusalFieldNumber:
                    glance = OfRefusal(fields.Bytes);
                    break;
                case GatewayMessage.BusyFieldNumber:
                    glance = new MessageGlance { Kind = OutcomeKind.Busy, EventId = TextIn(fields.Bytes, Busy.EventIdFieldNumber) };
                    break;
                case GatewayMessage.ProblemFieldNumber:
                    glance = new MessageGlance { Kind = OutcomeKind.Problem, EventId = TextIn(fields.Bytes, Problem.EventIdFieldNumber) };
                    break;
            }
        }
        return glance;
    }

    private static MessageGlance OfAnswer(ReadOnlySpan<byte> answer)
    {
        var fields = new FieldReader(answer);
        ReadOnlySpan<byte> eventId = default, freshness = default, remedy = default;
        var validity = Validity.Unspecified;
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case Answer.EventIdFieldNumber:
                    eventId = fields.Bytes;
                    break;
                case Answer.ValidityFieldNumber:
                    validity = (Validity)fields.Number;
                    break;
                case Answer.FreshnessFieldNumber:
                    freshness = fields.Bytes;
                    break;
                case Answer.RemedyFieldNumber:
                    remedy = fields.Bytes;
                    break;
            }
        }
        return Recorded(OutcomeKind.Answered, eventId, validity, remedy, freshness);
    }

    private static MessageGlance OfRefusal(ReadOnlySpan<byte> refusal)
    {
        var fields = new FieldReader(refusal);
        ReadOnlySpan<byte> eventId = default, freshness = default, remedy = default;
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case Refusal.EventIdFieldNumber:
                    eventId = fields.Bytes;
                    break;
                case Refusal.RemedyFieldNumber:
                    remedy = fields.Bytes;
                    break;
                case Refusal.FreshnessFieldNumber:
                    freshness = fields.Bytes;
                    break;
            }
        }
        return Recorded(OutcomeKind.Refused, eventId, Validity.Unspecified, remedy, freshness);
    }

    private static MessageGlance Recorded(
        OutcomeKind kind, ReadOnlySpan<byte> eventId, Validity validity, ReadOnlySpan<byte> remedy, ReadOnlySpan<byte> freshness) => new()
        {
            Kind = kind,
            EventId = eventId,
            Validity = validity,
            Reason = (Reason)NumberIn(remedy, Remedy.ReasonFieldNumber),
            Proved = NumberIn(freshness, Freshness.ProvedFieldNumber) != 0,
        };

    private static ReadOnlySpan<byte> TextIn(ReadOnlySpan<byte> message, int field)
    {
        var fields = new FieldReader(message);
        while (fields.Read())
            if (fields.Field == field) return fields.Bytes;
        return default;
    }

    private static ulong NumberIn(ReadOnlySpan<byte> message, int field)
    {
        var fields = new FieldReader(message);
        while (fields.Read())
            if (fields.Field == field) return fields.Number;
        return 0;
    }
}
