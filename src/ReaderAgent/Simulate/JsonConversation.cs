using EligibilityGateway.Contracts;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>One JSON object a line, both ways.</summary>
internal sealed class JsonConversation(TextReader input, TextWriter output) : IConversation
{
    private readonly Lock _gate = new();

    public async Task<DeskCommand?> NextAsync(CancellationToken cancel)
    {
        // Standard input can't be cancelled while it waits; the wait can.
        while (await input.ReadLineAsync(cancel).AsTask().WaitAsync(cancel) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (CommandReader.FromJson(line, out var id, out var fault) is { } command) return command;
            Show(ResultPages.Bad(id, fault));
        }
        return null;
    }

    public void Greet(TerminalIdentity terminal) => Write(ResultJson.Ready(terminal));

    public void Show(Result result) => Write(ResultJson.Of(result));

    private void Write(string line)
    {
        lock (_gate)
        {
            output.Write(line);
            output.Write('\n');
            output.Flush();
        }
    }
}
