using System.Runtime.InteropServices;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// Card signatures checked by OpenSSL's libcrypto 3, the library that .NET itself uses on Linux. The public operation is done
/// without any treatment of the padding, and the whole block compared with the only right one (RFC 8017, 8.2.2 and 9.2): there is
/// no parser that could be lax.
/// </summary>
internal static partial class LibcryptoRsa
{
    private const string Libcrypto = "libcrypto.so.3";
    private const int NoPadding = 3;

    /// <summary>Whether the library is there.</summary>
    public static bool IsThere { get; } = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Libcrypto, out _);

    /// <summary>What comes before the digest: 00 01, FF to the length, 00, and the DigestInfo of SHA-256.</summary>
    private static ReadOnlySpan<byte> DigestInfo =>
    [
        0x00, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
    ];

    /// <summary>For input that <see cref="CardSignature.CanVerify"/> lets through.</summary>
    public static bool Verify(ReadOnlySpan<byte> modulus, int exponent, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        Span<byte> block = stackalloc byte[CardSignature.Length];
        if (!PublicOperation(modulus, exponent, signature, block)) return false;

        Span<byte> expected = stackalloc byte[CardSignature.Length];
        expected[0] = 0x00;
        expected[1] = 0x01;
        expected[2..^(DigestInfo.Length + CardSignature.DigestLength)].Fill(0xff);
        DigestInfo.CopyTo(expected[^(DigestInfo.Length + CardSignature.DigestLength)..]);
        digest.CopyTo(expected[^CardSignature.DigestLength..]);
        return block.SequenceEqual(expected);
    }

    private static bool PublicOperation(ReadOnlySpan<byte> modulus, int exponent, ReadOnlySpan<byte> signature, Span<byte> block)
    {
        ReadOnlySpan<byte> exponentBytes = [(byte)(exponent >> 24), (byte)(exponent >> 16), (byte)(exponent >> 8), (byte)exponent];
        nint n = 0, e = 0, key = 0;
        try
        {
            n = BN_bin2bn(modulus, modulus.Length, 0);
            e = BN_bin2bn(exponentBytes, exponentBytes.Length, 0);
            key = RSA_new();
            if (n == 0 || e == 0 || key == 0) throw new InsufficientMemoryException("libcrypto could not allocate a key.");
            if (RSA_set0_key(key, n, e, 0) != 1) return false;
            // The key owns both numbers now.
            n = e = 0;
            if (RSA_public_decrypt(signature.Length, signature, block, key, NoPadding) == CardSignature.Length) return true;
            // Errors are kept per thread; one left behind would be taken for that of the next caller on this thread.
            ERR_clear_error();
            return false;
        }
        finally
        {
            RSA_free(key);
            BN_free(n);
            BN_free(e);
        }
    }

    // Each of the free functions takes a null pointer for nothing to do.
    [LibraryImport(Libcrypto), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint BN_bin2bn(ReadOnlySpan<byte> bigEndian, int length, nint into);

    [LibraryImport(Libcrypto), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void BN_free(nint number);

    [LibraryImport(Libcrypto), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint RSA_new();

    [LibraryImport(Libcrypto), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RSA_set0_key(nint key, nint n, nint e, nint d);

    [LibraryImport(Libcrypto), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RSA_public_decrypt(int length, ReadOnlySpan<byte> signature, Span<byte> block, nint key, int padding);

    [LibraryImport(Libcrypto), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void RSA_free(nint key);

    [LibraryImport(Libcrypto), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ERR_clear_error();
}
