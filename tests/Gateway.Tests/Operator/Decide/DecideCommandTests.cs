using System.Text;
using System.Text.Json.Nodes;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>The command as a process: how it ends, and that nothing on a line ends it.</summary>
public sealed class DecideCommandTests
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(Line("2026-08-10", [Member()], Bill(10_000, "2026-08-10")).ToJsonString() + "\n");

    [Fact]
    public async Task No_line_ends_it_or_costs_another_line_its_answer()
    {
        var withoutId = Member();
        withoutId.Remove("id");
        byte[][] bad =
        [
            @"{""id"":""\ud800"",""service_date"":""2026-08-10""}"u8.ToArray(),
            Encoding.UTF8.GetBytes(Line("2026-08-10", [withoutId], Bill(10_000, "2026-08-10")).ToJsonString()),
            Encoding.UTF8.GetBytes(Line("2026-08-10", [Member(id: "A")], Bill(10_000, "2026-08-10", member: "B")).ToJsonString()
                .Replace("\"A\"", "1e99999999999", StringComparison.Ordinal).Replace("\"B\"", "1e99999999998", StringComparison.Ordinal)),
            [0xFF, 0xFE],
            [],
        ];
        byte[] lines = [.. bad.SelectMany(line => (byte[])[.. Good, .. line, (byte)'\n']), .. Good];
        await using var command = DecideProcess.Start();
        var answers = Encoding.UTF8.GetString(await command.AnswersToAsync(lines)).TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal((0, ""), await command.EndAsync());
        Assert.Equal((2 * bad.Length) + 1, answers.Count);
        for (var i = 0; i < answers.Count; i++) Assert.Equal(i % 2 == 0 ? "valid" : null, (string?)answers[i]["validity"]);
    }

    [Fact]
    public async Task A_full_disk_ends_it_with_one_message()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var command = DecideProcess.Start($"exec {DecideProcess.Decide} > /dev/full");
        await command.WriteUntilClosedAsync(Good);
        await command.AssertRefusedAsync("Standard output");
    }

    [Fact]
    public async Task A_reader_that_has_gone_ends_it_with_one_message()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var command = DecideProcess.Start();
        await command.Input.WriteAsync(Good);
        await command.Input.FlushAsync();
        Assert.Contains("valid", await command.ReadLineAsync(), StringComparison.Ordinal);
        command.Output.Close();
        await command.WriteUntilClosedAsync(Good);
        await command.AssertRefusedAsync("Standard output");
    }

    [Fact]
    public async Task A_reader_that_has_gone_ends_it_though_no_more_input_comes()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var command = DecideProcess.Start();
        command.Output.Close();
        await command.Input.WriteAsync(Good);
        await command.Input.FlushAsync();
        await command.AssertRefusedAsync("Standard output");
    }

    [Theory]
    [InlineData($"{{ {DecideProcess.Decide}; echo $? >&2; }} | head -n 1 > /dev/null")]
    [InlineData($"{DecideProcess.Decide} >&-; echo $? >&2")]
    public async Task A_closed_output_ends_it_with_one_message(string script)
    {
        if (OperatingSystem.IsWindows()) return;
        await using var command = DecideProcess.Start(script);
        await command.WriteUntilClosedAsync(Good);
        var errors = (await command.EndAsync()).Errors.Split('\n');
        Assert.StartsWith("gateway: Standard output", errors[0], StringComparison.Ordinal);
        Assert.Equal(["1", ""], errors[1..]);
    }

    [Fact]
    public async Task Two_of_them_write_to_one_file_one_behind_the_other()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = Path.GetTempFileName();
        try
        {
            // The file is opened once for both: the second must go on where the first has ended.
            await using var command = DecideProcess.Start($$"""{ echo '{"id":1}' | {{DecideProcess.Decide}}; echo '{"id":2}' | {{DecideProcess.Decide}}; } > '{{file}}'""");
            Assert.Equal((0, ""), await command.EndAsync());
            Assert.Equal([1, 2], (await File.ReadAllLinesAsync(file)).Select(line => (int?)JsonNode.Parse(line)!["id"]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task An_input_that_cannot_be_read_ends_it_with_one_message()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var command = DecideProcess.Start($"exec {DecideProcess.Decide} < /");
        await command.AssertRefusedAsync("Standard input");
    }

    [Fact]
    public async Task A_stop_ends_it_while_it_waits_for_input()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var command = DecideProcess.Start();
        await command.Input.WriteAsync(Good);
        await command.Input.FlushAsync();
        Assert.Contains("valid", await command.ReadLineAsync(), StringComparison.Ordinal);
        command.Terminate();
        await command.AssertRefusedAsync("Stopped");
    }
}
