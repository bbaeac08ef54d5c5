using EligibilityGateway.Common.Files;

namespace EligibilityGateway.ReaderAgent.Tests.Spool;

public sealed class DiskSyncTests
{
    [Fact]
    public void A_sync_that_the_system_refuses_is_an_error()
    {
        // fsync(2) of the null device fails with EINVAL; the runtime's own flush says nothing of it.
        using var device = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        RandomAccess.FlushToDisk(device);
        Assert.Throws<IOException>(() => DiskSync.File(device));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() => Assert.Throws<IOException>(() => DiskSync.Folder("/nowhere/at/all"));
}
