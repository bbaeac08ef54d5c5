using System.Buffers.Binary;

namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>A response APDU, parted into data and status.</summary>
internal readonly record struct CardResponse(ReadOnlyMemory<byte> Data, StatusWord Status)
{
    /// <summary>Null where the response is too short to hold a status: the card is gone.</summary>
    public static CardResponse? Parse(byte[] response) => response.Length < 2
        ? null
        : new CardResponse(response.AsMemory(0, response.Length - 2), new StatusWord(BinaryPrimitives.ReadUInt16BigEndian(response.AsSpan(response.Length - 2))));
}
