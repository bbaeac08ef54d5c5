using System.Collections.Concurrent;
using System.Diagnostics;

namespace EligibilityGateway.Gateway.Tests.Silence;

/// <summary>All activities of this process, from every source, with their tags and events.</summary>
internal sealed class CapturedTraces : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ActivityListener _listener;

    public CapturedTraces()
    {
        _listener = new ActivityListener
        {
            // The desks are in this process too; their HTTP client's activities are theirs.
            ShouldListenTo = source => source.Name != "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _lines.Enqueue(Describe(activity)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public string Text => string.Join('\n', _lines);

    public void Dispose() => _listener.Dispose();

    private static string Describe(Activity activity) => string.Join(
        ' ',
        [
            activity.Source.Name, activity.OperationName, activity.DisplayName, $"{activity.Status}", activity.StatusDescription, activity.TraceStateString,
            .. activity.TagObjects.Select(Tag), .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"),
            .. activity.Events.SelectMany(e => e.Tags.Select(Tag).Prepend(e.Name)), .. activity.Links.SelectMany(link => (link.Tags ?? []).Select(Tag)),
        ]);

    private static string Tag(KeyValuePair<string, object?> tag) =>
        $"{tag.Key}={(tag.Value is System.Collections.IEnumerable values and not string ? string.Join(",", values.Cast<object?>()) : tag.Value)}";
}
