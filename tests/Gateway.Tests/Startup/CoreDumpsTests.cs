using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Startup;

namespace EligibilityGateway.Gateway.Tests.Startup;

public sealed class CoreDumpsTests
{
    [Fact]
    public void A_crash_writes_no_image_of_the_memory_and_hands_none_to_a_program_that_collects_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is read as Linux shows it.");
        CoreDumps.Forbid();
        var limit = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal));
        // 0 would still be handed to a collecting program; 1 is not (core(5)).
        Assert.Equal(["1", "1", "bytes"], limit["Max core file size".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("DOTNET_DbgEnableMiniDump")]
    [InlineData("COMPlus_DbgEnableMiniDump")]
    public void A_runtime_that_was_told_to_write_one_is_refused(string variable)
    {
        Environment.SetEnvironmentVariable(variable, "1");
        try
        {
            Assert.Contains(variable, Assert.Throws<SettingsException>(CoreDumps.Forbid).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }
}
