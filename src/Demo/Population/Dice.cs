using System.Buffers.Binary;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// Chance that can be thrown again: SplitMix64 (Steele, Lea, Flood 2014), seeded by the population's seed, what the dice are for, and
/// the index of the household or person, so that any of them can be made anew alone. Not for secrets.
/// </summary>
internal sealed class Dice
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    public Dice(ulong seed, DiceUse use, long index) => _state = Mix(Mix(Mix(seed + Golden) + (ulong)use) + (ulong)index);

    public ulong Next() => Mix(_state += Golden);

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary><paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + Below(to - from + 1);

    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>An index drawn with these weights.</summary>
    public int Weighted(ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights) sum += weight;
        var left = Below(sum);
        for (var i = 0; ; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }
    }

    public void Fill(Span<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[sizeof(ulong)];
        for (var i = 0; i < bytes.Length; i += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(eight, Next());
            eight[..Math.Min(sizeof(ulong), bytes.Length - i)].CopyTo(bytes[i..]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
