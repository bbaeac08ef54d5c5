using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Cards;

/// <summary>
/// Challenges for cards to sign. They carry their own proof, so that any gateway with the key can check one that another gave out:
/// <list type="number">
/// <item>version, one byte: 1</item>
/// <item>id of the key, one byte</item>
/// <item>when it was issued, milliseconds since 1970, 8 bytes, big-endian</item>
/// <item>nonce, 16 random bytes</item>
/// <item>the first 16 bytes of the HMAC-SHA256 over a domain tag, all of the above, institution and terminal</item>
/// </list>
/// One challenge is good for any number of events while it lives: a signature covers the event's id as well, and single use is the id's.
/// </summary>
public sealed class Challenges
{
    /// <summary>Length of a challenge in bytes.</summary>
    public const int Length = HeaderLength + MacLength;

    /// <summary>How long a challenge lives where nothing else is configured.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How far the clocks of two gateways may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private const byte Version = 1;
    private const int HeaderLength = 1 + 1 + sizeof(long) + NonceLength;
    private const int NonceLength = 16;
    private const int MacLength = 16;
    private const int MaxTerminalNameLength = 32;

    private readonly KeyRing _keys;
    private readonly TimeProvider _clock;

    public Challenges(KeyRing keys, TimeProvider clock)
        : this(keys, clock, DefaultLifetime)
    {
    }

    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not positive.</exception>
    public Challenges(KeyRing keys, TimeProvider clock, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        _keys = keys;
        _clock = clock;
        Lifetime = lifetime;
    }

    /// <summary>How long a challenge is good from its issue.</summary>
    public TimeSpan Lifetime { get; }

    private static ReadOnlySpan<byte> DomainTag => "eligibility.v1 challenge"u8;

    /// <summary>A new challenge for this terminal.</summary>
    /// <param name="institution">The terminal's institution.</param>
    /// <param name="terminalName">The terminal's name as its certificate has it: 1 to 32 ASCII characters.</param>
    /// <exception cref="ArgumentException">No terminal has such a name.</exception>
    public byte[] Issue(InstitutionCode institution, string terminalName)
    {
        if (!CanBeTerminal(institution, terminalName)) throw new ArgumentException("No terminal has such a name.", nameof(terminalName));
        var challenge = new byte[Length];
        challenge[0] = Version;
        challenge[1] = _keys.ActiveId;
        BinaryPrimitives.WriteInt64BigEndian(challenge.AsSpan(2), _clock.GetUtcNow().ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(challenge.AsSpan(HeaderLength - NonceLength, NonceLength));
        Authenticate(challenge.AsSpan(0, HeaderLength), institution, terminalName, _keys.Active, challenge.AsSpan(HeaderLength));
        return challenge;
    }

    /// <summary>Whether this challenge was given to this terminal, and lives. Allocates nothing.</summary>
    public ChallengeCheck Check(ReadOnlySpan<byte> challenge, InstitutionCode institution, string terminalName)
    {
        if (challenge.Length != Length || challenge[0] != Version || !CanBeTerminal(institution, terminalName))
            return ChallengeCheck.NotIssuedToThisTerminal;
        if (!_keys.TryGet(challenge[1], out var key)) return ChallengeCheck.NotIssuedToThisTerminal;

        Span<byte> mac = stackalloc byte[MacLength];
        Authenticate(challenge[..HeaderLength], institution, terminalName, key, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, challenge[HeaderLength..])) return ChallengeCheck.NotIssuedToThisTerminal;

        // The issue time is authentic from here on.
        var age = _clock.GetUtcNow().ToUnixTimeMilliseconds() - BinaryPrimitives.ReadInt64BigEndian(challenge[2..]);
        if (age < -(long)ClockSkew.TotalMilliseconds) return ChallengeCheck.NotIssuedToThisTerminal;
        return age < (long)Lifetime.TotalMilliseconds ? ChallengeCheck.Fresh : ChallengeCheck.Expired;
    }

    private static bool CanBeTerminal(InstitutionCode institution, string terminalName) =>
        institution != default && terminalName.Length is > 0 and <= MaxTerminalNameLength && Ascii.IsValid(terminalName);

    private static void Authenticate(ReadOnlySpan<byte> header, InstitutionCode institution, string terminalName, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        // All parts but the last are of fixed length, so that no two inputs run together to the same bytes.
        Span<byte> input = stackalloc byte[DomainTag.Length + HeaderLength + InstitutionCode.Length + MaxTerminalNameLength];
        DomainTag.CopyTo(input);
        var length = DomainTag.Length;
        header.CopyTo(input[length..]);
        length += header.Length;
        length += Encoding.ASCII.GetBytes(institution.ToString(), input[length..]);
        length += Encoding.ASCII.GetBytes(terminalName, input[length..]);

        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, input[..length], full);
        full[..MacLength].CopyTo(mac);
    }
}
