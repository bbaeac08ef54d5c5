using System.CommandLine;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.LoadTests.Idle;
using EligibilityGateway.LoadTests.PeakHour;

namespace EligibilityGateway.LoadTests.Tests;

public sealed class CommandsTests
{
    public static TheoryData<Exception> Expected => [new MeasurementException("no\nquiet"), new SettingsException("no\r\nport"), new StorageException("no\nPostgres")];

    [Theory]
    [MemberData(nameof(Expected), DisableDiscoveryEnumeration = true)]
    public async Task What_stops_a_command_is_one_line_and_exit_code_1(Exception e)
    {
        using var errors = new StringWriter();
        Assert.Equal(1, await RunAsync(e, errors));
        Assert.Equal(e.Message.ReplaceLineEndings(" ") + Environment.NewLine, errors.ToString());
    }

    [Fact]
    public async Task A_command_that_is_told_to_stop_ends_as_interrupted()
    {
        using var errors = new StringWriter();
        Assert.Equal((130, ""), (await RunAsync(new OperationCanceledException(), errors), errors.ToString()));
    }

    [Fact]
    public async Task A_bug_is_not_hidden()
    {
        using var errors = new StringWriter();
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(new InvalidOperationException("bug"), errors));
    }

    [Theory]
    [InlineData("peak-hour --rate fast", "--rate is a number above zero.")]
    [InlineData("peak-hour --rate 0", "--rate is a number above zero.")]
    [InlineData("peak-hour --seconds NaN", "--seconds is a number above zero.")]
    [InlineData("peak-hour --terminals many", "--terminals is a whole number from 1 to 60,000.")]
    [InlineData("peak-hour --terminals 1.5", "--terminals is a whole number from 1 to 60,000.")]
    [InlineData("peak-hour --window -1", "--window is a whole number from 1 to")]
    [InlineData("peak-hour --seed x", "--seed is a whole number from")]
    [InlineData("peak-hour --people none", "--people is a whole number from 1 to")]
    [InlineData("idle --terminals 0", "--terminals is a whole number from 1 to 60,000.")]
    [InlineData("idel", "has no such command: did you mean idle?")]
    [InlineData("", "A command is missing after")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_1(string line, string said)
    {
        using var errors = new StringWriter();
        var root = new RootCommand { PeakHourCommand.Create(), IdleCommand.Create() };
        Assert.Equal(1, await Commands.RunAsync(root, line.Split(' ', StringSplitOptions.RemoveEmptyEntries), errors));
        Assert.Contains(said, errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(errors.ToString().IndexOf('\n', StringComparison.Ordinal), errors.ToString().Length - 1);
    }

    private static Task<int> RunAsync(Exception e, TextWriter errors)
    {
        var fails = new Command("fails");
        fails.SetAction((_, _) => Task.FromException<int>(e));
        return Commands.RunAsync(new RootCommand { fails }, ["fails"], errors);
    }
}
