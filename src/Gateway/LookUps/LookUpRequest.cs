using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Terminals;
using EligibilityGateway.Rules.Emergency;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>A look-up whose form is right: every value in it could be true. Made by <see cref="LookUpForm"/> alone.</summary>
/// <param name="EventId">The event's id.</param>
/// <param name="Hash">SHA-256 of the whole message: the same id with another request is refused.</param>
/// <param name="Purpose">Why the terminal asks.</param>
/// <param name="ServiceDate">The day the care is given; null for today.</param>
/// <param name="Card">A card on the reader; else <paramref name="Document"/> is set.</param>
/// <param name="Document">Numbers typed in.</param>
/// <param name="LimitConsent">The person agreed to the limit being shown.</param>
/// <param name="ElsewhereConsent">The person agreed to the month's sum charged elsewhere being shown.</param>
/// <param name="SummaryConsent">What the person said to the emergency summary.</param>
/// <param name="CannotConsent">The person cannot, and life or body is at stake.</param>
/// <param name="Note">What the crew wrote; empty where nothing.</param>
/// <param name="Bill">What the care costs here; null where that was not asked.</param>
public sealed record LookUpRequest(
    EventId EventId,
    byte[] Hash,
    Purpose Purpose,
    DateOnly? ServiceDate,
    CardTap? Card,
    TypedDocument? Document,
    bool LimitConsent,
    bool ElsewhereConsent,
    SummaryConsent SummaryConsent,
    bool CannotConsent,
    string Note,
    PlannedBill? Bill)
{
    /// <summary>Its record is to be looked at afterwards.</summary>
    public bool IsForReview { get; init; }

    /// <summary>The day it is about.</summary>
    public DateOnly ServiceDateOn(DateOnly today) => ServiceDate ?? today;

    /// <summary>An emergency summary is wanted.</summary>
    public bool IsEmergency => Terminal.IsAnEmergency(Purpose);
}

/// <summary>A document's numbers and the birth date, as typed.</summary>
public sealed record TypedDocument(DocumentKind Kind, InsurerNumber Insurer, DocumentNumbers Numbers, DateOnly BirthDate);
