namespace EligibilityGateway.LoadTests.Wire;

/// <summary>Bytes that came and were not taken yet, in one piece of memory that grows only where something larger than ever comes.</summary>
internal sealed class ByteQueue(int capacity)
{
    private byte[] _bytes = new byte[capacity];
    private int _begin;
    private int _end;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_begin, _end - _begin);

    /// <summary>Room for at least so many bytes behind the unread ones; those that are put there count once they are added.</summary>
    public Memory<byte> Room(int atLeast)
    {
        if (_begin == _end) (_begin, _end) = (0, 0);
        if (_bytes.Length - _end < atLeast)
        {
            var unread = _end - _begin;
            var target = _bytes.Length - unread >= atLeast ? _bytes : new byte[Math.Max(2 * _bytes.Length, unread + atLeast)];
            Buffer.BlockCopy(_bytes, _begin, target, 0, unread);
            (_bytes, _begin, _end) = (target, 0, unread);
        }
        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes were put into the room.</summary>
    public void Add(int count) => _end += count;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length).Span);
        _end += bytes.Length;
    }

    /// <summary>So many unread bytes are done with; what was read of them holds until the next room is asked for.</summary>
    public void Take(int count) => _begin += count;
}
