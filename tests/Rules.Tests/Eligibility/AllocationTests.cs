using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using static EligibilityGateway.Rules.Tests.Eligibility.Known;

namespace EligibilityGateway.Rules.Tests.Eligibility;

/// <summary>The rules run once a tap: nothing is allocated but the decision itself.</summary>
public sealed class AllocationTests
{
    // The decision is an object of some 90 bytes; a class that the insurer gave is another of 32.
    [Fact]
    public void One_coverage_and_no_limit_allocate_the_decision_alone() =>
        Assert.InRange(BytesOfOne(Person("1980-05-05", [Coverage("2020-04-01")])), 1, 96);

    [Fact]
    public void A_class_from_the_ratio_allocates_nothing_more() =>
        Assert.InRange(BytesOfOne(Person("1954-05-05", [Coverage("2000-04-01")], burdens: [Burden(20, "2026-08-01")])), 1, 96);

    [Fact]
    public void A_class_that_the_insurer_gave_allocates_itself() =>
        Assert.InRange(BytesOfOne(Person("1980-05-05", [Coverage("2020-04-01")], limits: [Limit("A03", "2026-08-01")])), 1, 128);

    private static long BytesOfOne(PersonSnapshot person)
    {
        const int Times = 1000;
        var day = Day("2026-10-15");
        for (var n = 0; n < Times; n++) EligibilityRules.Decide(person, day, null, true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < Times; n++) EligibilityRules.Decide(person, day, null, true);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }
}
