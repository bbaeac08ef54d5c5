using System.Buffers.Binary;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Keys;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Cards;

public sealed class ChallengesTests
{
    private const string Desk = "desk-1";

    private static readonly DateTimeOffset Start = new(2026, 10, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly InstitutionCode Hospital = InstitutionCode.Parse("0110113719");
    private static readonly InstitutionCode Pharmacy = InstitutionCode.Parse(CodeWithCheckDigit("134012345"));
    private static readonly byte[] OldKey = [.. Enumerable.Range(1, 32).Select(n => (byte)n)];
    private static readonly byte[] NewKey = [.. Enumerable.Range(50, 32).Select(n => (byte)n)];

    private readonly FakeTimeProvider _clock = new(Start);

    [Fact]
    public void A_challenge_is_fresh_at_the_terminal_it_was_issued_to()
    {
        var challenges = With(1, (1, OldKey));

        var challenge = challenges.Issue(Hospital, Desk);

        Assert.Equal(Challenges.Length, challenge.Length);
        Assert.True(challenge.Length <= CardProofInput.MaxChallengeLength);
        Assert.Equal(ChallengeCheck.Fresh, challenges.Check(challenge, Hospital, Desk));
    }

    [Fact]
    public void Two_challenges_of_one_moment_differ()
    {
        var challenges = With(1, (1, OldKey));

        Assert.NotEqual(challenges.Issue(Hospital, Desk), challenges.Issue(Hospital, Desk));
    }

    [Fact]
    public void Another_gateway_with_the_same_key_accepts_it()
    {
        var challenge = With(1, (1, OldKey)).Issue(Hospital, Desk);

        Assert.Equal(ChallengeCheck.Fresh, With(1, (1, OldKey)).Check(challenge, Hospital, Desk));
    }

    [Fact]
    public void A_gateway_with_another_key_of_that_id_does_not()
    {
        var challenge = With(1, (1, OldKey)).Issue(Hospital, Desk);

        Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, With(1, (1, NewKey)).Check(challenge, Hospital, Desk));
    }

    [Fact]
    public void After_a_rotation_challenges_of_the_old_key_are_still_accepted_and_new_ones_bear_the_new_id()
    {
        var old = With(1, (1, OldKey)).Issue(Hospital, Desk);
        var rotated = With(2, (1, OldKey), (2, NewKey));

        Assert.Equal(ChallengeCheck.Fresh, rotated.Check(old, Hospital, Desk));
        Assert.Equal(2, rotated.Issue(Hospital, Desk)[1]);
    }

