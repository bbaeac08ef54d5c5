using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Contracts.WrittenText;

namespace EligibilityGateway.Gateway.LookUps;

/// <summary>Who it is and by whom insured, in the public message.</summary>
internal static class PersonWriter
{
    /// <param name="detail">As of the service date.</param>
    /// <param name="withAddress">False where no coverage counts: an ended document opens no address.</param>
    public static Person Write(PersonDetail detail, bool withAddress) => new()
    {
        Name = Answered(detail.Name),
        NameKana = Answered(detail.NameKana),
        OtherName = Answered(detail.OtherName),
        Sex = (Contracts.V1.Sex)detail.Sex,
        BirthDate = JapanTime.Format(detail.BirthDate),
        Address = withAddress ? Answered(detail.Address) : "",
        PostCode = withAddress ? Answered(detail.PostCode) : "",
        OtherNameKana = Answered(detail.OtherNameKana),
        SexOnDocument = (Contracts.V1.Sex)(detail.SexOnDocument ?? 0),
    };

    public static Coverage Write(CoverageFact coverage, PersonSnapshot person, DateOnly serviceDate, bool billFirst) => new()
    {
        InsurerNumber = coverage.InsurerNumber,
        InsurerName = Answered(coverage.InsurerName),
        Symbol = Answered(coverage.Symbol),
        Number = Answered(coverage.Number),
        Branch = coverage.Branch ?? "",
        Classification = coverage.Classification,
        Relation = (uint)coverage.Relation,
        AcquiredOn = JapanTime.Format(coverage.AcquiredOn),
        LostOn = DayText.Of(coverage.LostOn),
        BillFirst = billFirst,
        InsuredName = Answered(coverage.InsuredName),
        LossReason = coverage.LossReason?.ToString("00", CultureInfo.InvariantCulture) ?? "",
        Certificate = EligibilityCertificateRule.LatestOn(serviceDate, person, coverage) is { } certificate
            ? new EligibilityCertificate { IssuedOn = JapanTime.Format(certificate.IssuedOn), ValidUntil = JapanTime.Format(certificate.ValidUntil) }
            : null,
    };
}
