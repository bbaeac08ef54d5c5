using System.Security.Cryptography;
using EligibilityGateway.Contracts.V1;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>
/// A delivery's content on disk while it is received and checked: a slow sender holds up nobody's checks. Its file has no name as soon
/// as it is open, so that nothing of it stays, whatever ends the process.
/// </summary>
internal sealed class DeliverySpool : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private DeliverySpool(FileStream file) => _file = file;

    /// <summary>SHA-256 of the content.</summary>
    public byte[] ContentHash { get; private set; } = [];

    /// <summary>Receives all that follows the header.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="mostMegabytes">How large it may be.</param>
    /// <param name="pieces">The stream; its header was read.</param>
    /// <param name="clock">For how long no piece comes.</param>
    /// <param name="cancellation">The call's.</param>
    /// <exception cref="RpcException">The content can't be taken.</exception>
    public static async Task<DeliverySpool> ReceiveAsync(
        string folder, int mostMegabytes, IAsyncStreamReader<FeedChunk> pieces, TimeProvider clock, CancellationToken cancellation)
    {
        var spool = new DeliverySpool(Open(folder));
        try
        {
            while (await NextAsync(pieces, clock, cancellation))
            {
                if (pieces.Current.ChunkCase != FeedChunk.ChunkOneofCase.Content) throw Refusals.HeaderFirst();
                var content = pieces.Current.Content;
                if (content.Length > DeliveryBounds.MostPieceBytes) throw Refusals.PieceTooLong();
                if (spool._file.Length + content.Length > (long)mostMegabytes << 20) throw Refusals.TooLarge(mostMegabytes);
                spool._hash.AppendData(content.Span);
                await spool.KeepAsync(content.Memory, cancellation);
            }
            spool.ContentHash = spool._hash.GetHashAndReset();
            spool._file.Position = 0;
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    /// <summary>The next message, if there is one.</summary>
    /// <exception cref="RpcException">DEADLINE_EXCEEDED: none came, nor the end.</exception>
    public static async Task<bool> NextAsync(IAsyncStreamReader<FeedChunk> pieces, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            return await pieces.MoveNext(cancellation).WaitAsync(DeliveryBounds.PieceWithin, clock, cancellation);
        }
        catch (TimeoutException)
        {
            throw Refusals.TooSlow();
        }
    }

    private async Task KeepAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        try
        {
            await _file.WriteAsync(content, cancellation);
        }
        catch (IOException)
        {
            throw Refusals.NoRoom();
        }
    }

    /// <summary>The content from its beginning.</summary>
    public Stream Content => _file;

    public ValueTask DisposeAsync()
    {
        _hash.Dispose();
        return _file.DisposeAsync();
    }

    /// <exception cref="IOException">Nothing can be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">So too.</exception>
    public static FileStream Open(string folder)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.delivery");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        return file;
    }
}
