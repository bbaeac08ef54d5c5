using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>A person at the keyboard: commands in words, numbered as they are typed; answers as they read at the desk.</summary>
internal sealed class TypedConversation(TextReader input, TextWriter output, SoftwareCards cards, Words words) : IConversation
{
    private readonly TypedWords _commands = new(words);
    private readonly Lock _gate = new();
    private int _number;

    public async Task<DeskCommand?> NextAsync(CancellationToken cancel)
    {
        while (await input.ReadLineAsync(cancel).AsTask().WaitAsync(cancel) is { } line)
        {
            switch (line.Trim())
            {
                case "":
                    continue;
                case "quit" or "exit":
                    return null;
                case "help":
                    Write(_commands.Help);
                    continue;
                case "cards":
                    Write(new CardList(cards, words).ToString());
                    continue;
            }
            if (_commands.Read(line, (_number + 1).ToString(CultureInfo.InvariantCulture), out var fault) is { } command)
            {
                _number++;
                return command;
            }
            Write(fault);
        }
        return null;
    }

    public void Greet(TerminalIdentity terminal) =>
        Write($"{TerminalIdentity.RoleName(terminal.Role)} {terminal.Institution} {terminal.Name}\n{_commands.Help}");

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
