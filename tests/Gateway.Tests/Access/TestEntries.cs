using System.Security.Cryptography;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Gateway.Tests.Access.Journal;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>Records that tell of nothing, as they are written.</summary>
internal static class TestEntries
{
    public static RecordMacs Macs { get; } = new(JournalFolderFixture.KeyRing(1, 1));

    /// <summary>One of a terminal at its first version.</summary>
    public static Entry New(Guid terminal) => New(terminal, new ReliedUpon(TerminalVersion: 1, null, 0, null, 0, null, 0));

    public static Entry New(Guid terminal, ReliedUpon reliedUpon) => new(
        EventId.New(TimeProvider.System).Value, terminal, reliedUpon.PersonId, 1, 0, new byte[32], [1], RandomNumberGenerator.GetBytes(16), [2],
        reliedUpon, RegistersCard: false, TimeProvider.System.GetUtcNow());
}
