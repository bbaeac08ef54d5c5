using System.Text.Json.Serialization;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>What a person does at the terminal, as one line of JSON tells it; <c>do</c> says which.</summary>
/// <param name="Id">The asker's own; comes back with the result.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(TapCommand), "tap")]
[JsonDerivedType(typeof(TypeCommand), "type")]
[JsonDerivedType(typeof(ResendCommand), "resend")]
[JsonDerivedType(typeof(ChargeCommand), "charge")]
[JsonDerivedType(typeof(TakeBackCommand), "take-back")]
[JsonDerivedType(typeof(StatusCommand), "status")]
internal abstract record DeskCommand(string? Id);

/// <summary>Lays a software card on the reader.</summary>
/// <param name="Id">See <see cref="DeskCommand"/>.</param>
/// <param name="Card">Name of the card's file, without .json.</param>
/// <param name="Proof">pin, face or sight; pin where it is not said.</param>
/// <param name="Pin">4 digits; only with proof pin.</param>
/// <param name="Purpose">See <see cref="CommandWords"/>; where it is not said, what this kind of terminal is for.</param>
/// <param name="ServiceDate">yyyy-MM-dd; today where it is not said.</param>
/// <param name="Consents">What the person agreed to.</param>
/// <param name="Emergency">On what ground a summary is opened.</param>
/// <param name="Bill">What the care costs, to learn what is collected for it.</param>
internal sealed record TapCommand(
    string? Id,
    string Card,
    string? Proof = null,
    string? Pin = null,
    string? Purpose = null,
    string? ServiceDate = null,
    IReadOnlyList<ConsentWords>? Consents = null,
    EmergencyWords? Emergency = null,
    BillWords? Bill = null) : DeskCommand(Id);

/// <summary>Types in the numbers of a document; absent ones are empty.</summary>
internal sealed record TypeCommand(
    string? Id,
    string Document,
    string? InsurerNumber = null,
    string? Symbol = null,
    string? Number = null,
    string? Branch = null,
    string? BirthDate = null,
    string? Purpose = null,
    string? ServiceDate = null,
    IReadOnlyList<ConsentWords>? Consents = null,
    EmergencyWords? Emergency = null,
    BillWords? Bill = null) : DeskCommand(Id);

/// <summary>Sends the very same event again: same id, same bytes.</summary>
internal sealed record ResendCommand(string? Id, string Of) : DeskCommand(Id);

/// <summary>Reports what the patient of an earlier command pays.</summary>
/// <param name="Id">See <see cref="DeskCommand"/>.</param>
/// <param name="Of">Id of the command that looked the patient up.</param>
/// <param name="TotalCost">All that the insurance covers of it, in yen.</param>
/// <param name="Charged">What the patient pays, in yen.</param>
/// <param name="Held">Worked out, not paid yet.</param>
/// <param name="Collects">Id of the command whose held charge is paid by this.</param>
/// <param name="ServiceDate">yyyy-MM-dd; today where it is not said.</param>
/// <param name="Inpatient">A stay.</param>
/// <param name="SpecificDisease">For a specific long-term disease.</param>
/// <param name="Prescriber">Only at a pharmacy: institution code of the prescriber.</param>
internal sealed record ChargeCommand(
    string? Id,
    string Of,
    uint TotalCost,
    uint Charged,
    bool Held = false,
    string? Collects = null,
    string? ServiceDate = null,
    bool Inpatient = false,
    bool SpecificDisease = false,
    string? Prescriber = null) : DeskCommand(Id);

/// <summary>Takes the charge of an earlier command back.</summary>
internal sealed record TakeBackCommand(string? Id, string Of) : DeskCommand(Id);

/// <summary>How the link stands.</summary>
internal sealed record StatusCommand(string? Id) : DeskCommand(Id);

/// <summary>Something that the person agreed to or refused.</summary>
/// <param name="Subject">limit, emergency-summary or month-elsewhere.</param>
/// <param name="Given">False: refused.</param>
internal sealed record ConsentWords(string Subject, bool Given);

/// <summary>On what ground an emergency summary is opened.</summary>
internal sealed record EmergencyWords(bool CannotConsent = false, string? Note = null);

/// <summary>What the care costs here, in yen: this bill, and what came before it this month in the same setting.</summary>
internal sealed record BillWords(uint TotalCost, bool Inpatient = false, bool SpecificDisease = false, uint EarlierCost = 0, uint EarlierCharged = 0, string? Prescriber = null);

[JsonSerializable(typeof(DeskCommand))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowOutOfOrderMetadataProperties = true,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
internal sealed partial class CommandJson : JsonSerializerContext;
