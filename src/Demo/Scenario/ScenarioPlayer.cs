using System.Text.Json;
using Dapper;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>Plays the steps one after the other and compares each answer with the expected one.</summary>
/// <param name="scenario">What to play.</param>
/// <param name="agents">The terminals, by name.</param>
/// <param name="reset">Knows the cards.</param>
/// <param name="cardOffice">Where cards are reported lost.</param>
/// <param name="records">Connects as a role that may read access records.</param>
/// <param name="clock">The scenario's clock.</param>
public sealed class ScenarioPlayer(
    ScenarioFile scenario,
    IReadOnlyDictionary<string, ReaderAgentProcess> agents,
    ScenarioReset reset,
    CardOfficeFeed cardOffice,
    NpgsqlDataSource records,
    TimeProvider clock)
{
    private readonly Dictionary<string, (string CommandId, string? EventId)> _played = [];

    public async IAsyncEnumerable<PlayedStep> PlayAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var step in scenario.Steps) yield return await PlayAsync(step, cancellation);
    }

    private async Task<PlayedStep> PlayAsync(ScenarioStep step, CancellationToken cancellation)
    {
        if (step.ReportLost is { } card)
        {
            var outcome = await cardOffice.ReportLostAsync(reset.CardKeyOf(card), clock.GetUtcNow() - TimeSpan.FromMinutes(1), cancellation);
            return new PlayedStep(step, "", outcome == CardOfficeOutcome.Done ? [] : [$"the card office's report ended as {outcome}"]);
        }
        var agent = agents[step.At];
        JsonElement result;
        if (step.SendAgain is { } earlier)
        {
            result = await agent.SendAgainAsync(_played[earlier].CommandId, cancellation);
        }
        else
        {
            (var commandId, result) = await agent.DoAsync(step.Command!.Value, step.Of is { } of ? _played[of].CommandId : null, cancellation);
            _played[step.Title] = (commandId, EventIdOf(result));
        }
        var differences = step.Expect!.Differences(result).ToList();
        // What is paid is no look-up.
        if (step.Expect.Charge is null && await RecordsOfAsync(EventIdOf(result), cancellation) is var count and not 1) differences.Add($"the event has {count} access records, not 1");
        return new PlayedStep(step, result.TryGetProperty("text", out var text) ? text.GetString() ?? "" : "", differences);
    }

    private async Task<long> RecordsOfAsync(string? eventId, CancellationToken cancellation)
    {
        if (!Guid.TryParse(eventId, out var id)) return 0;
        await using var connection = await records.OpenPatientlyAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM access_record WHERE event_id = @id AND event_time = event_time(@id)", new { id }, cancellationToken: cancellation));
    }

    private static string? EventIdOf(JsonElement result) => result.TryGetProperty("eventId", out var id) ? id.GetString() : null;
}
