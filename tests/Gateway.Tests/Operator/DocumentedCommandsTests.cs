using System.Text;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Gateway.Operator;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary>Each line of the documents that begins with <c>gateway</c> is one that the program takes.</summary>
public sealed class DocumentedCommandsTests
{
    public static TheoryData<string, string> All()
    {
        var all = new TheoryData<string, string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "docs"), "*.md").Order(StringComparer.Ordinal))
            foreach (var line in CommandsIn(File.ReadAllText(file))) all.Add(Path.GetFileName(file), line);
        return all;
    }

    [Theory, MemberData(nameof(All))]
    public void It_is_taken(string document, string line)
    {
        var fault = CommandFault.In(GatewayCommands.Create().Parse(WordsOf(line)[1..]));
        Assert.True(fault is null, $"{document}: {line}: {fault}");
    }

    [Theory]
    [InlineData("gateway import coverage changes.csv --insurer '06139992' > out  # note", "gateway|import|coverage|changes.csv|--insurer|06139992")]
    [InlineData("gateway history --because '請求 2026-0815' | head -1", "gateway|history|--because|請求 2026-0815")]
    public void Words_are_read_as_a_shell_reads_them(string line, string words) => Assert.Equal(words, string.Join('|', WordsOf(line)));

    [Fact]
    public void They_are_found() => Assert.InRange(All().Count, 30, 200);

    // Of blocks of code; a line that ends with a backslash goes on.
    private static IEnumerable<string> CommandsIn(string document)
    {
        var isCode = false;
        var begun = "";
        foreach (var line in document.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            else if (isCode && (begun.Length > 0 || line.StartsWith("gateway ", StringComparison.Ordinal)))
            {
                begun += line.TrimEnd('\\');
                if (line.EndsWith('\\')) continue;
                yield return begun;
                begun = "";
            }
        }
    }

    private static List<string> WordsOf(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        foreach (var letter in line)
        {
            if (quote != '\0')
            {
                if (letter == quote) quote = '\0';
                else word.Append(letter);
            }
            else if (letter is '\'' or '"') (quote, isWord) = (letter, true);
            else if (letter is '>' or '|' or '#' or ';' or '&') break;
            else if (letter != ' ') (word, isWord) = (word.Append(letter), true);
            else if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }
        if (isWord) words.Add(word.ToString());
        return words;
    }
}
