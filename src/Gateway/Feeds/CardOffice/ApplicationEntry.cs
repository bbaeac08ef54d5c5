using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Applications;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>What the card office tells of one application.</summary>
/// <param name="Id">The id on its form.</param>
/// <param name="BirthDate">The applicant's; the same in all reports of one application.</param>
/// <param name="Report">How far it has come.</param>
/// <param name="Line">Of the file that it came with; 0 where there is none.</param>
public sealed record ApplicationEntry(CardApplicationId Id, DateOnly BirthDate, ApplicationReport Report, long Line = 0);
