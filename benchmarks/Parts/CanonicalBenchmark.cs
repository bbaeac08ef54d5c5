using BenchmarkDotNet.Attributes;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Rules.Emergency;

namespace EligibilityGateway.Benchmarks.Parts;

/// <summary>The bytes of a record that a patient can be shown.</summary>
[MemoryDiagnoser]
public class CanonicalBenchmark
{
    private static readonly ReliedUpon ReliedUpon = new(1, 4711, 3, Guid.NewGuid(), 2, null, 0);
    private static readonly byte[] RequestHash = new byte[32];

    [Benchmark]
    public byte[] Canonical() => Common(ReliedUpon);

    /// <summary>A tap at a reception desk, answered with yes.</summary>
    internal static byte[] Common(ReliedUpon reliedUpon) => CanonicalRecord.Of(new AccessRecord
    {
        EventId = EventId.New(TimeProvider.System),
        TerminalId = Guid.NewGuid(),
        Institution = InstitutionCode.Parse("0110113719"),
        Role = TerminalRole.Reception,
        Purpose = Purpose.Care,
        ServiceDate = new DateOnly(2026, 10, 15),
        Assurance = Assurance.PinProved,
        Ground = EmergencyBasis.None,
        Note = "",
        Validity = Validity.Valid,
        Reason = Reason.Unspecified,
        PersonId = reliedUpon.PersonId,
        ReliedUpon = reliedUpon,
        Source = Source.Redis,
        AsOf = TimeProvider.System.GetUtcNow(),
        DecidedAt = TimeProvider.System.GetUtcNow(),
        RequestHash = RequestHash,
        RegistersCard = false,
        Journalled = false,
    });
}
