using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>A reader agent as a process of its own; it ends when its input does, and so with this process, however that ends.</summary>
public sealed class ReaderAgentProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(12);

    private readonly Process _process;
    private readonly string _name;
    private int _lastId;

    private ReaderAgentProcess(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>Starts an agent; completes when a gateway has let its terminal in.</summary>
    /// <exception cref="ScenarioException">It did not come up.</exception>
    public static async Task<ReaderAgentProcess> StartAsync(string name, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = utf8,
            StandardOutputEncoding = utf8,
        };
        var process = Process.Start(start) ?? throw new ScenarioException($"The reader agent {name} can't be started.");
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                if (errors.Length < 2_000 && line.Data is { } text) errors.Append(text).Append(' ');
            }
        };
        process.BeginErrorReadLine();
        var agent = new ReaderAgentProcess(process, name);
        try
        {
            var ready = await agent.ReadAsync(ReadyWithin, cancellation);
            if (ready?["ready"]?.GetValue<bool>() is true) return agent;
        }
        catch (TimeoutException)
        {
            // Told below, like an agent that ended at once.
        }
        await agent.DisposeAsync();
        lock (errors) throw new ScenarioException($"The reader agent {name} did not come up: {errors.ToString().Trim()}");
    }

    /// <summary>Gives the agent a command and waits for its result.</summary>
    /// <param name="command">As the agent's simulate command reads it, without an id.</param>
    /// <param name="of">Id of the earlier command that it is about; null where it is about none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ScenarioException">There was none in time.</exception>
    public async Task<(string CommandId, JsonElement Result)> DoAsync(JsonElement command, string? of, CancellationToken cancellation)
    {
        var id = $"{++_lastId}";
        var line = JsonNode.Parse(command.GetRawText())!.AsObject();
        line["id"] = id;
        if (of is not null) line["of"] = of;
        return (id, await DoAsync(id, line, cancellation));
    }

    /// <summary>Sends the event of an earlier command again.</summary>
    public Task<JsonElement> SendAgainAsync(string commandId, CancellationToken cancellation)
    {
        var id = $"{++_lastId}";
        return DoAsync(id, new JsonObject { ["id"] = id, ["do"] = "resend", ["of"] = commandId }, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(EndWithin);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
        _process.Dispose();
    }

    private async Task<JsonElement> DoAsync(string id, JsonObject line, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(line.ToJsonString().AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        try
        {
            // Results of an earlier run's spool may come in between.
            while (await ReadAsync(AnswerWithin, cancellation) is { } result)
                if (result["id"]?.GetValue<string>() == id) return JsonSerializer.SerializeToElement(result);
        }
        catch (TimeoutException)
        {
            throw new ScenarioException($"The reader agent {_name} gave no result within {AnswerWithin.TotalSeconds:F0} s.");
        }
        throw new ScenarioException($"The reader agent {_name} ended.");
    }

    private async Task<JsonObject?> ReadAsync(TimeSpan within, CancellationToken cancellation) =>
        await _process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(within, cancellation) is { } line
            ? JsonNode.Parse(line)?.AsObject()
            : null;
}
