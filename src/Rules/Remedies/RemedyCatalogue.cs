using System.Globalization;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>
/// For each reason what is the matter, what the desk does now, who mends it and by when, in Japanese and English, for each audience. The texts are in
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

    private static readonly int Places = Enum.GetValues<Reason>().Max(reason => (int)reason) + 1;

    /// <summary>By audience, then by reason.</summary>
    private static readonly Remedy?[][] Remedies = [.. Audiences.All.Select(_ => new Remedy?[Places])];

    /// <summary>By audience, then by reason: from which day on a remedy is so, the latest last; with the contact of that time.</summary>
    private static readonly (DateOnly From, Remedy Remedy)[]?[][] ByDay = [.. Audiences.All.Select(_ => new (DateOnly, Remedy)[]?[Places])];

    private static readonly Notice?[] Notices = new Notice?[Places];

    static RemedyCatalogue()
    {
        foreach (var reason in Enum.GetValues<Reason>())
        {
            if (reason == Reason.Unspecified) continue;
            var days = DaysOfChange(reason);
            foreach (var audience in Audiences.All)
            {
                (DateOnly From, Remedy Remedy)[] byDay = [.. days.Select(day => (day, WithContact(Make(reason, audience, day), audience, day)))];
                ByDay[(int)audience][(int)reason] = byDay;
                // Where there is no contact, the two are one.
                Remedies[(int)audience][(int)reason] = byDay[^1].Remedy is { Contact: null } one ? one : Make(reason, audience, days[^1]);
            }
            Notices[(int)reason] = new Notice { Reason = reason, Text = RemedyTexts.Find($"{reason}.{ToldToThePerson}", days[^1]) ?? For(reason).What };
        }
    }

    /// <summary>Why not, and whose move it is, without a contact. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Reason.Unspecified"/>, or a number that is no reason.</exception>
    public static Remedy For(Reason reason, Audience audience = Audience.Desk) => Of(Remedies[(int)audience], reason);

    /// <summary>The same, with the contact of that day, the day of the call, where there is one. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="Reason.Unspecified"/>, or a number that is no reason.</exception>
    public static Remedy For(Reason reason, DateOnly today, Audience audience = Audience.Desk)
    {
        var byDay = Of(ByDay[(int)audience], reason);
        var last = byDay.Length - 1;
        while (last > 0 && today < byDay[last].From) last--;
        return byDay[last].Remedy;
    }

    /// <summary>That the terminal's clock is ahead, and by how much.</summary>
    public static Remedy ClockAhead(TimeSpan ahead, DateOnly today, Audience audience = Audience.Desk)
    {
        const string Key = nameof(Reason.ClockAhead) + "." + WhatByHowMuch;
        var text = RemedyTexts.Find(Key, today) ?? throw new InvalidOperationException($"Remedies.resx or Remedies.ja.resx lacks {Key}.");
        var remedy = For(Reason.ClockAhead, today, audience).Clone();
        remedy.What = new Text
        {
            Ja = string.Format(RemedyTexts.Japanese, text.Ja, SpanText.InJapanese(ahead)),
            En = string.Format(CultureInfo.InvariantCulture, text.En, SpanText.InEnglish(ahead)),
        };
        return remedy;
    }

    /// <summary>Something to tell the person though the answer is yes. Shared: never change it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="For(Reason, Audience)"/>.</exception>
    public static Notice NoticeOf(Reason reason) => Of(Notices, reason);

    /// <summary>Ascending, beginning with the first day of all: whenever a contact or a duration of the reason changes.</summary>
    private static DateOnly[] DaysOfChange(Reason reason)
    {
        var days = new SortedSet<DateOnly> { DateOnly.MinValue };
        foreach (var row in Contacts.Told)
            if (row.Reasons.Contains(reason)) Add(row.First, row.Last);
        var texts = Audiences.All.SelectMany(audience => new[] { What, DeskDoes, ByWhen }.SelectMany(part => KeysOf(reason, part, audience))).Append($"{reason}.{ToldToThePerson}");
        var named = texts.SelectMany(RemedyTexts.DurationsIn).ToHashSet();
        foreach (var row in Durations.All)
            if (named.Contains(row.Id)) Add(row.First, row.Last);
        return [.. days];

        void Add(DateOnly first, DateOnly last)
        {
            days.Add(first);
            if (last < DateOnly.MaxValue) days.Add(last.AddDays(1));
        }
    }

    private static Remedy Make(Reason reason, Audience audience, DateOnly day)
    {
        return new Remedy { Reason = reason, What = Text(What), DeskDoes = Text(DeskDoes), Mender = Menders.Of(reason), ByWhen = Text(ByWhen) };

        Text Text(string part) =>
            KeysOf(reason, part, audience).Select(key => RemedyTexts.Find(key, day)).FirstOrDefault(text => text is not null)
            ?? throw new InvalidOperationException($"Remedies.resx or Remedies.ja.resx lacks {reason}.{part}.");
    }

    /// <summary>The keys of a text, the first that there is counts: the audience's own, the audience's for all reasons of one mender, everybody's.</summary>
    private static string[] KeysOf(Reason reason, string part, Audience audience) =>
        [$"{reason}.{part}.{audience}", $"{Menders.Of(reason)}.{part}.{audience}", $"{reason}.{part}"];

    private static Remedy WithContact(Remedy remedy, Audience audience, DateOnly day)
    {
        // A crew telephones nobody about a card.
        if (audience != Audience.Crew) remedy.Contact = Contacts.Told.FirstOrDefault(row => row.Reasons.Contains(remedy.Reason) && row.Counts(day))?.ToMessage();
        return remedy;
    }

    private static T Of<T>(T?[] messages, Reason reason) where T : class =>
        ((uint)reason < (uint)messages.Length ? messages[(int)reason] : null)
        ?? throw new ArgumentOutOfRangeException(nameof(reason), reason, "There is no remedy for this.");
}
