using System.Buffers.Binary;
using System.Security.Cryptography;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Access.Journal;

/// <summary>Writes and opens the entries of one segment. Not for two threads at once.</summary>
internal sealed class EntryCipher : IDisposable
{
    private readonly AesGcm _aes;
    private readonly byte[] _mark;

    public EntryCipher(SegmentHeader header, KeyRing keys)
    {
        _aes = new AesGcm(SegmentKey.Derive(keys, header.KeyId, header.Id, "entries"), JournalFormat.TagBytes);
        _mark = header.Id[..JournalFormat.MarkBytes];
    }

    /// <summary>The bytes that each entry of this segment begins with.</summary>
    public ReadOnlySpan<byte> Mark => _mark;

    /// <summary>Writes an entry and returns its length on the disk.</summary>
    public int Write(Span<byte> destination, int index, int groupStart, long writtenAtMilliseconds, ReadOnlySpan<byte> content)
    {
        var associated = destination[..JournalFormat.AssociatedBytes];
        _mark.CopyTo(associated);
        BinaryPrimitives.WriteInt32LittleEndian(associated[8..], content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(associated[12..], index);
        BinaryPrimitives.WriteInt32LittleEndian(associated[16..], groupStart);
        BinaryPrimitives.WriteInt64LittleEndian(associated[20..], writtenAtMilliseconds);
        var nonce = destination.Slice(JournalFormat.AssociatedBytes, JournalFormat.NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        var ciphertext = destination.Slice(JournalFormat.EntryHeaderBytes, content.Length);
        var tag = destination.Slice(JournalFormat.EntryHeaderBytes + content.Length, JournalFormat.TagBytes);
        _aes.Encrypt(nonce, content, ciphertext, tag, associated);
        return content.Length + JournalFormat.EntryOverheadBytes;
    }

    /// <summary>Opens the entry that <paramref name="source"/> begins with; false if there is none that this segment's key made.</summary>
    public bool TryOpen(ReadOnlySpan<byte> source, Span<byte> contentBuffer, out EntrySpot spot)
    {
        spot = default;
        if (source.Length < JournalFormat.EntryOverheadBytes || !source.StartsWith(_mark)) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        if (length is < 1 or > JournalFormat.LargestContentBytes || length > source.Length - JournalFormat.EntryOverheadBytes) return false;
        try
        {
            _aes.Decrypt(
                source.Slice(JournalFormat.AssociatedBytes, JournalFormat.NonceBytes),
                source.Slice(JournalFormat.EntryHeaderBytes, length),
                source.Slice(JournalFormat.EntryHeaderBytes + length, JournalFormat.TagBytes),
                contentBuffer[..length],
                source[..JournalFormat.AssociatedBytes]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        spot = new EntrySpot(
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            Offset: 0,
            length,
            BinaryPrimitives.ReadInt64LittleEndian(source[20..]));
        return true;
    }

    public void Dispose() => _aes.Dispose();
}
