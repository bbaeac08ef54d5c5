using System.Security.Cryptography;

namespace EligibilityGateway.Demo.Pki;

/// <summary>Serial numbers of certificates: 16 random bytes, positive.</summary>
internal static class SerialNumbers
{
    private const int Length = 16;

    public static byte[] New()
    {
        var serial = RandomNumberGenerator.GetBytes(Length);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}
