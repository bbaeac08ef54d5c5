using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Tests.Keys;

/// <summary>The arithmetic of a key's bound.</summary>
public sealed class KeyUseTests
{
    private const long Block = KeyUse.Block;

    [Theory]
    [InlineData(0, 0, Block)]
    [InlineData(1, 0, 2 * Block)]
    [InlineData(0, Block, 0)]
    [InlineData(Block / 2, Block, 0)]
    [InlineData((Block / 2) + 1, Block, Block)]
    [InlineData(Block, Block, Block)]
    [InlineData((3 * Block) + 7, Block, 4 * Block)]
    public void Whole_blocks_are_reserved_and_one_is_ahead_then(long used, long reserved, long lacking)
    {
        Assert.Equal(lacking, KeyUse.Lacking(used, reserved));
        if (lacking > 0) Assert.InRange(reserved + lacking - used, Block, 2 * Block);
    }

    [Theory]
    [InlineData(0, KeyUseLevel.Far)]
    [InlineData((3L << 30) - 1, KeyUseLevel.Far)]
    [InlineData(3L << 30, KeyUseLevel.Near)]
    [InlineData((1L << 32) - 1, KeyUseLevel.Near)]
    [InlineData(1L << 32, KeyUseLevel.Over)]
    [InlineData(long.MaxValue, KeyUseLevel.Over)]
    public void Three_quarters_are_near_and_the_whole_is_over(long messages, KeyUseLevel level) => Assert.Equal(level, KeyUseLevels.Of(messages));

    [Fact]
    public void A_seal_counts_what_it_seals_and_nothing_else()
    {
        byte[] key = [.. Enumerable.Range(0, KeyRing.KeyLength).Select(i => (byte)i)];
        using var seal = new Seal(new KeyRing(9, new Dictionary<byte, byte[]> { [9] = key }));
        Assert.Equal((9, "630dcd2966c43366"), (seal.Use.KeyId, Convert.ToHexStringLower(seal.Use.KeyName)));
        var closed = seal.Close([1], []);
        seal.Open(closed, []);
        Parallel.For(0, 1000, _ => seal.Close([1], []));
        Assert.Equal(1001, seal.Use.Messages);
    }
}
