using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EligibilityGateway.Demo.Embedded;
using EligibilityGateway.Gateway.Storage;
using Npgsql;

namespace EligibilityGateway.Gateway.Tests.Demo;

/// <summary>
/// The demonstration as a newcomer meets it: a process that is started again and again on one folder, and is broken off at any moment.
/// </summary>
public sealed partial class DemonstrationTests : IAsyncLifetime
{
    private const string FewPeople = "2000";
    private const string AllAsExpected = "All 40 steps went as expected.";

    private readonly string _folder = TestFolder.NewPath();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Twice_in_a_row_and_after_a_kill_amid_the_scenario_each_step_goes_as_expected_and_records_stay()
    {
        AssertPrinted((await RunsWellAsync(FewPeople)).Output);
        var first = await RecordedEventsAsync();
        Assert.NotEmpty(first);

        await RunsWellAsync(FewPeople);
        var second = await RecordedEventsAsync();
        Assert.Superset(first, second);
        Assert.Equal(2 * first.Count, second.Count);

        using (var killed = DemoProcess.Start(_folder, "--once", "--people", FewPeople))
        {
            await killed.UntilAsync("1分前にカードの紛失の届出");
            killed.Signal(DemoProcess.Kill);
            var end = await killed.EndAsync();
            Assert.NotEqual(0, end.ExitCode);
            Assert.DoesNotContain(AllAsExpected, end.Output, StringComparison.Ordinal);
        }
        var third = await RecordedEventsAsync();
        Assert.Superset(second, third);
        Assert.InRange(third.Count - second.Count, 1, first.Count - 1);

        await RunsWellAsync(FewPeople);
        var last = await RecordedEventsAsync();
        Assert.Superset(third, last);
        // An event that the killed run left in a spool may have been asked again.
        Assert.InRange(last.Count - third.Count, first.Count, first.Count + 1);
    }

    [Fact]
    public async Task After_a_kill_amid_the_load_of_people_the_next_run_loads_them_and_goes_as_expected()
    {
        const string enoughPeople = "60000";
        using (var killed = DemoProcess.Start(_folder, "--once", "--people", enoughPeople))
        {
            // 0 % may be told before there is anything to cut off.
            while ((await killed.UntilAsync("Synthetic population: ")).EndsWith(" 0%", StringComparison.Ordinal))
            {
            }
            killed.Signal(DemoProcess.Kill);
            await killed.EndAsync();
        }
        var end = await RunsWellAsync(enoughPeople);
        Assert.Contains("an earlier load had been cut off", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_at_any_moment_with_one_line_and_nothing_left_behind()
    {
        // Enough for their loading to be told of.
        const string people = "20000";
        foreach (var moment in (string[])["Synthetic population: ", "1分前にカードの紛失の届出"])
        {
            using var demo = DemoProcess.Start(_folder, "--people", people);
            await demo.UntilAsync(moment);
            demo.Signal(DemoProcess.Interrupt);
            var end = await demo.EndAsync();
            Assert.Equal(1, end.ExitCode);
            Assert.Equal("demo: stopped before the scenario's end.\n", end.Errors);
        }
        // While it serves, that is how it is meant to end.
        foreach (var signal in (int[])[DemoProcess.Interrupt, DemoProcess.Terminate])
        {
            using var demo = DemoProcess.Start(_folder, "--people", people, "--lang", "en");
            Assert.EndsWith("reader agents are connected.", await demo.UntilAsync("The gateway serves at"), StringComparison.Ordinal);
            await demo.UntilAsync("Try it by hand");
            await demo.UntilAsync(" --lang en");
            demo.Signal(signal);
            var end = await demo.EndAsync();
            Assert.True(end.ExitCode == 0, end.Output + end.Errors);
            Assert.Equal("", end.Errors);
            Assert.Contains("Burden", end.Output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("--people abc", "--people is a whole number from 1 to 10,000,000.")]
    [InlineData("--people 0", "--people is a whole number from 1 to 10,000,000.")]
    [InlineData("--people 1.5", "--people is a whole number from 1 to 10,000,000.")]
    [InlineData("--port abc", "--port is a whole number from 0 to 65,535.")]
    [InlineData("--port 70000", "--port is a whole number from 0 to 65,535.")]
    [InlineData("--seed -1", "--seed is a whole number from 0 to")]
    [InlineData("--lang fr", "--lang is one of: ja, en.")]
    [InlineData("--langg TellNobody", "`demo` has no option --langg: did you mean --lang?")]
    public async Task A_command_line_that_is_wrong_is_told_on_one_line(string line, string said)
    {
        using var demo = DemoProcess.Start(_folder, line.Split(' '));
        var end = await demo.EndAsync();
        Assert.Equal((1, ""), (end.ExitCode, end.Output));
        Assert.StartsWith("demo: ", end.Errors, StringComparison.Ordinal);
        Assert.Contains(said, Assert.Single(end.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("TellNobody", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_told_in_one_line_before_anything_is_made()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        using var demo = DemoProcess.Start(_folder, "--once", "--port", port);
        var end = await demo.EndAsync();
        Assert.Equal((1, ""), (end.ExitCode, end.Output));
        Assert.Equal($"demo: Port {port} on 127.0.0.1 is taken: choose another with --port, or stop what listens there.\n", end.Errors);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    private async Task<DemoEnd> RunsWellAsync(string people)
    {
        using var demo = DemoProcess.Start(_folder, "--once", "--people", people);
        var end = await demo.EndAsync();
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
        Assert.Contains(AllAsExpected, end.Output, StringComparison.Ordinal);
        return end;
    }

    /// <summary>The excerpt of README.ja.md is what is printed, but for the time.</summary>
    private static void AssertPrinted(string output)
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "README.ja.md"));
        string[] printed = [.. Times().Replace(output, "").Split('\n').Select(line => line.TrimEnd())];
        var from = 0;
        foreach (var line in Times().Replace(Excerpt().Match(readme).Groups[1].Value, "").Split('\n').Where(line => line.Trim() != "…"))
        {
            var at = Array.IndexOf(printed, line, from);
            Assert.True(at >= 0, $"README.ja.md has a line that is not printed, or not in its place: {line}");
            from = at + 1;
        }
    }

    [GeneratedRegex("表示の一部：\n\n```\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Excerpt();

    [GeneratedRegex(@"\d\d:\d\d:\d\d現在")]
    private static partial Regex Times();

    /// <summary>The events in the folder's own store, which is started for the question alone.</summary>
    private async Task<HashSet<Guid>> RecordedEventsAsync()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(Path.Combine(_folder, "postgres"), TestContext.Current.CancellationToken);
        await using var source = NpgsqlDataSource.Create(postgres.SuperuserConnectionString());
        await using var command = source.CreateCommand($"SELECT event_id FROM {StoreSchema.Name}.access_record");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var events = new HashSet<Guid>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) events.Add(reader.GetGuid(0));
        return events;
    }
}
