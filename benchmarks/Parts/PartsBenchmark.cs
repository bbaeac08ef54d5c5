using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.Gateway.Eligibility;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Snapshots;
using MemoryPack;
using Relation = EligibilityGateway.Gateway.Snapshots.Relation;
using Sex = EligibilityGateway.Gateway.Snapshots.Sex;

namespace EligibilityGateway.Benchmarks.Parts;

/// <summary>The pure pieces of a tap's way, one by one.</summary>
[MemoryDiagnoser]
public class PartsBenchmark : IDisposable
{
    private static readonly DateOnly ServiceDate = new(2026, 10, 15);

    private readonly VerificationCost.Signed[] _signed = VerificationCost.SignOnceEach();
    private readonly byte[] _name = RandomNumberGenerator.GetBytes(18);
    private readonly Seal _seal = new(new KeyRing(1, new Dictionary<byte, byte[]> { [1] = RandomNumberGenerator.GetBytes(KeyRing.KeyLength) }));
    private readonly PersonSnapshot _person = CommonPerson();
    private readonly byte[] _sealed;
    private int _next;

    public PartsBenchmark() => _sealed = _seal.Close(MemoryPackSerializer.Serialize(_person), _name);

    /// <summary>One card signature, another key each time.</summary>
    [Benchmark]
    public bool Verify() => _signed[_next++ % _signed.Length].Verify();

    /// <summary>A snapshot as Redis keeps it: opened and read.</summary>
    [Benchmark]
    public PersonSnapshot? Decode() => MemoryPackSerializer.Deserialize<PersonSnapshot>(_seal.Open(_sealed, _name));

    [Benchmark]
    public EligibilityDecision Decide() => EligibilityRules.Decide(_person, ServiceDate, document: null, limitConsent: true);

    public void Dispose()
    {
        _seal.Dispose();
        GC.SuppressFinalize(this);
    }

    private static PersonSnapshot CommonPerson() => new(
        PersonId: 1,
        Version: 3,
        [new PersonDetail(new DateOnly(1981, 4, 12), "佐藤　花子", "ｻﾄｳ ﾊﾅｺ", "", Sex.Female, new DateOnly(1981, 4, 12))],
        [
            new CoverageFact(1, "06130015", "例示情報産業健康保険組合", "01", "1234", "567890", "00", Relation.Insured, new DateOnly(2010, 4, 1), new DateOnly(2019, 4, 1)),
            new CoverageFact(2, "01130012", "全国健康保険協会", "01", "4321", "98765", "00", Relation.Insured, new DateOnly(2019, 4, 1), null),
        ],
        [],
        [new LimitFact(2, "01", "A03", new DateOnly(2026, 8, 1), new DateOnly(2027, 7, 31), null)],
        [],
        []);
}
