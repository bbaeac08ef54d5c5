using System.Globalization;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.LookUps;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>Which days and numbers are taken as typed, and on which field an error is told.</summary>
public sealed class LookUpFormTests
{
    [Theory]
    [InlineData("2026-10-15", "", null)]
    [InlineData("2026-10-15", "1921-12-31", "before health insurance")]
    [InlineData("2026-10-15", "1922-01-01", null)]
    [InlineData("2026-10-15", "2027-10-15", null)]
    [InlineData("2026-10-15", "2027-10-16", "more than a year ahead")]
    [InlineData("2027-03-01", "2028-03-01", null)]
    [InlineData("2028-02-29", "2029-02-28", null)]
    [InlineData("2028-02-29", "2029-03-01", "more than a year ahead")]
    [InlineData("2026-10-15", "2026-02-31", "a day that exists")]
    [InlineData("2026-10-15", "2027-02-29", "a day that exists")]
    [InlineData("2026-10-15", "2026-2-1", "a day that exists")]
    [InlineData("2026-10-15", "20261015", "a day that exists")]
    public void A_service_date_that_can_not_be_is_told_on_its_field(string today, string serviceDate, string? because) =>
        AssertFault(Fault(today, look => look.ServiceDate = serviceDate), "service_date", because);

    [Theory]
    [InlineData("39131156", "", null)]
    [InlineData("39131156", "  ", null)]
    [InlineData("39131156", "00", "have no branch")]
    [InlineData("01130012", "00", null)]
    [InlineData("  138057", "", null)]
    public void The_scheme_for_75_and_over_has_no_branch(string insurer, string branch, string? because) =>
        AssertFault(Fault("2026-10-15", look => (look.Document.InsurerNumber, look.Document.Branch) = (insurer, branch)), "document.branch", because);

    private static void AssertFault(FormFault? fault, string field, string? because)
    {
        if (because is null)
        {
            Assert.Null(fault);
            return;
        }
        Assert.Equal(field, fault?.Field);
        Assert.Contains(because, fault!.Value.Description, StringComparison.Ordinal);
    }

    private static FormFault? Fault(string today, Action<LookUp> change)
    {
        var look = new LookUp
        {
            EventId = Guid.CreateVersion7().ToString(),
            Purpose = Purpose.Care,
            Document = new DocumentTyped { Kind = DocumentKind.EligibilityCertificate, InsurerNumber = "01130012", Symbol = "12", Number = "3456", BirthDate = "1980-05-05" },
        };
        change(look);
        var faults = new List<FormFault>();
        var request = LookUpForm.Read(look, DateOnly.Parse(today, CultureInfo.InvariantCulture), faults);
        Assert.Equal(request is null, faults.Count > 0);
        return faults.Count == 0 ? null : Assert.Single(faults);
    }
}
