using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Link;
using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>Where the patient pays: reports charges and takes them back. Remembers those of this run. Not safe for several threads.</summary>
internal sealed class ChargeDesk(ChargeLine line, TimeProvider clock, Words words)
{
    private readonly ResultPages _pages = new(words);
    private readonly Dictionary<string, ChargeReport> _reported = [];

    /// <summary>Reports a charge of the patient whom that look-up found.</summary>
    public async Task<Result> ReportAsync(ChargeCommand charge, EventId lookUp, CancellationToken cancel)
    {
        var report = new ChargeReport
        {
            // One that was held keeps its id.
            ChargeId = charge.Collects is { } held && _reported.TryGetValue(held, out var earlier) ? earlier.ChargeId : EventId.New(clock).ToString(),
            LookUpEventId = lookUp.ToString(),
            Stage = charge.Held ? ChargeStage.Held : ChargeStage.Collected,
            ServiceDate = charge.ServiceDate ?? JapanTime.Format(JapanTime.Today(clock)),
            TotalCostYen = charge.TotalCost,
            ChargedYen = charge.Charged,
            Inpatient = charge.Inpatient,
            SpecificDisease = charge.SpecificDisease,
            Prescriber = charge.Prescriber ?? "",
        };
        if (charge.Id is { } id) _reported[id] = report;
        return _pages.Of(charge.Id, await line.ReportAsync(report, cancel));
    }

    /// <summary>Takes the charge of an earlier command back.</summary>
    public async Task<Result> TakeBackAsync(TakeBackCommand back, CancellationToken cancel) => _reported.TryGetValue(back.Of, out var report)
        ? _pages.Of(back.Id, await line.TakeBackAsync(new ChargeTakenBack { ChargeId = report.ChargeId }, cancel))
        : ResultPages.Bad(back.Id, words["NothingToTakeBack"]);
}
