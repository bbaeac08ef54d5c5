using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Access;
using EligibilityGateway.Rules.Emergency;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Gateway.Tests.Access;

/// <summary>The bytes of a record tell all of it, and whatever else is not taken for one.</summary>
public sealed class CanonicalRecordTests
{
    private const int Records = 300;

    private static readonly byte[] Sample = CanonicalRecord.Of(Draw(new Random(7)));

    [Fact]
    public void What_was_written_is_read() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(Records), Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
    {
        var record = Draw(new Random(seed));
        var bytes = CanonicalRecord.Of(record);
        var read = CanonicalRecord.Read(bytes);
        return read with { RequestHash = record.RequestHash } == record && read.RequestHash.SequenceEqual(record.RequestHash) && CanonicalRecord.Of(read).SequenceEqual(bytes);
    }));

    [Fact]
    public void What_is_cut_off_is_none_however_long_it_is()
    {
        foreach (var counted in (int[])[0, 12])
        {
            var whole = CanonicalRecord.Of(Draw(new Random(1)) with { RefusalsCounted = counted, Note = "現場 ⚠" });
            for (var length = 0; length < whole.Length; length++)
            {
                var cut = whole[..length];
                Assert.Throws<FormatException>(() => CanonicalRecord.Read(cut));
            }
            Assert.Throws<FormatException>(() => CanonicalRecord.Read([.. whole, 0]));
        }
    }

    [Fact]
    public void Whatever_bytes_are_spoiled_it_is_a_record_or_a_format_exception() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(Records), Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
    {
        var random = new Random(seed);
        var bytes = (byte[])Sample.Clone();
        for (var n = random.Next(1, 20); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        try
        {
            return CanonicalRecord.Read(bytes).Note.Length >= 0;
        }
        catch (FormatException)
        {
            return true;
        }
    }));

    [Theory]
    [InlineData(0, "03")]
    [InlineData(1, "FF")]
    // An institution whose digits are none, a day, a time behind all of them.
    [InlineData(33, "41")]
    [InlineData(45, "7FFFFFFF")]
    [InlineData(45, "FFFFFFFF")]
    [InlineData(129, "7FFFFFFFFFFFFFFF")]
    [InlineData(137, "8000000000000000")]
    public void What_can_not_be_is_none(int at, string hex)
    {
        var bytes = (byte[])Sample.Clone();
        Convert.FromHexString(hex).CopyTo(bytes, at);
        if (at == 1) bytes.AsSpan(1, 16).Fill(0xFF);
        Assert.Throws<FormatException>(() => CanonicalRecord.Read(bytes));
    }

    private static AccessRecord Draw(Random random)
    {
        long? person = random.Next(3) == 0 ? null : random.NextInt64(1, 100_000_000_000);
        Guid? card = random.Next(2) == 0 ? null : Guid.NewGuid();
        Guid? document = random.Next(2) == 0 ? null : Guid.NewGuid();
        var hash = new byte[32];
        random.NextBytes(hash);
        return new AccessRecord
        {
            EventId = EventId.TryParse(Guid.CreateVersion7(Moment(random)).ToString("D"), out var id) ? id : throw new InvalidOperationException("It is one."),
            TerminalId = Guid.NewGuid(),
            Institution = InstitutionCode.Parse("0110113719"),
            Role = One<TerminalRole>(random),
            Purpose = One<Purpose>(random),
            ServiceDate = DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1)),
            Assurance = One<Assurance>(random),
            Ground = One<EmergencyBasis>(random),
            Note = string.Concat(Enumerable.Range(0, random.Next(0, 201)).Select(_ => random.Next(2) == 0 ? "例" : "x")),
            Validity = One<Validity>(random),
            Reason = One<Reason>(random),
            PersonId = person,
            ReliedUpon = new ReliedUpon(random.NextInt64(), person, random.NextInt64(), card, random.NextInt64(), document, random.NextInt64()),
            Source = One<Source>(random),
            AsOf = random.Next(10) == 0 ? default : Moment(random),
            DecidedAt = Moment(random),
            RequestHash = hash,
            RegistersCard = random.Next(2) == 0,
            ShowsMonthElsewhere = random.Next(2) == 0,
            IsForReview = random.Next(2) == 0,
            RefusalsCounted = random.Next(3) == 0 ? random.Next(1, int.MaxValue) : 0,
            Journalled = random.Next(2) == 0,
        };
    }

    private static DateTimeOffset Moment(Random random) => DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(0, 4_000_000_000_000));

    private static T One<T>(Random random) where T : struct, Enum
    {
        var all = Enum.GetValues<T>();
        return all[random.Next(all.Length)];
    }
}