    [Fact]
    public void Once_the_old_key_is_taken_out_its_challenges_are_no_longer_accepted()
    {
        var old = With(1, (1, OldKey)).Issue(Hospital, Desk);

        Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, With(2, (2, NewKey)).Check(old, Hospital, Desk));
    }

    [Theory]
    [InlineData(0, ChallengeCheck.Fresh)]
    [InlineData(299_999, ChallengeCheck.Fresh)]
    [InlineData(300_000, ChallengeCheck.Expired)]
    [InlineData(300_001, ChallengeCheck.Expired)]
    [InlineData(86_400_000, ChallengeCheck.Expired)]
    [InlineData(-1, ChallengeCheck.Fresh)]
    [InlineData(-60_000, ChallengeCheck.Fresh)]
    [InlineData(-60_001, ChallengeCheck.NotIssuedToThisTerminal)]
    public void It_lives_five_minutes_and_may_come_from_a_clock_one_minute_ahead(int millisecondsLater, ChallengeCheck expected)
    {
        var challenge = With(1, (1, OldKey)).Issue(Hospital, Desk);
        var later = new Challenges(Ring(1, (1, OldKey)), new FakeTimeProvider(Start.AddMilliseconds(millisecondsLater)));

        Assert.Equal(expected, later.Check(challenge, Hospital, Desk));
    }

    [Fact]
    public void A_lifetime_of_its_own_counts()
    {
        var challenges = new Challenges(Ring(1, (1, OldKey)), _clock, TimeSpan.FromSeconds(10));
        var challenge = challenges.Issue(Hospital, Desk);

        _clock.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(ChallengeCheck.Fresh, challenges.Check(challenge, Hospital, Desk));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ChallengeCheck.Expired, challenges.Check(challenge, Hospital, Desk));
    }

    [Fact]
    public void A_lifetime_of_nothing_is_a_fault_of_configuration()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Challenges(Ring(1, (1, OldKey)), _clock, TimeSpan.Zero));
    }

    [Fact]
    public void It_is_not_accepted_from_another_institution()
    {
        var challenges = With(1, (1, OldKey));

        Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, challenges.Check(challenges.Issue(Hospital, Desk), Pharmacy, Desk));
    }

    [Theory]
    [InlineData("desk-2")]
    [InlineData("desk-")]
    [InlineData("desk-11")]
    [InlineData("DESK-1")]
    [InlineData("")]
    [InlineData("desk-1\0")]
    [InlineData("desk-１")]
    [InlineData("a-name-that-is-longer-than-any-name-a-terminal-may-have")]
    public void It_is_not_accepted_from_another_terminal(string other)
    {
        var challenges = With(1, (1, OldKey));

        Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, challenges.Check(challenges.Issue(Hospital, Desk), Hospital, other));
    }

    [Fact]
    public void No_challenge_is_issued_to_a_name_that_no_terminal_can_have()
    {
        var challenges = With(1, (1, OldKey));

        Assert.Throws<ArgumentException>(() => challenges.Issue(Hospital, ""));
        Assert.Throws<ArgumentException>(() => challenges.Issue(Hospital, "受付"));
        Assert.Throws<ArgumentException>(() => challenges.Issue(Hospital, new string('a', 33)));
        Assert.Throws<ArgumentException>(() => challenges.Issue(default, Desk));
    }

    [Fact]
    public void A_name_of_the_greatest_length_is_told_from_its_neighbour()
    {
        var challenges = With(1, (1, OldKey));
        var challenge = challenges.Issue(Hospital, new string('a', 32));

        Assert.Equal(ChallengeCheck.Fresh, challenges.Check(challenge, Hospital, new string('a', 32)));
        Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, challenges.Check(challenge, Hospital, new string('a', 31) + "b"));
    }

    [Fact]
    public void Every_flipped_bit_undoes_it()
    {
        var challenges = With(1, (1, OldKey));
        var challenge = challenges.Issue(Hospital, Desk);

        for (var bit = 0; bit < challenge.Length * 8; bit++)
        {
            challenge[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, challenges.Check(challenge, Hospital, Desk));
            challenge[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.Equal(ChallengeCheck.Fresh, challenges.Check(challenge, Hospital, Desk));
    }

    [Fact]
    public void A_challenge_cut_short_or_made_longer_is_not_ours()
    {
        var challenges = With(1, (1, OldKey));
        var challenge = challenges.Issue(Hospital, Desk);

        for (var length = 0; length < challenge.Length; length++)
            Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, challenges.Check(challenge.AsSpan(0, length), Hospital, Desk));
        Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, challenges.Check([.. challenge, 0], Hospital, Desk));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void An_issue_time_outside_of_all_reason_is_no_trouble(long milliseconds)
    {
        var challenges = With(1, (1, OldKey));
        var challenge = challenges.Issue(Hospital, Desk);
        BinaryPrimitives.WriteInt64BigEndian(challenge.AsSpan(2), milliseconds);

        Assert.Equal(ChallengeCheck.NotIssuedToThisTerminal, challenges.Check(challenge, Hospital, Desk));
    }

    [Fact]
    public void Random_bytes_are_never_a_challenge()
    {
        var challenges = With(1, (1, OldKey));

        Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
            challenges.Check(bytes, Hospital, Desk) == ChallengeCheck.NotIssuedToThisTerminal));
    }

    [Fact]
    public void Checking_allocates_nothing()
    {
        var challenges = new Challenges(Ring(1, (1, OldKey)), TimeProvider.System);
        var challenge = challenges.Issue(Hospital, Desk);
        for (var n = 0; n < 100; n++) challenges.Check(challenge, Hospital, Desk);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 100; n++) challenges.Check(challenge, Hospital, Desk);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private Challenges With(byte active, params (byte Id, byte[] Key)[] keys) => new(Ring(active, keys), _clock);

    private static KeyRing Ring(byte active, params (byte Id, byte[] Key)[] keys) =>
        new(active, keys.ToDictionary(key => key.Id, key => key.Key));

    private static string CodeWithCheckDigit(string nineDigits) =>
        Enumerable.Range(0, 10).Select(digit => nineDigits + digit).Single(code => InstitutionCode.TryParse(code, out _));
}
