using System.Security.Cryptography;
using System.Text;

namespace EligibilityGateway.ReaderAgent.Spool;

/// <summary>
/// What a spool file looks like: version (1 byte), nonce (12), tag (16), AES-256-GCM ciphertext. The file's name is associated data,
/// so that one event's file can't stand in for another's.
/// </summary>
internal sealed class SpoolCipher(byte[] key) : IDisposable
{
    public const int KeyLength = 32;

    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    private readonly AesGcm _aes = new(key, TagLength);

    public byte[] Seal(string fileName, ReadOnlySpan<byte> content)
    {
        var file = new byte[HeaderLength + content.Length];
        file[0] = Version;
        // A random nonce is safe for 2^32 files under one key (NIST SP 800-38D, 8.3); a terminal writes a few hundred a day.
        var nonce = file.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        _aes.Encrypt(nonce, content, file.AsSpan(HeaderLength), file.AsSpan(1 + NonceLength, TagLength), Encoding.UTF8.GetBytes(fileName));
        return file;
    }

    /// <summary>Null where the file is cut, altered, another's, or sealed with another key.</summary>
    public byte[]? Open(string fileName, ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength || file[0] != Version) return null;
        var content = new byte[file.Length - HeaderLength];
        try
        {
            _aes.Decrypt(file.Slice(1, NonceLength), file[HeaderLength..], file.Slice(1 + NonceLength, TagLength), content, Encoding.UTF8.GetBytes(fileName));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return content;
    }

    public void Dispose() => _aes.Dispose();
}
