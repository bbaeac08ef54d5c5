using System.Globalization;
using System.Resources;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.ReaderAgent.Screen;

/// <summary>
/// The texts for people, in one language: Words.resx (English) and Words.ja.resx (Japanese). What reads otherwise at terminals of one role has a text of its own
/// there, under the role's name: <c>Ticket_Pharmacy</c>.
/// </summary>
internal sealed class Words(CultureInfo language, TerminalRole role = TerminalRole.None)
{
    public static readonly Words English = new(CultureInfo.GetCultureInfo("en"));
    public static readonly Words Japanese = new(CultureInfo.GetCultureInfo("ja"));

    private static readonly ResourceManager Texts = new("EligibilityGateway.ReaderAgent.Screen.Words", typeof(Words).Assembly);

    /// <summary>The same language at a terminal of that role.</summary>
    public Words At(TerminalRole terminal) => new(language, terminal);

    public bool IsJapanese { get; } = language.TwoLetterISOLanguageName == "ja";

    /// <exception cref="InvalidOperationException">There is no such text: a fault of this program.</exception>
    public string this[string key] => Find(key) ?? throw new InvalidOperationException($"No text {key}.");

    /// <summary>The text for one value of a closed list; a value that a newer gateway may know is shown as it came.</summary>
    public string Of<T>(string list, T value)
        where T : notnull => Find($"{list}_{value}") ?? $"{value}";

    public string Format(string key, params ReadOnlySpan<object?> values) => string.Format(language, this[key], values);

    /// <summary>A day (yyyy-MM-dd) or a month (yyyy-MM) as this language writes it; anything else as it came.</summary>
    public string Day(string day)
    {
        if (!IsJapanese) return day;
        if (JapanTime.TryParseDate(day, out var date)) return JapaneseDay.Of(date);
        return JapanTime.TryParseDate(day + "-01", out var first) ? JapaneseDay.Month(first) : day;
    }

    /// <summary>A birth date (yyyy-MM-dd) with the age on that day; anything else as it came.</summary>
    public string BirthDate(string birthDate, string onDay)
    {
        if (!JapanTime.TryParseDate(birthDate, out var born)) return birthDate;
        var written = IsJapanese ? JapaneseDay.WithEra(born) : birthDate;
        return JapanTime.TryParseDate(onDay, out var on) && born <= on ? Format("Aged", written, AgeOn(on, born)) : written;
    }

    /// <summary>A moment (RFC 3339) in Japan's time; anything else as it came.</summary>
    public string Moment(string rfc3339)
    {
        if (!DateTimeOffset.TryParse(rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return rfc3339;
        var inJapan = moment.ToOffset(JapanTime.Offset);
        return IsJapanese
            ? JapaneseDay.Of(JapanTime.DateOf(moment)) + inJapan.ToString(" HH:mm:ss", CultureInfo.InvariantCulture)
            : inJapan.ToString("yyyy-MM-dd HH:mm:ss 'JST'", CultureInfo.InvariantCulture);
    }

    /// <summary>A text that the gateway sent in both languages.</summary>
    public string Of(Contracts.V1.Text? text)
    {
        if (text is null) return "";
        var (first, second) = IsJapanese ? (text.Ja, text.En) : (text.En, text.Ja);
        return first.Length > 0 ? first : second;
    }

    private string? Find(string key) => Texts.GetString($"{key}_{role}", language) ?? Texts.GetString(key, language);

    private static int AgeOn(DateOnly day, DateOnly born) => day.Year - born.Year - ((day.Month, day.Day).CompareTo((born.Month, born.Day)) < 0 ? 1 : 0);
}
