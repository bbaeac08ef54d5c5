using System.Formats.Asn1;

namespace EligibilityGateway.Contracts;

/// <summary>The URIs among a certificate's subject alternative names (RFC 5280, 4.2.1.6), which .NET does not enumerate.</summary>
internal static class SubjectAlternativeUris
{
    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);

    public static IReadOnlyList<string> Read(byte[] extension)
    {
        var uris = new List<string>();
        try
        {
            var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(Uri))
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                else
                    names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            // A malformed extension names nobody.
            return [];
        }
        return uris;
    }
}
