using System.Security.Cryptography;
using System.Text.Json;

namespace EligibilityGateway.ReaderAgent.Cards;

/// <summary>
/// A folder of software cards, one file NAME.json each. A card is loaded when first laid on the reader and kept, so that its PIN counter counts.
/// </summary>
internal sealed class SoftwareCards(string folder) : IDisposable
{
    private readonly Dictionary<string, SoftwareCard> _cards = [];

    /// <summary>Lays the card on the reader: freshly powered, nothing selected.</summary>
    public CardResult<SoftwareCard> Lay(string name)
    {
        if (!_cards.TryGetValue(name, out var card))
        {
            if (Load(name) is not { } loaded) return new CardFault(CardFaultKind.NoCard);
            card = _cards[name] = loaded;
        }
        card.Reset();
        return card;
    }

    public void Dispose()
    {
        foreach (var card in _cards.Values) card.Dispose();
    }

    private SoftwareCard? Load(string name)
    {
        // A name, never a path.
        if (name.Length is 0 or > 64 || !name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.')) return null;
        try
        {
            var file = CardFile.Parse(File.ReadAllBytes(Path.Combine(folder, name + ".json")));
            return new SoftwareCard(file.Pin, file.Token, file.Certificate, file.PrivateKey);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or CryptographicException)
        {
            return null;
        }
    }
}
