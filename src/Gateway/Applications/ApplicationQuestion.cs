using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.LookUps;
using EligibilityGateway.Rules.Applications;

namespace EligibilityGateway.Gateway.Applications;

/// <summary>A question for an application whose form is right.</summary>
/// <param name="EventId">The event's id.</param>
/// <param name="Hash">SHA-256 of the whole message.</param>
/// <param name="ApplicationId">As typed.</param>
/// <param name="BirthDate">As typed.</param>
public sealed record ApplicationQuestion(EventId EventId, byte[] Hash, CardApplicationId ApplicationId, DateOnly BirthDate)
{
    /// <summary>
    /// Null, with <paramref name="faults"/> filled, where something is wrong; with an explanation for people where another kind of number
    /// stands in the id's place. Nothing that was sent is repeated.
    /// </summary>
    public static ApplicationQuestion? Read(ApplicationQuery message, DateOnly today, List<FormFault> faults, out Text? explanation)
    {
        explanation = null;
        var eventId = LookUpForm.ReadEventId(message.EventId, faults);
        if (!CardApplicationId.TryParse(message.ApplicationId, out var applicationId))
        {
            explanation = ApplicationTexts.Of(TypedNumber.KindOf(message.ApplicationId));
            faults.Add(new("application_id", explanation.En));
        }
        var birthDate = LookUpForm.ReadBirthDate("birth_date", message.BirthDate, today, faults);
        return faults.Count > 0 ? null : new ApplicationQuestion(eventId, LookUpForm.HashOf(message), applicationId, birthDate);
    }
}
