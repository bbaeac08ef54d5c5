using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>A person at the keyboard: commands in words, numbered as they are typed; answers as they read at the desk.</summary>
internal sealed class TypedConversation(TextReader input, TextWriter output, Words words) : IConversation
{
    private readonly Lock _gate = new();
    private int _number;

    public async Task<DeskCommand?> NextAsync(CancellationToken cancel)
    {
        while (await input.ReadLineAsync(cancel).AsTask().WaitAsync(cancel) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (line.Trim() is "quit" or "exit") return null;
            var id = (++_number).ToString(CultureInfo.InvariantCulture);
            if (CommandReader.FromWords(line, id) is { } command) return command;
            Write(words["Help"]);
        }
        return null;
    }

    public void Greet(TerminalIdentity terminal) =>
        Write($"{TerminalIdentity.RoleName(terminal.Role)} {terminal.Institution} {terminal.Name}\n{words["Help"]}");

    public void Show(Result result) => Write($"[{result.Id ?? "-"}]\n{result.Text}\n");

    private void Write(string text)
    {
        lock (_gate)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }
}
