using System.Globalization;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using Spectre.Console;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>Shows how an import goes: a bar for each stage on a terminal, a line for each tenth in a pipe. What was found goes out at once.</summary>
internal sealed class ImportProgress : IFeedListener
{
    private const int Tenths = 10;

    private static readonly int Stages = Enum.GetValues<FeedStage>().Length;

    private readonly ProgressContext? _bars;
    private readonly ProgressTask?[] _bar = new ProgressTask?[Stages];
    private readonly long[] _tenth = new long[Stages];

    private ImportProgress(ProgressContext? bars) => _bars = bars;

    public static Task<T> RunAsync<T>(Func<IFeedListener, Task<T>> work) =>
        Console.IsOutputRedirected ? work(new ImportProgress(null)) : AnsiConsole.Progress().StartAsync(bars => work(new ImportProgress(bars)));

    public void Found(FeedFault fault) => Say(fault.ToString());

    public void Accepted(FeedBatch batch)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"Accepted: batch {batch.Id}, {Counted.Of(batch.Changes, "change")}. It will be applied, by the next import if not by this one."));
        Begin(FeedStage.Applying);
    }

    public void Resumed(FeedBatch batch)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"Resuming: batch {batch.Id}, left after {batch.StepsDone:N0} of {Counted.Of(batch.Steps, "step")}."));
        Begin(FeedStage.Applying);
    }

    public void Refused(FeedBatch batch, FeedRefusal refusal) => Say($"Batch {batch.Id}: {refusal}.");

    public void Progressed(FeedStage stage, long done, long total)
    {
        if (_bars is not null)
        {
            var bar = _bar[(int)stage] ??= _bars.AddTask(stage.ToString());
            bar.MaxValue = Math.Max(total, 1);
            bar.Value = done;
        }
        else if (total > 0 && Tenths * done / total is var tenth && tenth > _tenth[(int)stage])
        {
            _tenth[(int)stage] = tenth;
            Say(string.Create(CultureInfo.InvariantCulture, $"{stage}: {done:N0} of {Counted.Of(total, stage switch { FeedStage.Reading => "byte", FeedStage.Checking => "check", _ => "change" })}"));
        }
    }

    /// <summary>A further batch begins the stage anew.</summary>
    private void Begin(FeedStage stage)
    {
        _bar[(int)stage] = null;
        _tenth[(int)stage] = 0;
    }

    private void Say(string line)
    {
        if (_bars is null) Console.WriteLine(line);
        else AnsiConsole.WriteLine(line);
    }
}
