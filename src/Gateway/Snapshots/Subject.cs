using System.Buffers.Binary;

namespace EligibilityGateway.Gateway.Snapshots;

/// <summary>
/// Who is looked for, in the form in which findings are kept: a card by its key, or a document by the key of its numbers, the branch
/// and the birth date. With clinical facts or without: the desk never reads them.
/// </summary>
/// <param name="IsCard">A card; else a document.</param>
/// <param name="Key">Card key or document key.</param>
/// <param name="Branch">Branch of a document, 0–99; -1 where none was given.</param>
/// <param name="BirthDate">Birth date typed with a document; default for a card.</param>
/// <param name="WithClinicalFacts">For the emergency summary.</param>
public readonly record struct Subject(bool IsCard, Guid Key, short Branch, DateOnly BirthDate, bool WithClinicalFacts)
{
    /// <summary>Length of <see cref="Write"/>'s form.</summary>
    public const int Length = 1 + 16 + 2 + 4;

    public static Subject OfCard(Guid cardKey, bool withClinicalFacts) => new(true, cardKey, -1, default, withClinicalFacts);

    public static Subject OfDocument(Guid documentKey, string? branch, DateOnly birthDate) =>
        new(false, documentKey, branch is null ? (short)-1 : short.Parse(branch, System.Globalization.CultureInfo.InvariantCulture), birthDate, false);

    /// <summary>A fixed form, for the pseudonymous name in Redis.</summary>
    public void Write(Span<byte> to)
    {
        to[0] = (byte)((IsCard ? 1 : 0) | (WithClinicalFacts ? 2 : 0));
        Key.TryWriteBytes(to[1..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt16BigEndian(to[17..], Branch);
        BinaryPrimitives.WriteInt32BigEndian(to[19..], BirthDate.DayNumber);
    }
}
