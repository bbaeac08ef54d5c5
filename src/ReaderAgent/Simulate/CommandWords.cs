using System.Collections.Frozen;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>The words that commands use for the contract's closed lists.</summary>
internal static class CommandWords
{
    public static readonly FrozenDictionary<string, Purpose> Purposes = new Dictionary<string, Purpose>
    {
        ["care"] = Purpose.Care,
        ["dispensing"] = Purpose.Dispensing,
        ["emergency-transport"] = Purpose.EmergencyTransport,
        ["emergency-care"] = Purpose.EmergencyCare,
        ["registration"] = Purpose.Registration,
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, Proof> Proofs = new Dictionary<string, Proof>
    {
        ["pin"] = Proof.Pin,
        ["face"] = Proof.Face,
        ["sight"] = Proof.Sight,
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, DocumentKind> Documents = new Dictionary<string, DocumentKind>
    {
        ["insurance-card"] = DocumentKind.InsuranceCard,
        ["eligibility-certificate"] = DocumentKind.EligibilityCertificate,
        ["eligibility-notice"] = DocumentKind.EligibilityNotice,
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, ConsentSubject> Subjects = new Dictionary<string, ConsentSubject>
    {
        ["limit"] = ConsentSubject.Limit,
        ["emergency-summary"] = ConsentSubject.EmergencySummary,
        ["month-elsewhere"] = ConsentSubject.MonthElsewhere,
    }.ToFrozenDictionary();

    /// <summary>What a terminal of this role asks for where nobody says otherwise.</summary>
    public static Purpose UsualPurpose(TerminalRole role) => role switch
    {
        TerminalRole.Pharmacy => Purpose.Dispensing,
        TerminalRole.Ambulance => Purpose.EmergencyTransport,
        TerminalRole.HospitalEmergency => Purpose.EmergencyCare,
        _ => Purpose.Care,
    };
}
