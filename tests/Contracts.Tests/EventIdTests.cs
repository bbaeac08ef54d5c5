using EligibilityGateway.Contracts.V1;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Contracts.Tests;

public sealed class EventIdTests
{
    [Fact]
    public void New_id_carries_the_clocks_time_to_the_millisecond()
    {
        var moment = new DateTimeOffset(2026, 10, 15, 0, 0, 0, 123, TimeSpan.Zero);
        var id = EventId.New(new FakeTimeProvider(moment));
        Assert.Equal(moment, id.Time);
        Assert.True(EventId.TryParse(id.ToString(), out var read) && read == id);
    }

    [Theory]
    [InlineData("6f1f2f64-3b0a-4c53-9f0e-3f8d7a0b1c2d")] // version 4
    [InlineData("0199e2a0-0000-7000-0000-000000000000")] // no variant of RFC 9562
    [InlineData("ffffffff-ffff-7000-8000-000000000000")] // after the year 9999
    [InlineData("{0199e2a0-0000-7000-8000-000000000000}")]
    [InlineData("0199e2a000007000800000000000000")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_UUID_of_version_7_is_no_event_id(string? text) => Assert.False(EventId.TryParse(text, out _));

    [Fact]
    public void Digest_changes_with_every_part_of_what_a_card_signs()
    {
        var institution = InstitutionCode.Parse("0110113719");
        var id = EventId.New(TimeProvider.System);
        byte[] challenge = [1, 2, 3];
        var digests = new HashSet<string>
        {
            Digest(institution, "desk-1", Purpose.Care, id, challenge),
            Digest(InstitutionCode.Parse("2714206386"), "desk-1", Purpose.Care, id, challenge),
            Digest(institution, "desk-2", Purpose.Care, id, challenge),
            Digest(institution, "desk-1", Purpose.Dispensing, id, challenge),
            Digest(institution, "desk-1", Purpose.Care, EventId.New(TimeProvider.System), challenge),
            Digest(institution, "desk-1", Purpose.Care, id, [1, 2, 4]),
            Digest(institution, "desk-1", Purpose.Care, id, [1, 2]),
        };
        Assert.Equal(7, digests.Count);
        Assert.Throws<ArgumentException>(() => Digest(institution, "desk-1", Purpose.Care, id, new byte[65]));
    }

    private static string Digest(InstitutionCode institution, string terminal, Purpose purpose, EventId id, byte[] challenge)
    {
        var digest = new byte[32];
        CardProofInput.Digest(institution, terminal, purpose, id, challenge, digest);
        return Convert.ToHexString(digest);
    }
}
