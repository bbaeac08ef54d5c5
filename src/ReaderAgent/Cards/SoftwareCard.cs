using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>
/// A card made of software that speaks the real card's commands, for demonstrations and tests. Its PIN counter lives as long as the
/// object, as a card's own does across taps; <see cref="Reset"/> is the card leaving the field.
/// </summary>
internal sealed class SoftwareCard : ICardChannel, IDisposable
{
    private const int MostTries = 3;

    private readonly byte[] _pin;
    private readonly Dictionary<ushort, byte[]> _files = [];
    private readonly bool _certificateNeedsPin;
    private readonly RSA? _key;
    private bool _applicationSelected;
    private ushort? _file;
    private bool _verified;
    private int _triesLeft = MostTries;

    /// <param name="pin">4 digits.</param>
    /// <param name="token">What file 0006 says: a card, or a smartphone (which gives its certificate after the PIN only).</param>
    /// <param name="certificate">DER; null for a card whose holder asked for none.</param>
    /// <param name="privateKey">PKCS#8; null for a card that can't sign.</param>
    /// <exception cref="CryptographicException">The private key is no RSA key in PKCS#8.</exception>
    public SoftwareCard(string pin, string token, byte[]? certificate, byte[]? privateKey)
    {
        _pin = Encoding.ASCII.GetBytes(pin);
        _certificateNeedsPin = token == JpkiFiles.SmartphoneToken;
        _files[JpkiFiles.Token] = Encoding.ASCII.GetBytes(token);
        _files[JpkiFiles.AuthenticationPin] = [];
        if (certificate is not null) _files[JpkiFiles.AuthenticationCertificate] = certificate;
        if (privateKey is null) return;
        _key = RSA.Create();
        try
        {
            _key.ImportPkcs8PrivateKey(privateKey, out _);
        }
        catch
        {
            _key.Dispose();
            throw;
        }
        _files[JpkiFiles.AuthenticationKey] = [];
    }

    /// <summary>The card is lifted and put back: selections and the verified PIN are gone, the PIN counter stays.</summary>
    public void Reset()
    {
        _applicationSelected = false;
        _file = null;
        _verified = false;
    }

    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        if (command.Length < 4) return Just(StatusWord.WrongLength);
        return (command[0], command[1]) switch
        {
            (0x00, 0xA4) => Just(Select(command)),
            (0x00, 0xB0) => ReadBinary(command),
            (0x00, 0x20) => Just(Verify(command)),
            (0x80, 0x2A) => ComputeSignature(command),
            (0x00, _) => Just(StatusWord.UnknownInstruction),
            _ => Just(StatusWord.UnknownClass),
        };
    }

    public void Dispose() => _key?.Dispose();

    private StatusWord Select(ReadOnlySpan<byte> command)
    {
        if (command[3] != 0x0C) return StatusWord.WrongParameters;
        if (Body(command) is not { } body) return StatusWord.WrongLength;
        switch (command[2])
        {
            case 0x04:
                _file = null;
                _applicationSelected = body.AsSpan().SequenceEqual(JpkiFiles.ApplicationId);
                return _applicationSelected ? StatusWord.Success : StatusWord.FileNotFound;
            case 0x02 when body.Length != 2:
                return StatusWord.WrongLength;
            case 0x02:
                var file = BinaryPrimitives.ReadUInt16BigEndian(body);
                if (!_applicationSelected || !_files.ContainsKey(file)) return StatusWord.FileNotFound;
                _file = file;
                return StatusWord.Success;
            default:
                return StatusWord.WrongParameters;
        }
    }

    private byte[] ReadBinary(ReadOnlySpan<byte> command)
    {
        if (command.Length != 5) return Just(StatusWord.WrongLength);
        // P1's highest bit would name a short file identifier, which this card has not.
        if ((command[2] & 0x80) != 0) return Just(StatusWord.WrongParameters);
        if (_file is not (JpkiFiles.Token or JpkiFiles.AuthenticationCertificate)) return Just(StatusWord.NoFileSelected);
        if (_file is JpkiFiles.AuthenticationCertificate && _certificateNeedsPin && !_verified) return Just(StatusWord.SecurityNotSatisfied);
        var content = _files[_file.Value];
        var offset = BinaryPrimitives.ReadUInt16BigEndian(command[2..]);
        if (offset >= content.Length) return Just(StatusWord.WrongOffset);
        var wanted = command[4] == 0 ? 256 : command[4];
        var given = Math.Min(wanted, content.Length - offset);
        return Respond(content.AsSpan(offset, given), given < wanted ? StatusWord.EndOfFile : StatusWord.Success);
    }

    private StatusWord Verify(ReadOnlySpan<byte> command)
    {
        if (command[2] != 0x00 || command[3] != 0x80) return StatusWord.WrongParameters;
        if (_file is not JpkiFiles.AuthenticationPin) return StatusWord.ConditionsNotSatisfied;
        if (command.Length == 4)
        {
            if (_verified) return StatusWord.Success;
            return _triesLeft == 0 ? StatusWord.PinBlocked : StatusWord.TriesLeft(_triesLeft);
        }
        if (Body(command) is not { Length: JpkiFiles.PinLength } pin) return StatusWord.WrongLength;
        if (_triesLeft == 0) return StatusWord.PinBlocked;
        _verified = CryptographicOperations.FixedTimeEquals(pin, _pin);
        _triesLeft = _verified ? MostTries : _triesLeft - 1;
        return _verified ? StatusWord.Success : StatusWord.TriesLeft(_triesLeft);
    }

    private byte[] ComputeSignature(ReadOnlySpan<byte> command)
    {
        if (command[2] != 0x00 || command[3] != 0x80) return Just(StatusWord.WrongParameters);
        if (_file is not JpkiFiles.AuthenticationKey || _key is null) return Just(StatusWord.ConditionsNotSatisfied);
        if (!_verified) return Just(StatusWord.SecurityNotSatisfied);
        // Le is the last byte: 00 asks for the whole signature.
        if (command.Length < 6 || command[^1] != 0x00 || Body(command[..^1]) is not { } digestInfo) return Just(StatusWord.WrongLength);
        var prefix = JpkiFiles.Sha256DigestInfoPrefix;
        if (digestInfo.Length != prefix.Length + SHA256.HashSizeInBytes || !digestInfo.AsSpan().StartsWith(prefix)) return Just(StatusWord.WrongData);
        return Respond(_key.SignHash(digestInfo[prefix.Length..], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), StatusWord.Success);
    }

    // The data field; null where Lc says another length than there is.
    private static byte[]? Body(ReadOnlySpan<byte> command) =>
        command.Length >= 5 && command[4] > 0 && command.Length == 5 + command[4] ? command[5..].ToArray() : null;

    private static byte[] Just(StatusWord status) => Respond([], status);

    private static byte[] Respond(ReadOnlySpan<byte> data, StatusWord status)
    {
        var response = new byte[data.Length + 2];
        data.CopyTo(response);
        BinaryPrimitives.WriteUInt16BigEndian(response.AsSpan(data.Length), status.Value);
        return response;
    }
}
