using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.FreshGateways;
using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests.Tests.FreshGateways;

/// <summary>The whole of it, small: real stores, real gateways, real terminals.</summary>
public sealed class FreshGatewayRunsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public FreshGatewayRunsTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Measurements read /proc.");

    [Fact]
    public async Task Each_run_has_a_gateway_of_its_own_and_every_tap_has_its_outcome()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        var folder = Directory.CreateTempSubdirectory("eligibility-fresh-");
        // Passable for the unprivileged user that Postgres runs as, or its cluster would lie elsewhere and stay.
        if (!OperatingSystem.IsWindows()) folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            var manyCold = TapMix.Realistic with { FirstTaps = 0.35 };
            var plan = TapPlan.Make(new PlanShape(20, TimeSpan.Zero, TimeSpan.FromSeconds(3), 6, manyCold, Seed: 1));
            Assert.Contains(plan.Taps, tap => tap.Kind is TapKind.Cold);
            await using var gateways = await FreshGatewayRuns.OpenAsync(folder.FullName, people: 2_000, terminals: 6, window: 4, limit.Token);
            foreach (var besideBurner in (bool[])[false, true])
            {
                var run = await gateways.RunAsync(plan, besideBurner, limit.Token);
                var tally = RunTally.Of(run.Ledger);
                Assert.Equal((plan.Taps.Count, 0), (tally.Sent, tally.Errors));
                Assert.Equal(tally.Sent, tally.Answered + tally.Busy);
                Assert.Equal(besideBurner, run.CoresBurnt > 0);
                // What the first run's gateway put into Redis is not there for the second's.
                foreach (var (outcome, tap) in run.Ledger.MeasuredOutcomes.Zip(plan.Taps))
                    if (tap.Kind is TapKind.Cold) Assert.True(outcome.Source is Source.Store or Source.Unspecified, $"{outcome}");
                // Its record says where each answer's finding was.
                Assert.DoesNotContain(run.Ledger.MeasuredOutcomes, outcome => outcome is { IsProvedAnswer: true, Source: Source.Unspecified });
                Assert.True(run.Cpu is { Gateway: > 0, Postgres: > 0, Generator: > 0 }, $"{run.Cpu}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
