using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Tests.Cards;

public sealed class PublishedTestKeysTests
{
    private static readonly byte[] Published = Convert.FromBase64String(PublishedTestKeys.Demo);
    private static readonly byte[] Secret = [.. Enumerable.Range(1, KeyRing.KeyLength).Select(n => (byte)n)];

    [Fact]
    public void The_key_of_the_demonstration_is_known_to_be_published()
    {
        Assert.Equal(KeyRing.KeyLength, Published.Length);
        Assert.True(PublishedTestKeys.IsPublishedTestKey(Published));
    }

    [Fact]
    public void Another_key_is_not()
    {
        Assert.False(PublishedTestKeys.IsPublishedTestKey(Secret));
        Assert.False(PublishedTestKeys.IsPublishedTestKey([]));
    }

    [Fact]
    public void A_ring_is_known_by_any_of_its_keys()
    {
        Assert.True(PublishedTestKeys.AreIn(new KeyRing(1, new Dictionary<byte, byte[]> { [1] = Published })));
        Assert.True(PublishedTestKeys.AreIn(new KeyRing(1, new Dictionary<byte, byte[]> { [1] = Secret, [9] = Published })));
        Assert.False(PublishedTestKeys.AreIn(new KeyRing(1, new Dictionary<byte, byte[]> { [1] = Secret })));
    }
}
