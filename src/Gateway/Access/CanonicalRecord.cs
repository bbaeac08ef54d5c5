using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Emergency;

namespace EligibilityGateway.Gateway.Access;

/// <summary>
/// The byte form of an access record: what a log leaf is made of, so it never changes once written. Form 1 is a look-up; form 2 is a count
/// of refusals (<see cref="AccessRecord.RefusalsCounted"/>), whose 4 bytes stand before the length of the note. Integers are
/// big-endian; times are milliseconds since 1970 in UTC; dates are days since 0001-01-01; an absent key is 16 zero bytes.
/// <code>
/// 1 form | 16 event id | 16 terminal id | 10 institution code, ASCII | 1 role | 1 purpose | 4 service date | 1 assurance | 1 ground
/// 1 flags: 1 journalled, 2 registers the card, 4 shows the month elsewhere, 8 for review | 2 validity | 2 reason | 8 person id (0: none) | 8 person version | 16 card key
/// 8 card version | 16 document key | 8 document version | 8 terminal version | 1 source | 8 as of | 8 decided at | 32 request hash
/// 2 length of note | note, UTF-8
/// </code>
/// </summary>
public static class CanonicalRecord
{
    public const byte Form = 1;

    public const byte FormOfCount = 2;

    private const int FixedLength = 1 + 16 + 16 + 10 + 1 + 1 + 4 + 1 + 1 + 1 + 2 + 2 + 8 + 8 + 16 + 8 + 16 + 8 + 8 + 1 + 8 + 8 + 32 + 2;

    public static byte[] Of(AccessRecord record)
    {
        var isCount = record.RefusalsCounted > 0;
        var noteLength = Encoding.UTF8.GetByteCount(record.Note);
        var bytes = new byte[FixedLength + (isCount ? sizeof(int) : 0) + noteLength];
        var to = new Cursor(bytes);
        to.Byte(isCount ? FormOfCount : Form);
        to.Key(record.EventId.Value);
        to.Key(record.TerminalId);
        to.Ascii(record.Institution.ToString());
        to.Byte((byte)record.Role);
        to.Byte((byte)record.Purpose);
        to.Int32(record.ServiceDate.DayNumber);
        to.Byte((byte)record.Assurance);
        to.Byte((byte)record.Ground);
        to.Byte((byte)((record.Journalled ? Flags.Journalled : 0) | (record.RegistersCard ? Flags.RegistersCard : 0)
            | (record.ShowsMonthElsewhere ? Flags.ShowsMonthElsewhere : 0) | (record.IsForReview ? Flags.ForReview : 0)));
        to.Int16((short)record.Validity);
        to.Int16((short)record.Reason);
        to.Int64(record.PersonId ?? 0);
        to.Int64(record.ReliedUpon.PersonVersion);
        to.Key(record.ReliedUpon.CardKey ?? Guid.Empty);
        to.Int64(record.ReliedUpon.CardVersion);
        to.Key(record.ReliedUpon.DocumentKey ?? Guid.Empty);
        to.Int64(record.ReliedUpon.DocumentVersion);
        to.Int64(record.ReliedUpon.TerminalVersion);
        to.Byte((byte)record.Source);
        to.Int64(record.AsOf.ToUnixTimeMilliseconds());
        to.Int64(record.DecidedAt.ToUnixTimeMilliseconds());
        to.Bytes(record.RequestHash);
        if (isCount) to.Int32(record.RefusalsCounted);
        to.Int16((short)noteLength);
        to.Utf8(record.Note);
        return bytes;
    }

