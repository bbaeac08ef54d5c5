using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Screen;
using EligibilityGateway.ReaderAgent.Simulate;
using EligibilityGateway.ReaderAgent.Tests.Cards;

namespace EligibilityGateway.ReaderAgent.Tests.Simulate;

/// <summary>The terminal at the keyboard: what is printed for what is typed.</summary>
public sealed class TypedConversationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SoftwareCards _cards;

    public TypedConversationTests() => _cards = new SoftwareCards(_folder["cards"]);

    public void Dispose()
    {
        _cards.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Cards_are_listed_with_their_PINs()
    {
        TestCards.First.Lay(_folder["cards"], "hanako");
        (TestCards.Smartphone with { Pin = "9876" }).Lay(_folder["cards"], "phone");
        TestCards.WithoutCertificate.Lay(_folder["cards"], "an-old-one");
        File.WriteAllText(_folder["cards/broken.json"], "{}");
        var (printed, commands) = await TypeAsync("cards");
        Assert.Equal("an-old-one  PIN 1234, without a user-authentication certificate\nhanako      PIN 1234\nphone       PIN 9876, a phone\n", printed);
        Assert.Empty(commands);
    }

    [Fact]
    public async Task A_folder_without_cards_says_so() => Assert.Equal("There are no cards in the folder of --cards.\n", (await TypeAsync("cards")).Printed);

    [Theory]
    [InlineData("tpa employee 1234", "Word 1, \"tpa\", must be one of: tap, type, resend, charge, take-back, status, cards, help, quit. Did you mean tap?")]
    [InlineData("tap employee fase", "Word 3, \"fase\", must be one of: the PIN, face, sight. Did you mean face?")]
    [InlineData("tap employee 1234 caer", "Word 4, \"caer\", must be one of: care, dispensing, emergency-care, emergency-transport, registration, given, month, cannot-consent. Did you mean care?")]
    [InlineData("tap employee 1234 care cannot", "Word 5, \"cannot\", must be one of: given, month, cannot-consent.")]
    [InlineData("tap employee", "It is typed so: tap CARD PIN|face|sight [care|dispensing|emergency-care|emergency-transport|registration] [given|month|cannot-consent]")]
    [InlineData("charge 1 12,340 3700", "Word 3 must be one of: whole yen.")]
    [InlineData("charge 1", "It is typed so: charge N COST PAID")]
    [InlineData("status now", "It is typed so: status")]
    // It could be a My Number.
    [InlineData("123456789018", "Word 1 must be one of: tap, type, resend, charge, take-back, status, cards, help, quit.")]
    public async Task A_wrong_word_is_told(string line, string told)
    {
        var (printed, commands) = await TypeAsync(line);
        Assert.Equal(told + "\n", printed);
        Assert.Empty(commands);
    }

    [Fact]
    public async Task A_wrong_document_is_told() =>
        Assert.StartsWith("Word 2, \"eligibility-certifcate\", must be one of: ", (await TypeAsync("type eligibility-certifcate 139907 国77 9000888 01 1966-07-08")).Printed, StringComparison.Ordinal);

    [Fact]
    public async Task A_wrong_word_is_told_in_Japanese()
    {
        var (printed, _) = await TypeAsync("tap employee fase", Words.Japanese);
        Assert.Equal("3番目の「fase」は使えません。次のいずれかを入力してください：暗証番号, face, sight。 「face」ではありませんか。\n", printed);
    }

    [Fact]
    public async Task Help_says_how_each_command_is_typed()
    {
        var lines = (await TypeAsync("help")).Printed.TrimEnd('\n').Split('\n');
        Assert.Equal(["tap", "type", "resend", "charge", "take-back", "status", "cards", "help", "quit"], lines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Commands_are_numbered_as_they_are_taken_and_wide_spaces_part_words()
    {
        var (_, commands) = await TypeAsync("tap employee\ntap employee 1234\n　tap　employee　face　month\ntype eligibility-certificate 139907 - 9000888 - 1966-07-08\ncharge 1 12340 3700\nresend 1\ntake-back 4\nstatus\nquit\nstatus");
        Assert.Equal(
            [
                new TapCommand("1", "employee", "pin", "1234"), new TypeCommand("3", "eligibility-certificate", "139907", "", "9000888", "", "1966-07-08"), new ChargeCommand("4", "1", 12_340, 3_700),
                new ResendCommand("5", "1"), new TakeBackCommand("6", "4"), new StatusCommand("7"),
            ],
            commands.Where(command => command is not TapCommand { Consents: not null }));
        Assert.Equal(("2", "face", new ConsentWords("month-elsewhere", true)), commands[1] is TapCommand tap ? (tap.Id, tap.Proof, Assert.Single(tap.Consents!)) : default);
    }

    private async Task<(string Printed, List<DeskCommand> Commands)> TypeAsync(string lines, Words? words = null)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var conversation = new TypedConversation(new StringReader(lines), output, _cards, words ?? Words.English);
        var commands = new List<DeskCommand>();
        while (await conversation.NextAsync(TestContext.Current.CancellationToken) is { } command) commands.Add(command);
        return (output.ToString(), commands);
    }
}
