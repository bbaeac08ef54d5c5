using System.Buffers.Binary;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Keys;
using Google.Protobuf;

namespace EligibilityGateway.Gateway.Appointments;

/// <summary>Rows and results as they lie in the store: sealed with the keys of answers, and each belongs to its place in its batch.</summary>
internal sealed class ChunkSeal(Seal answers)
{
    private const string Rows = "appointment rows", Results = "appointment results";

    public byte[] CloseRows(Guid seed, int firstRow, IEnumerable<Appointment> rows) =>
        answers.Close(new AppointmentBatch { Rows = { rows } }.ToByteArray(), BelongsTo(Rows, seed, firstRow));

    public byte[] CloseResults(Guid seed, int firstRow, IEnumerable<AppointmentResult> results) =>
        answers.Close(new AppointmentResultPage { Rows = { results } }.ToByteArray(), BelongsTo(Results, seed, firstRow));

    /// <exception cref="UnreadableChunkException">The key is no longer in the key file, or the bytes are not what was written.</exception>
    public IReadOnlyList<Appointment> OpenRows(Guid seed, int firstRow, byte[] sealedRows) =>
        AppointmentBatch.Parser.ParseFrom(Open(sealedRows, BelongsTo(Rows, seed, firstRow))).Rows;

    /// <exception cref="UnreadableChunkException">The key is no longer in the key file, or the bytes are not what was written.</exception>
    public IReadOnlyList<AppointmentResult> OpenResults(Guid seed, int firstRow, byte[] sealedResults) =>
        AppointmentResultPage.Parser.ParseFrom(Open(sealedResults, BelongsTo(Results, seed, firstRow))).Rows;

    private byte[] Open(byte[] whole, byte[] belongsTo) => answers.Open(whole, belongsTo) ?? throw new UnreadableChunkException();

    private static byte[] BelongsTo(string what, Guid seed, int firstRow)
    {
        var name = System.Text.Encoding.ASCII.GetBytes(what);
        var bytes = new byte[name.Length + 16 + sizeof(int)];
        name.CopyTo(bytes, 0);
        seed.TryWriteBytes(bytes.AsSpan(name.Length), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(name.Length + 16), firstRow);
        return bytes;
    }
}
