using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace EligibilityGateway.Common.CommandLines;

/// <summary>
/// What is wrong with a command line, in one line that says what to do, and not with a page of help. What was typed is not repeated, but
/// for the names of options: it may be a person's number.
/// </summary>
public static partial class CommandFault
{
    /// <summary>What is wrong; null where the command can run.</summary>
    public static string? In(ParseResult parsed)
    {
        // Help and the version are shown whatever else was typed.
        if (parsed.Action is not ParseErrorAction) return null;
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        var faults = parsed.UnmatchedTokens.Count > 0
            ? [Unmatched(parsed.UnmatchedTokens[0], command, path)]
            : command.Action is null && command.Subcommands.Count > 0
                ? [$"A command is missing after `{path}`: {NamesOf(command.Subcommands)}."]
                : parsed.Errors.Select(Sentence);
        return $"{string.Join(' ', faults.Distinct())} `{path} --help` says what it takes.".ReplaceLineEndings(" ");
    }

    private static string Unmatched(string typed, Command command, string path)
    {
        if (OptionName().Match(typed) is { Success: true, Value: var name })
            return $"`{path}` has no option {name}{DidYouMean(NearestName.Of(name, command.Options.Select(option => option.Name)), ".")}";
        if (command.Subcommands.Count > 0)
            return $"`{path}` has no such command{DidYouMean(NearestName.Of(typed, command.Subcommands.Select(sub => sub.Name)), $": {NamesOf(command.Subcommands)}.")}";
        return $"There is a word too many after `{path}`.";
    }

    private static string DidYouMean(string? nearest, string otherwise) => nearest is null ? otherwise : $": did you mean {nearest}?";

    private static string Sentence(ParseError error) =>
        // The library's own sentence quotes what was typed and names a type of the program's.
        error.SymbolResult is OptionResult { Option.Name: var name } && error.Message.StartsWith("Cannot parse", StringComparison.Ordinal) ? $"{name} takes no such value." : error.Message;

    private static string NamesOf(IEnumerable<Command> commands) => string.Join(", ", commands.Where(command => !command.Hidden).Select(command => command.Name));

    private static string PathOf(SymbolResult? result)
    {
        var words = new Stack<string>();
        for (; result is CommandResult command; result = result.Parent) words.Push(command.Command.Name);
        return string.Join(' ', words);
    }

    /// <summary>The name alone, without a value that is written into the same word.</summary>
    [GeneratedRegex("^--?[a-zA-Z][a-zA-Z-]*")]
    private static partial Regex OptionName();
}
