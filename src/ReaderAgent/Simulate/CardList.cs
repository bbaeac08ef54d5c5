using System.Globalization;
using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Screen;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>The cards that can be laid on the reader, with their PINs. They are files, and nobody's.</summary>
internal sealed class CardList(SoftwareCards cards, Words words)
{
    private const int MostShown = 200;

    public override string ToString()
    {
        var page = new Page();
        var count = 0;
        foreach (var (name, file) in cards.All())
        {
            if (++count > MostShown) continue;
            var kind = file switch
            {
                { Token: JpkiFiles.SmartphoneToken } => "CardPhone",
                { Certificate: null } => "CardWithoutCertificate",
                _ => "CardPlain",
            };
            page.Row(name, words.Format(kind, file.Pin));
        }
        if (count == 0) return words["NoCards"];
        if (count > MostShown) page.Headline(words.Format("MoreCards", (count - MostShown).ToString("N0", CultureInfo.InvariantCulture)));
        return page.ToString();
    }
}
