using System.Security.Cryptography;
using Npgsql;

namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>A file of the card office's as it goes on record beside what it brought: by its SHA-256, which is known once the file was read to its end.</summary>
internal sealed class FileHash : IDisposable
{
    private readonly SHA256 _hash = SHA256.Create();

    /// <param name="file">Read through <see cref="Content"/> alone.</param>
    public FileHash(Stream file) => Content = new CryptoStream(file, _hash, CryptoStreamMode.Read, leaveOpen: true);

    /// <summary>The file's content, hashed as it is read.</summary>
    public Stream Content { get; }

    /// <summary>32 bytes.</summary>
    public byte[] Value => _hash.Hash ?? throw new InvalidOperationException("The file was not read to its end.");

    /// <summary>Says, in the transaction that is open, which file its rows came with.</summary>
    public static async Task RecordAsync(NpgsqlConnection connection, string kind, byte[] hash, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("INSERT INTO card_office_file (kind, file_hash) VALUES ($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = kind }, new NpgsqlParameter<byte[]> { TypedValue = hash } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public void Dispose()
    {
        Content.Dispose();
        _hash.Dispose();
    }
}
