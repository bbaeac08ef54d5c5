using System.Globalization;
using System.Text.Json;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Tests.Access;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary>What a gateway's process prints, for people and for a program that collects logs.</summary>
public sealed class LogFormatTests(TestStores stores) : IAsyncLifetime
{
    private TestTown _town = null!;

    public async ValueTask InitializeAsync() => _town = await TestTown.OpenAsync(stores);

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task Each_line_of_text_has_its_time_level_and_category()
    {
        foreach (var line in await LogOfAsync(LogFormat.Text))
            Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z (trce|dbug|info|warn|fail|crit): [A-Za-z0-9.]+\\[[0-9]+\\] .+$", line);
    }

    [Fact]
    public async Task Each_line_of_JSON_has_its_time_level_and_category()
    {
        foreach (var line in await LogOfAsync(LogFormat.Json))
        {
            using var json = JsonDocument.Parse(line);
            Assert.True(DateTimeOffset.TryParse(json.RootElement.GetProperty("Timestamp").GetString(), CultureInfo.InvariantCulture, out _));
            Assert.NotEmpty(json.RootElement.GetProperty("LogLevel").GetString()!);
            Assert.NotEmpty(json.RootElement.GetProperty("Category").GetString()!);
            Assert.NotEmpty(json.RootElement.GetProperty("Message").GetString()!);
        }
    }

    /// <summary>What it logs from its start to its end; where it listens is printed beside that.</summary>
    private async Task<string[]> LogOfAsync(LogFormat format)
    {
        string printed;
        await using (var gateway = await GatewayProcess.StartAsync(_town.Settings() with { Log = new LogSettings { Format = format } })) (printed, _) = await gateway.KillAsync();
        var lines = printed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("serving ", StringComparison.Ordinal) && !line.StartsWith("ready ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lines);
        return lines;
    }
}