    /// <summary>The record that such bytes tell of.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static AccessRecord Read(ReadOnlySpan<byte> canonical)
    {
        var from = new Reader(canonical);
        var form = from.Byte();
        if (form is not (Form or FormOfCount)) throw new FormatException($"An access record of form {form} is not known to this program.");
        var eventId = EventId.TryParse(from.Key().ToString("D"), out var id) ? id : throw new FormatException("An access record without an event.");
        var terminal = from.Key();
        var institution = InstitutionCode.Parse(from.Text(InstitutionCode.Length));
        var (role, purpose) = ((TerminalRole)from.Byte(), (Purpose)from.Byte());
        var serviceDate = from.Day();
        var (assurance, ground, flags) = ((Assurance)from.Byte(), (EmergencyBasis)from.Byte(), (Flags)from.Byte());
        var (validity, reason) = ((Validity)from.Int16(), (Reason)from.Int16());
        var (person, personVersion) = (from.Int64(), from.Int64());
        var (card, cardVersion, document, documentVersion, terminalVersion) = (from.Key(), from.Int64(), from.Key(), from.Int64(), from.Int64());
        var source = (Source)from.Byte();
        var (asOf, decidedAt) = (from.Moment(), from.Moment());
        var hash = from.Bytes(SHA256.HashSizeInBytes);
        var counted = form == FormOfCount ? from.Int32() : 0;
        if (form == FormOfCount && counted < 1) throw new FormatException("An access record that counts nothing.");
        var note = from.Text(from.Int16());
        from.End();
        return new AccessRecord
        {
            EventId = eventId,
            TerminalId = terminal,
            Institution = institution,
            Role = role,
            Purpose = purpose,
            ServiceDate = serviceDate,
            Assurance = assurance,
            Ground = ground,
            Note = note,
            Validity = validity,
            Reason = reason,
            PersonId = person == 0 ? null : person,
            ReliedUpon = new ReliedUpon(
                terminalVersion, person == 0 ? null : person, personVersion, card == Guid.Empty ? null : card, cardVersion, document == Guid.Empty ? null : document, documentVersion),
            Source = source,
            AsOf = asOf,
            DecidedAt = decidedAt,
            RequestHash = hash,
            RegistersCard = flags.HasFlag(Flags.RegistersCard),
            ShowsMonthElsewhere = flags.HasFlag(Flags.ShowsMonthElsewhere),
            IsForReview = flags.HasFlag(Flags.ForReview),
            RefusalsCounted = counted,
            Journalled = flags.HasFlag(Flags.Journalled),
        };
    }

    [Flags]
    private enum Flags : byte
    {
        Journalled = 1,
        RegistersCard = 2,
        ShowsMonthElsewhere = 4,
        ForReview = 8,
    }

    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        private static readonly long FirstMoment = DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), LastMoment = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

        private ReadOnlySpan<byte> _rest = rest;

        public byte Byte() => Take(1)[0];

        public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

        public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

        public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

        public Guid Key() => new(Take(16), bigEndian: true);

        public byte[] Bytes(int length) => Take(length).ToArray();

        public DateOnly Day()
        {
            var number = Int32();
            return number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber
                ? DateOnly.FromDayNumber(number)
                : throw new FormatException("An access record of a day that does not exist.");
        }

        public DateTimeOffset Moment()
        {
            var milliseconds = Int64();
            return milliseconds >= FirstMoment && milliseconds <= LastMoment
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : throw new FormatException("An access record of a time that does not exist.");
        }

        public string Text(int length)
        {
            var text = Take(length);
            try
            {
                return Strict.GetString(text);
            }
            catch (DecoderFallbackException)
            {
                throw new FormatException("An access record whose text is not UTF-8.");
            }
        }

        public readonly void End()
        {
            if (!_rest.IsEmpty) throw new FormatException("An access record that goes on behind its end.");
        }

        private ReadOnlySpan<byte> Take(int length)
        {
            if (length < 0 || length > _rest.Length) throw new FormatException("An access record that is cut off.");
            var taken = _rest[..length];
            _rest = _rest[length..];
            return taken;
        }
    }

    private ref struct Cursor(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void Byte(byte value)
        {
            _rest[0] = value;
            _rest = _rest[1..];
        }

        public void Int16(short value)
        {
            BinaryPrimitives.WriteInt16BigEndian(_rest, value);
            _rest = _rest[2..];
        }

        public void Int32(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(_rest, value);
            _rest = _rest[8..];
        }

        public void Key(Guid value)
        {
            value.TryWriteBytes(_rest, bigEndian: true, out _);
            _rest = _rest[16..];
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            value.CopyTo(_rest);
            _rest = _rest[value.Length..];
        }

        public void Ascii(string value) => _rest = _rest[Encoding.ASCII.GetBytes(value, _rest)..];

        public void Utf8(string value) => _rest = _rest[Encoding.UTF8.GetBytes(value, _rest)..];
    }
}
