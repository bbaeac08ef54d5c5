using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Tests.Cards;
using Microsoft.Extensions.Logging;

namespace EligibilityGateway.Gateway.Tests.Startup;

public sealed class SettingsFileTests : IDisposable
{
    private const string Good = """
        "listen": "https://127.0.0.1:0", "certificate": "server.pem", "certificateKey": "server.key", "terminalAuthorities": "terminals", "cardAuthorities": "cards",
        "revocationLists": "lists", "postgres": "Host=db", "redis": "redis:6379", "keys": "keys.json", "journal": "journal"
        """;

    private const string Feed = "\"listen\": \"https://127.0.0.1:0\", \"authorities\": \"insurers\", \"postgres\": \"Host=db\", \"spool\": \"spool\"";

    private readonly TemporaryFolder _folder = new();

    /// <summary>What is written, and all that is said of it behind the file's name.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { $"{{ {Good.Replace("\"journal\":", "\"jurnal\":", StringComparison.Ordinal)} }}", "there is no setting \"jurnal\", did you mean \"journal\"?" },
        { $"{{ {Good}, \"cachCapacty\": 5 }}", "there is no setting \"cachCapacty\", did you mean \"cacheCapacity\"?" },
        { $"{{ {Good}, \"something\": 5 }}", "there is no setting \"something\"" },
        { $"{{ {Good}, \"{new string('x', 300)}\": 5 }}", $"there is no setting \"{new string('x', 40)}…\"" },
        { $"{{ {Good}, \"insurerFeed\": {{ {Feed}, \"mostMegabyte\": 5 }} }}", "there is no setting \"insurerFeed.mostMegabyte\", did you mean \"insurerFeed.mostMegabytes\"?" },
        { $"{{ {Good}, \"insurerFeed\": {{ {Feed.Replace("\"spool\":", "\"spol\":", StringComparison.Ordinal)} }} }}", "there is no setting \"insurerFeed.spol\", did you mean \"insurerFeed.spool\"?" },
        { $"{{ {Good}, \"missBudget\": \"many\" }}", "\"missBudget\" must be a whole number" },
        { $"{{ {Good}, \"missBudget\": 5.5 }}", "\"missBudget\" must be a whole number" },
        { $"{{ {Good}, \"missBudget\": 99999999999 }}", "\"missBudget\" must be a whole number" },
        { $"{{ {Good}, \"missBudget\": null }}", "\"missBudget\" must be a whole number" },
        { $"{{ {Good}, \"storePatience\": 250 }}", "\"storePatience\" must be a time of the form \"hh:mm:ss\"" },
        { $"{{ {Good}, \"storePatience\": \"soon\" }}", "\"storePatience\" must be a time of the form \"hh:mm:ss\"" },
        { $"{{ {Good}, \"purpose\": \"produktion\" }}", "\"purpose\" must be one of \"production\", \"demo\", \"load-test\"" },
        { $"{{ {Good}, \"purpose\": 7 }}", "\"purpose\" must be one of \"production\", \"demo\", \"load-test\"" },
        { $"{{ {Good}, \"ready\": 7480 }}", "\"ready\" must be a text between quotation marks, and not empty" },
        { $"{{ {Good.Replace("\"journal\": \"journal\"", "\"journal\": null", StringComparison.Ordinal)} }}", "\"journal\" must be a text between quotation marks, and not empty" },
        { $"{{ {Good.Replace("\"journal\": \"journal\"", "\"journal\": \"\"", StringComparison.Ordinal)} }}", "\"journal\" must be a text between quotation marks, and not empty" },
        { $"{{ {Good}, \"insurerFeed\": true }}", "\"insurerFeed\" must be an object: names and values between braces" },
        { $"{{ {Good}, \"insurerFeed\": {{ {Feed}, \"mostMegabytes\": \"all\" }} }}", "\"insurerFeed.mostMegabytes\" must be a whole number" },
        { $"{{ {Good}, \"log\": {{ \"levels\": {{ \"Npgsql\": \"loud\" }} }} }}", "\"log.levels.Npgsql\" must be one of \"trace\", \"debug\", \"information\", \"warning\", \"error\", \"critical\", \"none\"" },
        { $"{{ {Good}, \"log\": {{ \"levels\": [] }} }}", "\"log.levels\" must be an object: names and values between braces" },
        { $"{{ {Good}, \"log\": {{ \"format\": \"xml\" }} }}", "\"log.format\" must be one of \"text\", \"json\"" },
        { $"{{ {Good}, \"log\": {{ \"fromat\": \"json\" }} }}", "there is no setting \"log.fromat\", did you mean \"log.format\"?" },
        { $"{{ {Good}, \"keys\": \"other.json\" }}", "\"keys\" is there twice" },
        { $"{{ {Good}, \"KEYS\": \"other.json\" }}", "\"KEYS\" is there twice" },
        { $"{{ {Good}, \"insurerFeed\": {{ {Feed}, \"spool\": \"other\" }} }}", "\"insurerFeed.spool\" is there twice" },
        { "{ \"listen\": \"https://127.0.0.1:0\", \"insurerFeed\": { \"spool\": \"spool\" } }", """
            missing: "insurerFeed.listen", "insurerFeed.authorities", "insurerFeed.postgres", "certificate", "certificateKey", "terminalAuthorities", "cardAuthorities", "revocationLists", "postgres", "redis", "keys", "journal"
            """ },
        { $"{{ {Good.Replace("\"journal\":", "\"jurnal\":", StringComparison.Ordinal).Replace("\"keys\": \"keys.json\", ", "", StringComparison.Ordinal)}, \"missBudget\": true }}",
            "there is no setting \"jurnal\", did you mean \"journal\"?; \"missBudget\" must be a whole number; missing: \"keys\"" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public void All_that_is_wrong_is_said_at_once_by_the_settings_names(string written, string said) =>
        Assert.Equal($"The settings file {_folder["gateway.json"]} can't be used: {said}.", Refusal(written));

    [Theory]
    [InlineData("hello", "is not in JSON: the error is at line 1, or before it")]
    [InlineData("{\n\"listen\": \"x\"\n\"keys\": \"y\"}", "is not in JSON: the error is at line 3, or before it")]
    [InlineData("", "is not in JSON")]
    [InlineData("[]", "holds no settings")]
    [InlineData("null", "holds no settings")]
    public void What_is_no_object_is_no_settings(string written, string said) => Assert.Contains(said, Refusal(written), StringComparison.Ordinal);

    [Fact]
    public void A_path_that_no_file_system_can_have_is_refused() =>
        Assert.Contains("no file system can have", Refusal($"{{ {Good.Replace("server.pem", "server\\u0000.pem", StringComparison.Ordinal)} }}"), StringComparison.Ordinal);

    [Fact]
    public void A_value_is_never_repeated()
    {
        var written = $"{{ {Good}, \"missBudget\": \"Password=TellNobody\", \"purpose\": \"TellNobody\", \"storePatience\": \"TellNobody\", \"insurerFeed\": \"TellNobody\" }}";
        Assert.DoesNotContain("TellNobody", Refusal(written), StringComparison.Ordinal);
    }

    [Fact]
    public void Good_settings_are_read_with_comments_and_relative_to_their_file()
    {
        var settings = Read($"{{ // our own\n {Good}, \"missBudget\": 7, \"ready\": \"http://127.0.0.1:0\", \"log\": {{ \"format\": \"json\", \"levels\": {{ \"default\": \"debug\", \"Npgsql\": \"error\" }} }}, \"insurerFeed\": {{ {Feed} }}, }}");
        Assert.Equal((7, _folder["journal"], _folder["spool"]), (settings.MissBudget, settings.Journal, settings.InsurerFeed!.Spool));
        Assert.Equal((LogFormat.Json, LogLevel.Debug, LogLevel.Error), (settings.Log.Format, settings.Log.Levels["default"], settings.Log.Levels["Npgsql"]));
    }

    [Fact]
    public void What_is_saved_is_read_again()
    {
        var settings = Read($"{{ {Good} }}") with
        {
            Ready = "http://127.0.0.1:0",
            Purpose = GatewayPurpose.LoadTest,
            Log = new LogSettings { Format = LogFormat.Json, Levels = new Dictionary<string, LogLevel> { ["Grpc"] = LogLevel.Trace } },
            InsurerFeed = new InsurerFeedSettings { Listen = "https://127.0.0.1:0", Authorities = "/a", Postgres = "Host=db", Spool = "/s" },
        };
        settings.Save(_folder["again.json"]);
        var again = GatewaySettings.Load(_folder["again.json"]);
        Assert.Equal((settings.Log.Format, settings.Log.Levels["Grpc"]), (again.Log.Format, again.Log.Levels["Grpc"]));
        Assert.Equal(settings, again with { Log = settings.Log, ReadFrom = settings.ReadFrom });
    }

    [Theory]
    [InlineData("http://0.0.0.0:7443", "\"listen\" must be https://ADDRESS:PORT")]
    [InlineData("https://0.0.0.0:99999", "\"listen\" must be https://ADDRESS:PORT")]
    [InlineData("https://0.0.0.0:7443/terminals", "\"listen\" must be https://ADDRESS:PORT")]
    [InlineData("7443", "\"listen\" must be https://ADDRESS:PORT")]
    [InlineData("https://gateway.example:7443", "\"listen\" must name this machine by an IP address")]
    public void An_address_to_listen_at_must_be_one(string listen, string said) =>
        Assert.Contains(said, Assert.Throws<SettingsException>(() => (Read($"{{ {Good} }}") with { Listen = listen }).EndPoints()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://127.0.0.1:7480", "\"ready\" must be http://ADDRESS:PORT")]
    [InlineData("http://0.0.0.0:7480", "loopback")]
    [InlineData("http://192.0.2.1:7480", "loopback")]
    public void Readiness_is_told_on_the_machine_alone(string ready, string said) =>
        Assert.Contains(said, Assert.Throws<SettingsException>(() => (Read($"{{ {Good} }}") with { Ready = ready }).EndPoints()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://127.0.0.1:7443", "http://127.0.0.1:7443", true)]
    [InlineData("https://0.0.0.0:7443", "http://127.0.0.1:7443", true)]
    [InlineData("https://192.0.2.1:7443", "http://127.0.0.1:7443", false)]
    [InlineData("https://127.0.0.1:0", "http://127.0.0.1:0", false)]
    public void One_port_is_not_for_two(string listen, string ready, bool isRefused)
    {
        var settings = Read($"{{ {Good} }}") with { Listen = listen, Ready = ready };
        if (isRefused) Assert.Contains("same port", Assert.Throws<SettingsException>(settings.EndPoints).Message, StringComparison.Ordinal);
        else Assert.Equal(2, settings.EndPoints().Count);
    }

    private GatewaySettings Read(string written)
    {
        File.WriteAllText(_folder["gateway.json"], written);
        return GatewaySettings.Load(_folder["gateway.json"]);
    }

    private string Refusal(string written) => Assert.Throws<SettingsException>(() => Read(written)).Message;
}
