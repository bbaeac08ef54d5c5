using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace EligibilityGateway.Gateway.Feeds.Files;

/// <summary>
/// The lines of a feed's file. Each stands for itself, and is whole UTF-8 of bounded length or a fault with its place: so one broken
/// line is one error and not the rest of the file, and no file takes more memory than one line may.
/// </summary>
internal sealed class FeedLines(Stream file) : IDisposable
{
    /// <summary>Many times what all columns at their longest take.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[4 * MaxLineBytes];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Bytes of the file that lie behind.</summary>
    public long BytesRead { get; private set; }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>False at the end of the file. A line at fault comes with its fault and no bytes.</summary>
    public bool Next(out ReadOnlySpan<byte> line, out FeedFault? fault)
    {
        line = default;
        fault = null;
        if (!FindEnd(out var length, out var tooLong))
        {
            if (_start == _end && !tooLong) return false;
            Number++;
            _start = _end;
            fault = FeedFault.Unreadable(Number, "the file ends within this line: it was cut off, or the last line break is missing");
            return true;
        }
        Number++;
        var bytes = _buffer.AsSpan(_start, length);
        _start += length + 1;
        if (tooLong)
        {
            fault = FeedFault.Unreadable(Number, $"longer than {MaxLineBytes} bytes");
            return true;
        }
        if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
        if (Number == 1 && bytes.StartsWith(ByteOrderMark)) bytes = bytes[ByteOrderMark.Length..];
        if (FaultOf(bytes) is { } reason) fault = FeedFault.Unreadable(Number, reason);
        else line = bytes;
        return true;
    }

    /// <summary>SHA-256 of what was read.</summary>
    public byte[] Hash() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();

    private static string? FaultOf(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            var at = 0;
            while (Rune.DecodeFromUtf8(line[at..], out _, out var consumed) == System.Buffers.OperationStatus.Done) at += consumed;
            return string.Create(CultureInfo.InvariantCulture, $"byte {at + 1} is not UTF-8: the file is in another encoding, or in two");
        }
        var mark = line.IndexOf(ByteOrderMark);
        return mark < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"byte {mark + 1} begins a byte order mark within the file: files were joined");
    }

    /// <summary>Finds the line break, leaving out of memory what is too long to be kept.</summary>
    private bool FindEnd(out int length, out bool tooLong)
    {
        tooLong = false;
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                length = searched + found;
                tooLong |= length > MaxLineBytes;
                return true;
            }
            searched = _end - _start;
            if (searched > MaxLineBytes)
            {
                tooLong = true;
                _start = _end;
                searched = 0;
            }
            if (!Fill())
            {
                length = 0;
                return false;
            }
        }
    }

    private bool Fill()
    {
        if (_ended) return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        var read = file.Read(_buffer.AsSpan(_end));
        _ended = read == 0;
        _hash.AppendData(_buffer.AsSpan(_end, read));
        _end += read;
        BytesRead += read;
        return !_ended;
    }
}
