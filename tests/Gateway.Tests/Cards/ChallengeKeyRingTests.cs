using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Tests.Cards;

public sealed class ChallengeKeyRingTests
{
    private static readonly string KeyA = Convert.ToBase64String(Enumerable.Range(0, 32).Select(n => (byte)n).ToArray());
    private static readonly string KeyB = Convert.ToBase64String(Enumerable.Range(100, 32).Select(n => (byte)n).ToArray());

    [Fact]
    public void A_ring_of_two_keys_has_the_one_active_that_was_named()
    {
        var ring = ChallengeKeyRing.Parse("7", new Dictionary<string, string> { ["6"] = KeyA, ["7"] = KeyB });

        Assert.Equal(7, ring.ActiveId);
        Assert.False(ring.HoldsPublishedTestKey);
    }

    [Fact]
    public void Ids_reach_from_0_to_255()
    {
        Assert.Equal(0, ChallengeKeyRing.Parse("0", new Dictionary<string, string> { ["0"] = KeyA }).ActiveId);
        Assert.Equal(255, ChallengeKeyRing.Parse("255", new Dictionary<string, string> { ["255"] = KeyA }).ActiveId);
    }

    [Theory]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("")]
    [InlineData("one")]
    public void An_id_that_is_no_number_of_one_byte_is_refused(string id)
    {
        Assert.Throws<FormatException>(() => ChallengeKeyRing.Parse(id, new Dictionary<string, string> { ["1"] = KeyA }));
        Assert.Throws<FormatException>(() => ChallengeKeyRing.Parse("1", new Dictionary<string, string> { ["1"] = KeyA, [id] = KeyB }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", Label = "31 bytes")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", Label = "33 bytes")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", Label = "all zero")]
    [InlineData("/////////////////////////////////////////w==", Label = "31 times FF")]
    [InlineData("//////////////////////////////////////////8=", Label = "all FF")]
    public void A_key_that_is_not_32_bytes_or_repeats_one_byte_is_refused_by_its_id_and_never_quoted(string key)
    {
        var fault = Assert.Throws<FormatException>(() => ChallengeKeyRing.Parse("3", new Dictionary<string, string> { ["3"] = key }));

        Assert.Contains("key 3", fault.Message, StringComparison.Ordinal);
        if (key.Length > 0) Assert.DoesNotContain(key, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_id_written_in_two_ways_is_refused()
    {
        Assert.Throws<FormatException>(() => ChallengeKeyRing.Parse("1", new Dictionary<string, string> { ["1"] = KeyA, ["01"] = KeyB }));
    }

    [Fact]
    public void An_active_key_that_the_ring_does_not_hold_is_refused()
    {
        Assert.Throws<FormatException>(() => ChallengeKeyRing.Parse("2", new Dictionary<string, string> { ["1"] = KeyA }));
        Assert.Throws<FormatException>(() => ChallengeKeyRing.Parse("2", new Dictionary<string, string>()));
    }

    [Fact]
    public void The_published_test_key_is_recognised_whether_it_is_active_or_not()
    {
        Assert.True(ChallengeKeyRing.ForDemonstration().HoldsPublishedTestKey);
        Assert.True(ChallengeKeyRing.Parse("1", new Dictionary<string, string> { ["1"] = KeyA, ["9"] = PublishedTestKeys.Demo }).HoldsPublishedTestKey);
        Assert.True(PublishedTestKeys.IsPublishedTestKey(Convert.FromBase64String(PublishedTestKeys.Demo)));
    }

    [Fact]
    public void Another_key_is_no_published_test_key()
    {
        Assert.False(PublishedTestKeys.IsPublishedTestKey(Convert.FromBase64String(KeyA)));
        Assert.False(PublishedTestKeys.IsPublishedTestKey([]));
    }
}
