using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.ReaderAgent.Screen;

/// <summary>What is the matter, and whose move it is: the same rows on every page.</summary>
internal sealed class RemedyRows(Words words)
{
    public void AddTo(Page page, Remedy remedy)
    {
        page.Row(words["What"], words.Of(remedy.What));
        page.Row(words["DeskDoes"], words.Of(remedy.DeskDoes));
        if (remedy.Mender is not Mender.Unspecified) page.Row(words["Mender"], words.Of("Mender", remedy.Mender));
        page.Row(words["ByWhen"], words.Of(remedy.ByWhen));
        if (remedy.Contact is { } contact) page.Row(words["Contact"], ContactOf(contact));
    }

    private string ContactOf(Contact contact)
    {
        var languages = string.Join(words["AndLanguage"], contact.Languages.Select(language => words.Of("Language", language)));
        var hours = contact.Hours is { } known ? words.Format("ContactHours", words.Of(known)) : "";
        var elsewhere = contact.PhoneElsewhere.Length > 0 ? words.Format("ContactElsewhere", contact.PhoneElsewhere) : "";
        return words.Format("ContactValue", words.Of(contact.Who), words.Of(contact.Phone), hours, languages, elsewhere);
    }
}
