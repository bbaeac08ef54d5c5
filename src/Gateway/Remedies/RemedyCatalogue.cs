using System.Globalization;
using System.Resources;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Gateway.Remedies;

/// <summary>
/// For each reason what is the matter, what the desk does now, who mends it and by when, in Japanese and English. The texts are in
/// Remedies.resx (English) and Remedies.ja.resx; whom to telephone is in contacts.json. All messages are built once and shared by all answers: nobody may change one.
/// </summary>
public static class RemedyCatalogue
{
    /// <summary>What each reason has a text for: the ending of its resource key, as in <c>CoverageEnded.DeskDoes</c>.</summary>
    internal const string What = "What", DeskDoes = "DeskDoes", ByWhen = "ByWhen";

    /// <summary>Only for reasons that come with a yes: what the person is told.</summary>
    internal const string ToldToThePerson = "Notice";

    internal static readonly CultureInfo Japanese = CultureInfo.GetCultureInfo("ja");

    internal static readonly ResourceManager Texts = new("EligibilityGateway.Gateway.Remedies.Remedies", typeof(RemedyCatalogue).Assembly);

    private static readonly Remedy?[] Remedies = new Remedy?[Enum.GetValues<Reason>().Max(reason => (int)reason) + 1];
    private static readonly Notice?[] Notices = new Notice?[Remedies.Length];
    private static readonly (ContactRow Row, Remedy Remedy)[]?[] WithContact = new (ContactRow, Remedy)[]?[Remedies.Length];

    static RemedyCatalogue()
    {
        // The two languages apart, without falling back from one to the other: a text that is missing is a bug, and shows at the start.
        var en = Texts.GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false);
        var ja = Texts.GetResourceSet(Japanese, createIfNotExists: true, tryParents: false);
        foreach (var reason in Enum.GetValues<Reason>())
        {
            if (reason == Reason.Unspecified) continue;
            var what = TextOf(reason, What) ?? throw Missing(reason, What);
            Remedies[(int)reason] = new Remedy
            {
                Reason = reason,
                What = what,
                DeskDoes = TextOf(reason, DeskDoes) ?? throw Missing(reason, DeskDoes),
                Mender = Menders.Of(reason),
                ByWhen = TextOf(reason, ByWhen) ?? throw Missing(reason, ByWhen),
            };
            Notices[(int)reason] = new Notice { Reason = reason, Text = TextOf(reason, ToldToThePerson) ?? what };
            WithContact[(int)reason] = [.. Contacts.All.Where(row => row.Reasons.Contains(reason)).Select(row => (row, With(Remedies[(int)reason]!, row)))];
        }

        Text? TextOf(Reason reason, string part)
        {
            var key = $"{reason}.{part}";
            if (ja?.GetString(key) is not { } japanese || en?.GetString(key) is not { } english) return null;
            return new Text { Ja = japanese, En = english };
        }

        static Remedy With(Remedy remedy, ContactRow row)
        {
            var with = remedy.Clone();
            with.Contact = row.ToMessage();
            return with;
        }

        static InvalidOperationException Missing(Reason reason, string part) =>
            new($"Remedies.resx or Remedies.ja.resx lacks {reason}.{part}.");
    }

    /// <summary>Why not, and whose move it is, without a contact. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Reason.Unspecified"/>, or a number that is no reason.</exception>
    public static Remedy For(Reason reason) => Of(Remedies, reason);

    /// <summary>The same, with the contact of that day, the day of the call, where there is one. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Reason.Unspecified"/>, or a number that is no reason.</exception>
    public static Remedy For(Reason reason, DateOnly today)
    {
        foreach (var (row, remedy) in Of(WithContact, reason))
            if (row.Counts(today)) return remedy;
        return For(reason);
    }

    /// <summary>Something to tell the person though the answer is yes. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="For(Reason)"/>.</exception>
    public static Notice NoticeOf(Reason reason) => Of(Notices, reason);

    private static T Of<T>(T?[] messages, Reason reason) where T : class =>
        ((uint)reason < (uint)messages.Length ? messages[(int)reason] : null)
        ?? throw new ArgumentOutOfRangeException(nameof(reason), reason, "There is no remedy for this.");
}
