using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Gateway.Feeds.Insurers;

/// <summary>Who a person is from <paramref name="ValidFrom"/> on. A person whose name changes has one entry for each name.</summary>
/// <param name="PersonId">The store's own number for the person; never the 12-digit My Number.</param>
/// <param name="ValidFrom">First day on which this is so.</param>
/// <param name="Name">As written, a full-width space between family and given name.</param>
/// <param name="NameKana">Half-width katakana.</param>
/// <param name="OtherName">Another name in use, for example an alias (通称); may be empty.</param>
/// <param name="Sex">As the insurer knows it.</param>
/// <param name="BirthDate">Day of birth.</param>
/// <param name="Address">May be empty.</param>
/// <param name="PostCode">May be empty.</param>
/// <param name="OtherNameKana">Half-width katakana of <paramref name="OtherName"/>; may be empty.</param>
/// <param name="SexOnDocument">As a document shows it, where that is not the registered one; else null.</param>
public sealed record PersonEntry(
    long PersonId,
    DateOnly ValidFrom,
    string Name,
    string NameKana,
    string OtherName,
    Sex Sex,
    DateOnly BirthDate,
    string Address,
    string PostCode,
    string OtherNameKana = "",
    Sex? SexOnDocument = null);
