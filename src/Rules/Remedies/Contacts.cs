using System.Text.Json;
using System.Text.Json.Serialization;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>Whom to telephone about a reason, and since and until when: the rows of contacts.json beside this file.</summary>
internal static class Contacts
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter<Reason>(namingPolicy: null, allowIntegerValues: false) },
    };

    /// <summary>All rows. No two are about one reason on one day.</summary>
    public static readonly IReadOnlyList<ContactRow> All = Read();

    /// <summary>Those that are told: none whose source does not say all of it.</summary>
    public static readonly IReadOnlyList<ContactRow> Told = ToldOf(All);

    internal static ContactRow[] ToldOf(IEnumerable<ContactRow> rows) => [.. rows.Where(row => row.Verified)];

    private static ContactRow[] Read()
    {
        var rows = EmbeddedFile.Read<ContactFile>(typeof(Contacts), "contacts.json", Form).Contacts;
        RefuseOverlap(rows);
        return rows;
    }

    /// <exception cref="InvalidOperationException">Two rows are about one reason on one day.</exception>
    internal static void RefuseOverlap(ContactRow[] rows)
    {
        for (var i = 0; i < rows.Length; i++)
            for (var j = 0; j < i; j++)
                if (rows[i].Overlaps(rows[j]) && rows[i].Reasons.Intersect(rows[j].Reasons).Any())
                    throw new InvalidOperationException($"contacts.json: {rows[j].Id} and {rows[i].Id} are about one reason on one day; end the one before the other begins.");
    }

    private sealed record ContactFile(string Note, ContactRow[] Contacts);
}

/// <summary>A text in both languages.</summary>
internal sealed record ContactText(string Ja, string En)
{
    public Text ToMessage() => new() { Ja = Ja, En = En };
}

/// <summary>One contact, from <paramref name="ValidFrom"/> to <paramref name="ValidUntil"/>, both inclusive; null is open. Hours are null where no source says them.</summary>
internal sealed record ContactRow(
    string Id,
    ContactText Who,
    ContactText Phone,
    string? PhoneElsewhere,
    ContactText? Hours,
    string[] Languages,
    Reason[] Reasons,
    DateOnly? ValidFrom,
    DateOnly? ValidUntil,
    bool Verified,
    string Source)
{
    public DateOnly First => ValidFrom ?? DateOnly.MinValue;

    public DateOnly Last => ValidUntil ?? DateOnly.MaxValue;

    public bool Counts(DateOnly day) => First <= day && day <= Last;

    public bool Overlaps(ContactRow other) => First <= other.Last && other.First <= Last;

    public Contact ToMessage() => new()
    {
        Who = Who.ToMessage(),
        Phone = Phone.ToMessage(),
        PhoneElsewhere = PhoneElsewhere ?? "",
        Hours = Hours?.ToMessage(),
        Languages = { Languages },
    };
}
