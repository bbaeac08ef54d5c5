using System.Diagnostics;

namespace EligibilityGateway.Gateway.Tests.Demo;

/// <summary><c>./run</c> with a <c>dotnet</c> in its place that goes on only when it is told to: what a newcomer reads meanwhile.</summary>
public sealed class RunScriptTests : IDisposable
{
    private const string Dotnet =
        """
        #!/bin/sh
        case "$1" in
            --list-sdks) echo '10.0.401 [/usr/share/dotnet/sdk]' ;;
            restore | build) read -r word < "$GO"; [ "$word" = on ] || { echo 'error NU1101: no such package'; exit 1; } ;;
            *) echo "demo $*" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateDirectory(TestFolder.NewPath()).FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _limit.Dispose();
    }

    [Fact]
    public async Task Each_step_is_told_while_it_goes_on()
    {
        using var run = Start();
        foreach (var step in (string[])["Restoring packages of src/Demo", "Building src/Demo", "Restoring packages of src/ReaderAgent", "Building src/ReaderAgent"])
        {
            Assert.Equal($"{step} ...", await run.StandardOutput.ReadLineAsync(_limit.Token));
            await GoAsync("on");
            Assert.Matches($"^{step}: [0-9]+ s$", await run.StandardOutput.ReadLineAsync(_limit.Token));
        }
        Assert.Equal("demo src/Demo/bin/Release/net10.0/demo.dll --once", await run.StandardOutput.ReadLineAsync(_limit.Token));
        await run.WaitForExitAsync(_limit.Token);
        Assert.Equal((0, ""), (run.ExitCode, await run.StandardError.ReadToEndAsync(_limit.Token)));
    }

    [Fact]
    public async Task A_step_that_fails_shows_its_log_and_ends_the_run()
    {
        using var run = Start();
        await run.StandardOutput.ReadLineAsync(_limit.Token);
        await GoAsync("off");
        Assert.Equal("", await run.StandardOutput.ReadToEndAsync(_limit.Token));
        Assert.Equal("error NU1101: no such package\nrun: the build failed (see above).\n", await run.StandardError.ReadToEndAsync(_limit.Token));
        await run.WaitForExitAsync(_limit.Token);
        Assert.Equal(1, run.ExitCode);
    }

    private string Go => Path.Combine(_folder, "go");

    private Process Start()
    {
        var root = Path.Combine(AppContext.BaseDirectory, "root");
        Directory.CreateDirectory(Path.Combine(_folder, "scripts"));
        foreach (var file in (string[])["run", "scripts/needs.sh"]) File.Copy(Path.Combine(root, file), Path.Combine(_folder, file));
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName;
        var dotnet = Path.Combine(programs, "dotnet");
        File.WriteAllText(dotnet, Dotnet);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using (var pipe = Process.Start("mkfifo", [Go])) pipe.WaitForExit();
        var start = new ProcessStartInfo("bash", [Path.Combine(_folder, "run"), "--once"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = programs + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment["GO"] = Go;
        return Process.Start(start)!;
    }

    /// <summary>Waits until the stand-in asks how to go on, and tells it.</summary>
    private Task GoAsync(string word) => File.WriteAllTextAsync(Go, word + "\n", _limit.Token);
}
