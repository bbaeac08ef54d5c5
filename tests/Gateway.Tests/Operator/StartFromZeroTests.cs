using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Gateway.Tests.Access;
using EligibilityGateway.Gateway.Tests.Appointments;

namespace EligibilityGateway.Gateway.Tests.Operator;

/// <summary>From an empty folder to a terminal that is answered, in production, by the commands of docs/operations.md as they stand there.</summary>
public sealed partial class StartFromZeroTests(TestStores stores) : IAsyncLifetime
{
    /// <summary>Only a hang reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples", "python");

    // As a release has them.
    private static readonly string Protos = Path.Combine(AppContext.BaseDirectory, "protos");

    private TestTown _town = null!;
    private string _folder = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _folder = Directory.CreateDirectory(Path.Combine(_town.Folder, "from-zero")).FullName;
        var (_, errors) = await RunAsync("sh", ["-c", CertificateCommands()]);
        Assert.True(File.Exists(In("insurer.pem")), errors);
    }

    public async ValueTask DisposeAsync() => await _town.DisposeAsync();

    [Fact]
    public async Task The_commands_of_the_page_make_all_that_a_gateway_and_its_terminals_need()
    {
        var settings = Settings();
        settings.Save(In("gateway.json"));
        var check = await GatewayCommand.RunAsync("check", "--config", In("gateway.json"));
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);

        await RegisterAsync();
        await using var gateway = await GatewayProcess.StartAsync(settings);
        var person = await _town.AddCertifiedAsync();
        using var certificate = X509Certificate2.CreateFromPemFile(In("desk-1.pem"), In("desk-1.key"));
        var identity = TerminalIdentity.FromCertificate(certificate);
        using var desk = new TestDesk(gateway.Address, new TestTerminal(Assert.IsType<TerminalIdentity>(identity), certificate), Trust);
        Assert.Equal(Validity.Valid, (await desk.AskAsync(TestDesk.Typed(person))).Answer.Validity);

        var admitted = await GatewayCommand.RunAsync("insurer", "admit", In("insurer.pem"), "--operator", _town.Database.ConnectionString(StoreRole.Operator));
        Assert.True(admitted.ExitCode == 0, admitted.Errors);
    }

    [Fact]
    public async Task A_client_in_another_language_is_generated_from_the_protos_of_a_release_and_answered()
    {
        await RegisterAsync();
        await using var gateway = await GatewayProcess.StartAsync(Settings());
        var person = await _town.AddCertifiedAsync();
        var python = await PythonAsync();
        await RunAsync("sh", [Path.Combine(Samples, "generate.sh"), Protos, In("generated")]);
        var shown = await RunAsync(
            python,
            [
                Path.Combine(Samples, "look_up.py"), "--gateway", gateway.Address.Authority, "--trust", Trust, "--certificate", In("desk-1.pem"), "--key", In("desk-1.key"),
                "--insurer", person.Insurer.ToString(), "--symbol", person.Numbers.Symbol, "--number", person.Numbers.Number, "--branch", person.Numbers.Branch!,
                "--birth-date", JapanTime.Format(person.BirthDate), "--lang", "en",
            ],
            ("PYTHONPATH", In("generated")));
        string[] expected = ["0110113719 desk-1", $"VALIDITY_VALID {JapanTime.Format(TestTown.Today)}", $"全国健康保険協会 試験支部 {person.Insurer}", "30 %"];
        Assert.Equal(expected, shown.Output.Split('\n')[..expected.Length]);
    }

    private string Trust => In(Path.Combine("terminal-authorities", "terminal-authority.pem"));

    private string In(string name) => Path.Combine(_folder, name);

    /// <summary>The town's stores, and for all else what the commands made, in production.</summary>
    private GatewaySettings Settings() => _town.Settings() with
    {
        Certificate = In("server.pem"),
        CertificateKey = In("server.key"),
        TerminalAuthorities = In("terminal-authorities"),
        CardAuthorities = In("card-authorities"),
        RevocationLists = In("revocation-lists"),
        Journal = Directory.CreateDirectory(In("journal")).FullName,
        Purpose = GatewayPurpose.Production,
    };

    private async Task RegisterAsync()
    {
        var registered = await GatewayCommand.RunAsync("terminal", "register", In("desk-1.pem"), "--operator", _town.Database.ConnectionString(StoreRole.Operator));
        Assert.True(registered.ExitCode == 0, registered.Errors);
    }

    private static string CertificateCommands()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "operations.md"));
        var from = page.IndexOf("### Certificates\n", StringComparison.Ordinal);
        var section = page[from..page.IndexOf("### Terminals\n", from, StringComparison.Ordinal)];
        return string.Concat(ShellBlock().Matches(section).Select(block => block.Groups[1].Value));
    }

    /// <summary>One that has gRPC: beside the system's there may be others.</summary>
    private async Task<string> PythonAsync()
    {
        foreach (var python in (string[])["python3", "/usr/bin/python3"])
            if ((await TryRunAsync(python, ["-c", "import grpc, google.protobuf"])).ExitCode == 0) return python;
        throw new InvalidOperationException("No Python with gRPC is here: ./test installs it (Debian: apt-get install python3-grpcio).");
    }

    private async Task<(string Output, string Errors)> RunAsync(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var (exitCode, output, errors) = await TryRunAsync(program, arguments, variables);
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}: {output}{errors}");
        return (output, errors);
    }

    private async Task<(int ExitCode, string Output, string Errors)> TryRunAsync(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        // Python's own folder of compiled code would lie beside the sample.
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PYTHONUTF8"] = "1";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Deadline);
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}
