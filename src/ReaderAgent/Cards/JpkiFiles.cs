namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>Names and constants of the card's public key application (公的個人認証AP).</summary>
internal static class JpkiFiles
{
    /// <summary>Kind of card, in ASCII: <see cref="PhysicalCardToken"/> or <see cref="SmartphoneToken"/>.</summary>
    public const ushort Token = 0x0006;

    /// <summary>User-authentication certificate (利用者証明用電子証明書). A card gives it without a PIN, so reading it proves nothing.</summary>
    public const ushort AuthenticationCertificate = 0x000A;

    public const ushort AuthenticationKey = 0x0017;

    /// <summary>4 digits, 3 tries.</summary>
    public const ushort AuthenticationPin = 0x0018;

    public const string PhysicalCardToken = "JPKIAPICCTOKEN";

    public const string SmartphoneToken = "JPKIAPGPSETOKEN";

    public const int PinLength = 4;

    public const int SignatureLength = 256;

    public static ReadOnlySpan<byte> ApplicationId => [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

    /// <summary>What stands before a SHA-256 digest in a DigestInfo (RFC 8017, 9.2, note 1).</summary>
    public static ReadOnlySpan<byte> Sha256DigestInfoPrefix =>
        [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];
}
