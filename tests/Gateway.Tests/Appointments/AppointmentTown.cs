using EligibilityGateway.Gateway.Feeds.Insurers;

namespace EligibilityGateway.Gateway.Tests.Appointments;

/// <summary>People with an eligibility certificate, as most rows of a site are.</summary>
internal static class AppointmentTown
{
    public static async Task<TestPerson> AddCertifiedAsync(this TestTown town, DateOnly? lostOn = null)
    {
        var person = await town.AddPersonAsync(lostOn: lostOn);
        await town.DeliverAsync(new InsurerDelivery
        {
            EligibilityCertificates = [new(person.Id, person.Id, person.CoverageId, TestTown.Today.AddMonths(-1), TestTown.Today.AddYears(1))],
        });
        return person;
    }
}
