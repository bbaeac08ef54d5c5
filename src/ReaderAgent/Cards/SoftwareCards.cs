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

    /// <summary>All that can be laid, by name. What is no card's file is left out.</summary>
    public IEnumerable<(string Name, CardFile File)> All()
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            if (Path.GetFileNameWithoutExtension(path) is var name && FileOf(name) is { } file) yield return (name, file);
    }

    public void Dispose()
    {
        foreach (var card in _cards.Values) card.Dispose();
    }

    private SoftwareCard? Load(string name)
    {
        try
        {
            return FileOf(name) is { } file ? new SoftwareCard(file.Pin, file.Token, file.Certificate, file.PrivateKey) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private CardFile? FileOf(string name)
    {
        // A name, never a path.
        if (name.Length is 0 or > 64 || !name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.')) return null;
        try
        {
            return CardFile.Parse(File.ReadAllBytes(Path.Combine(folder, name + ".json")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
