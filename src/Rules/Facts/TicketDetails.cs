using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MemoryPack;

namespace EligibilityGateway.Rules.Facts;

/// <summary>
/// What a medical ticket says besides, handed on as the welfare office states it. Each is named by its element of the official answer;
/// empty where it has none.
/// </summary>
[MemoryPackable]
public sealed partial record TicketDetails
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // One form for the same details: what is empty is left out, and Japanese is written as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutEmpty } },
    };

    /// <summary>TicketType.</summary>
    public string TicketType { get; init; } = "";

    /// <summary>IssueNumber.</summary>
    public string IssueNumber { get; init; } = "";

    /// <summary>DesignatedMedicalInstitutionFlag.</summary>
    public string InstitutionFlag { get; init; } = "";

    /// <summary>DesignatedMedicalInstitutionName.</summary>
    public string InstitutionName { get; init; } = "";

    /// <summary>PrescriptionIssuerMedicalInstitutionName.</summary>
    public string PrescriberName { get; init; } = "";

    /// <summary>InjuryName1.</summary>
    public string Injury1 { get; init; } = "";

    /// <summary>InjuryName2.</summary>
    public string Injury2 { get; init; } = "";

    /// <summary>InjuryName3.</summary>
    public string Injury3 { get; init; } = "";

    /// <summary>MedicalTreatmentType.</summary>
    public string TreatmentType { get; init; } = "";

    /// <summary>DistrictContactName.</summary>
    public string DistrictContact { get; init; } = "";

    /// <summary>HandlingContactName.</summary>
    public string HandlingContact { get; init; } = "";

    /// <summary>SingleOrCombinedUse.</summary>
    public string SingleOrCombined { get; init; } = "";

    /// <summary>StatusOfSocialInsurance.</summary>
    public string SocialInsurance { get; init; } = "";

    /// <summary>ConsistencyFlag.</summary>
    public string Consistency { get; init; } = "";

    /// <summary>StatusOfInfecton.</summary>
    public string Infection { get; init; } = "";

    /// <summary>StatusOfElderlyMedicalCare.</summary>
    public string ElderlyCare { get; init; } = "";

    /// <summary>StatusOfPrefecturalExpenses.</summary>
    public string PrefecturalExpenses { get; init; } = "";

    /// <summary>Remarks1.</summary>
    public string Remark1 { get; init; } = "";

    /// <summary>Remarks2.</summary>
    public string Remark2 { get; init; } = "";

    /// <summary>Remarks3.</summary>
    public string Remark3 { get; init; } = "";

    [JsonIgnore, MemoryPackIgnore]
    public IEnumerable<string> Injuries => Stated(Injury1, Injury2, Injury3);

    [JsonIgnore, MemoryPackIgnore]
    public IEnumerable<string> Remarks => Stated(Remark1, Remark2, Remark3);

    /// <summary>All that people wrote.</summary>
    [JsonIgnore, MemoryPackIgnore]
    public IEnumerable<string> Texts =>
    [
        TicketType, IssueNumber, InstitutionFlag, InstitutionName, PrescriberName, Injury1, Injury2, Injury3,
        TreatmentType, DistrictContact, HandlingContact, SingleOrCombined, SocialInsurance, Consistency, Infection, ElderlyCare, PrefecturalExpenses, Remark1, Remark2, Remark3,
    ];

    /// <summary>As the store keeps it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Form);

    public static TicketDetails FromJson(string json) => JsonSerializer.Deserialize<TicketDetails>(json, Form) ?? new TicketDetails();

    private static IEnumerable<string> Stated(params string[] texts) => texts.Where(text => text.Length > 0);

    private static void LeaveOutEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties) property.ShouldSerialize = static (_, value) => value is string { Length: > 0 };
    }
}
