using System.CommandLine;
using EligibilityGateway.Gateway;
using EligibilityGateway.Gateway.Storage;

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

    private static Task<int> RunAsync(Exception e, TextWriter errors)
    {
        var fails = new Command("fails");
        fails.SetAction((_, _) => Task.FromException<int>(e));
        return Commands.RunAsync(new RootCommand { fails }, ["fails"], errors);
    }
}
