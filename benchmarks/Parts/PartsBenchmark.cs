using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using EligibilityGateway.Benchmarks.Floor;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Operator.Decide;
using EligibilityGateway.Rules.Eligibility;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.Households;
using MemoryPack;
using Relation = EligibilityGateway.Rules.Facts.Relation;
using Sex = EligibilityGateway.Rules.Facts.Sex;

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
    private readonly Household _household = new(
        ServiceDate, [new Member(CommonPerson(), [], null)],
        [new Bill(0, ServiceDate, "0110113719", CareTable.Medical, null, IsInpatient: true, 1_000_000, IsSpecificDisease: false)]);

    private readonly byte[] _line = """
        {"id":1,"service_date":"2026-10-15","members":[{"id":"p","birth_date":"1981-04-12","relation":"self","coverages":[
        {"id":"a","insurer_number":"06130015","symbol":"1234","number":"567890","branch":"00","card_class":"01","acquired_on":"2010-04-01","lost_on":"2019-04-01","loss_reason":null},
        {"id":"b","insurer_number":"01130012","symbol":"4321","number":"98765","branch":"00","card_class":"01","acquired_on":"2019-04-01","lost_on":null,"loss_reason":null}],
        "limit_classes":[{"class":"A03","from":"2026-08-01","to":"2027-07-31"}]}],
        "bills":[{"member":"p","date":"2026-10-15","institution":"0110113719","table":"medical","setting":"inpatient","total_cost":1000000,"specific_disease":false}]}
        """u8.ToArray();

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

    /// <summary>The same, with what a stay of a million yen costs at the window and in the month.</summary>
    [Benchmark]
    public object DecideWithAmount() => HouseholdRules.Decide(_household);

    /// <summary>The same as a line of <c>gateway decide --json</c>: read, decided, explained, written.</summary>
    [Benchmark]
    public int DecideLine()
    {
        using var writer = new DecisionWriter(inJapanese: true);
        LineDecider.Decide(_line, 1, writer);
        return writer.Written.Length;
    }

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
        [],
        []);
}
