using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Contracts;

/// <summary>
/// What the card signs: SHA-256 of
/// <list type="number">
/// <item>the domain tag "eligibility.v1 card tap" in ASCII, preceded by its length in one byte</item>
/// <item>institution code, 10 ASCII digits</item>
/// <item>terminal name in ASCII, preceded by its length in one byte</item>
/// <item>purpose, one byte</item>
/// <item>event id, 16 bytes in network order</item>
/// <item>challenge, preceded by its length in one byte</item>
/// </list>
/// A signature is therefore good for one event and one purpose, and means nothing to any other service.
/// </summary>
public static class CardProofInput
{
    /// <summary>Longest challenge.</summary>
    public const int MaxChallengeLength = 64;

    private const int MaxLength = 1 + 32 + InstitutionCode.Length + 1 + 32 + 1 + 16 + 1 + MaxChallengeLength;

    private static ReadOnlySpan<byte> DomainTag => "eligibility.v1 card tap"u8;

    /// <summary>Writes the 32-byte digest that the card is to sign.</summary>
    /// <exception cref="ArgumentException">The challenge is longer than <see cref="MaxChallengeLength"/>.</exception>
    public static void Digest(InstitutionCode institution, string terminalName, Purpose purpose, EventId eventId, ReadOnlySpan<byte> challenge, Span<byte> digest)
    {
        if (challenge.Length > MaxChallengeLength) throw new ArgumentException("The challenge is too long.", nameof(challenge));
        Span<byte> input = stackalloc byte[MaxLength];
        var length = 0;
        input[length++] = (byte)DomainTag.Length;
        DomainTag.CopyTo(input[length..]);
        length += DomainTag.Length;
        length += Encoding.ASCII.GetBytes(institution.ToString(), input[length..]);
        input[length++] = (byte)terminalName.Length;
        length += Encoding.ASCII.GetBytes(terminalName, input[length..]);
        input[length++] = (byte)purpose;
        eventId.Value.TryWriteBytes(input[length..], bigEndian: true, out _);
        length += 16;
        input[length++] = (byte)challenge.Length;
        challenge.CopyTo(input[length..]);
        length += challenge.Length;
        SHA256.HashData(input[..length], digest);
    }
}
