using System.Globalization;
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

    /// <summary>Only for a clock that is ahead: what is the matter, with <c>{0}</c> for by how much.</summary>
    internal const string WhatByHowMuch = "WhatByHowMuch";

    private static readonly Remedy?[] Remedies = new Remedy?[Enum.GetValues<Reason>().Max(reason => (int)reason) + 1];
    private static readonly Notice?[] Notices = new Notice?[Remedies.Length];

    /// <summary>From which day on a remedy is so, the latest last; with the contact of that time.</summary>
    private static readonly (DateOnly From, Remedy Remedy)[]?[] ByDay = new (DateOnly, Remedy)[]?[Remedies.Length];

    static RemedyCatalogue()
    {
        foreach (var reason in Enum.GetValues<Reason>())
        {
            if (reason == Reason.Unspecified) continue;
            var days = DaysOfChange(reason);
            ByDay[(int)reason] = [.. days.Select(day => (day, WithContact(Make(reason, day), day)))];
            // Where there is no contact, the two are one.
            var latest = ByDay[(int)reason]![^1].Remedy is { Contact: null } one ? one : Make(reason, days[^1]);
            Remedies[(int)reason] = latest;
            Notices[(int)reason] = new Notice { Reason = reason, Text = RemedyTexts.Find($"{reason}.{ToldToThePerson}", days[^1]) ?? latest.What };
        }
    }

    /// <summary>Why not, and whose move it is, without a contact. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Reason.Unspecified"/>, or a number that is no reason.</exception>
    public static Remedy For(Reason reason) => Of(Remedies, reason);

    /// <summary>The same, with the contact of that day, the day of the call, where there is one. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Reason.Unspecified"/>, or a number that is no reason.</exception>
    public static Remedy For(Reason reason, DateOnly today)
    {
        var byDay = Of(ByDay, reason);
        var last = byDay.Length - 1;
        while (last > 0 && today < byDay[last].From) last--;
        return byDay[last].Remedy;
    }

    /// <summary>That the terminal's clock is ahead, and by how much.</summary>
    public static Remedy ClockAhead(TimeSpan ahead, DateOnly today)
    {
        const string Key = nameof(Reason.ClockAhead) + "." + WhatByHowMuch;
        var text = RemedyTexts.Find(Key, today) ?? throw new InvalidOperationException($"Remedies.resx or Remedies.ja.resx lacks {Key}.");
        var remedy = For(Reason.ClockAhead, today).Clone();
        remedy.What = new Text
        {
            Ja = string.Format(RemedyTexts.Japanese, text.Ja, SpanText.InJapanese(ahead)),
            En = string.Format(CultureInfo.InvariantCulture, text.En, SpanText.InEnglish(ahead)),
        };
        return remedy;
    }

    /// <summary>Something to tell the person though the answer is yes. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="For(Reason)"/>.</exception>
    public static Notice NoticeOf(Reason reason) => Of(Notices, reason);

    /// <summary>Ascending, beginning with the first day of all: whenever a contact or a duration of the reason changes.</summary>
    private static DateOnly[] DaysOfChange(Reason reason)
    {
        var days = new SortedSet<DateOnly> { DateOnly.MinValue };
        foreach (var row in Contacts.All)
            if (row.Reasons.Contains(reason)) Add(row.First, row.Last);
        var named = new[] { What, DeskDoes, ByWhen, ToldToThePerson }.SelectMany(part => RemedyTexts.DurationsIn($"{reason}.{part}")).ToHashSet();
        foreach (var row in Durations.All)
            if (named.Contains(row.Id)) Add(row.First, row.Last);
        return [.. days];

        void Add(DateOnly first, DateOnly last)
        {
            days.Add(first);
            if (last < DateOnly.MaxValue) days.Add(last.AddDays(1));
        }
    }

    private static Remedy Make(Reason reason, DateOnly day)
    {
        return new Remedy { Reason = reason, What = Text(What), DeskDoes = Text(DeskDoes), Mender = Menders.Of(reason), ByWhen = Text(ByWhen) };

        Text Text(string part) =>
            RemedyTexts.Find($"{reason}.{part}", day) ?? throw new InvalidOperationException($"Remedies.resx or Remedies.ja.resx lacks {reason}.{part}.");
    }

    private static Remedy WithContact(Remedy remedy, DateOnly day)
    {
        remedy.Contact = Contacts.All.FirstOrDefault(row => row.Reasons.Contains(remedy.Reason) && row.Counts(day))?.ToMessage();
        return remedy;
    }

    private static T Of<T>(T?[] messages, Reason reason) where T : class =>
        ((uint)reason < (uint)messages.Length ? messages[(int)reason] : null)
        ?? throw new ArgumentOutOfRangeException(nameof(reason), reason, "There is no remedy for this.");
}
