using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EligibilityGateway.Demo.Pki;

/// <summary>
/// Cards in great numbers for load tests, each with a key of its own, in one file under the demo's PKI. The file is a header (what it
/// is, the authority's fingerprint, the cards' dates) and then, per card, certificate (DER) and key (PKCS#8), each after its length in
/// two bytes, big-endian. Cards are only ever appended; a card that was written in part, by a process killed meanwhile, is cut off.
/// </summary>
public sealed class BulkCards
{
    // Written out each time that many are made, so that a kill costs little.
    private const int BatchSize = 1_000;

    private const int HeaderLength = 8 + 32 + 2 * sizeof(long);

    private readonly string _path;

    private BulkCards(string path, int count)
    {
        _path = path;
        Count = count;
    }

    /// <summary>How many cards there are.</summary>
    public int Count { get; }

    private static ReadOnlySpan<byte> Magic => "EGCARDS1"u8;

    /// <summary>
    /// The cards in that folder, at least so many; more are issued where there are fewer, and all anew where they are of another
    /// authority or other dates.
    /// </summary>
    /// <param name="folder">The PKI's folder; the pool of primes is kept there too.</param>
    /// <param name="authority">Who issues them.</param>
    /// <param name="count">How many are needed.</param>
    /// <param name="notBefore">Start of their validity.</param>
    /// <param name="notAfter">End of their validity.</param>
    /// <param name="issued">Told how many there are, after each batch.</param>
    public static BulkCards Ensure(string folder, DemoCardAuthority authority, int count, DateTimeOffset notBefore, DateTimeOffset notAfter, IProgress<int>? issued = null)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "bulk-cards.bin");
        var header = Header(authority, notBefore, notAfter);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);

        var present = CountWhole(file, header);
        if (present >= count) return new BulkCards(path, present);
        var pool = PrimePool.Open(Path.Combine(folder, "primes.bin"), count);
        while (present < count)
        {
            var batch = new IssuedCard[Math.Min(BatchSize, count - present)];
            var first = present;
            Parallel.For(0, batch.Length, n => batch[n] = Issue(pool.Key(first + n), authority, notBefore, notAfter));
            foreach (var card in batch) Append(file, card);
            file.Flush();
            present += batch.Length;
            issued?.Report(present);
        }
        return new BulkCards(path, present);
    }

    /// <summary>The cards, always in the same order.</summary>
    public IEnumerable<IssuedCard> Read()
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        file.Position = HeaderLength;
        for (var n = 0; n < Count; n++)
        {
            if (ReadPart(file) is not { } certificate || ReadPart(file) is not { } key) yield break;
            yield return new IssuedCard(certificate, key);
        }
    }

    private static IssuedCard Issue(RSAParameters parameters, DemoCardAuthority authority, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = RSA.Create(parameters);
        return new IssuedCard(authority.Certify(key, notBefore, notAfter), key.ExportPkcs8PrivateKey());
    }

    private static byte[] Header(DemoCardAuthority authority, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        authority.Anchor.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(40), notBefore.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(48), notAfter.ToUnixTimeSeconds());
        return header;
    }

    // Leaves the file with a right header and whole cards alone, and its position at the end.
    private static int CountWhole(FileStream file, byte[] header)
    {
        var present = new byte[HeaderLength];
        if (file.ReadAtLeast(present, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !present.AsSpan().SequenceEqual(header))
        {
            file.SetLength(0);
            file.Write(header);
            return 0;
        }
        var count = 0;
        var end = file.Position;
        while (ReadPart(file) is not null && ReadPart(file) is not null)
        {
            count++;
            end = file.Position;
        }
        file.SetLength(end);
        file.Position = end;
        return count;
    }

    private static byte[]? ReadPart(FileStream file)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length) return null;
        var part = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) == part.Length ? part : null;
    }

    private static void Append(FileStream file, IssuedCard card)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        foreach (var part in (ReadOnlySpan<byte[]>)[card.Certificate, card.PrivateKey])
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)part.Length));
            file.Write(length);
            file.Write(part);
        }
    }
}
