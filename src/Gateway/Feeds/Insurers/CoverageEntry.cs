using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>A coverage (資格) from <paramref name="AcquiredOn"/> until the day before <paramref name="LostOn"/>.</summary>
/// <param name="CoverageId">The insurer's own number for it, the same through all revisions.</param>
/// <param name="PersonId">Whose coverage it is.</param>
/// <param name="Insurer">Who insures.</param>
/// <param name="Classification">InsuredCardClassification: 01 to 07, A1.</param>
/// <param name="Numbers">Symbol, number and branch, in the form by which documents are looked up.</param>
/// <param name="Relation">Insured person or dependant.</param>
/// <param name="InsuredName">Name of the insured person or head of household.</param>
/// <param name="AcquiredOn">First day (資格取得日).</param>
/// <param name="LostOn">First day no longer covered (資格喪失日); null while open.</param>
/// <param name="LossReason">1 death, 2 public assistance, 3 other insurance, 99 other; null while open.</param>
/// <param name="HouseholdContinuesOn">The household moved here within the prefecture on that day and goes on; null where it did not.</param>
/// <param name="InsuredTurned75On">The insured person turned 75 on that day, by which this dependant changed insurers; null where that was not so.</param>
public sealed record CoverageEntry(
    long CoverageId,
    long PersonId,
    InsurerNumber Insurer,
    string Classification,
    DocumentNumbers Numbers,
    Relation Relation,
    string InsuredName,
    DateOnly AcquiredOn,
    DateOnly? LostOn,
    short? LossReason,
    DateOnly? HouseholdContinuesOn = null,
    DateOnly? InsuredTurned75On = null);
