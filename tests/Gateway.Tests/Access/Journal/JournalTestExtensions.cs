using System.Text;
using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

internal static class JournalTestExtensions
{
    public static async Task<JournalPosition> AppendDurablyAsync(this AccessJournal journal, byte[] content, bool emergency = false)
    {
        var outcome = await journal.AppendAsync(content, emergency, TestContext.Current.CancellationToken);
        Assert.Equal(AppendStatus.Durable, outcome.Status);
        return outcome.Position;
    }

    public static Task<JournalPosition> AppendDurablyAsync(this AccessJournal journal, string content) =>
        journal.AppendDurablyAsync(Encoding.UTF8.GetBytes(content));

    public static string[] Texts(this IReadOnlyList<JournalEntry> entries) =>
        [.. entries.Select(entry => Encoding.UTF8.GetString(entry.Content.Span))];

    public static Task MarkAsync(this AccessJournal journal, JournalPosition position) =>
        journal.MarkDrainedAsync(position, TestContext.Current.CancellationToken);
}
