using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace EligibilityGateway.Contracts;

/// <summary>What a terminal is for; its certificate says it, and it bounds what the terminal may ask.</summary>
public enum TerminalRole : short
{
    None = 0,
    Reception = 1,
    Pharmacy = 2,
    Ambulance = 3,
    HospitalEmergency = 4,
    Insurer = 5,
    CardOffice = 6,
    Auditor = 7,
}

/// <summary>Which comparisons of the face a terminal may claim. A claim is recorded as what it is and never upgraded.</summary>
[Flags]
public enum ProofClaims : short
{
    None = 0,
    Face = 1,
    Sight = 2,
}

/// <summary>
/// Who a terminal is, as its client certificate names it in one subject alternative name (URI):
/// <c>urn:eligibility-gateway:terminal:INSTITUTION:ROLE:NAME:CLAIMS</c>, for example
/// <c>urn:eligibility-gateway:terminal:0110113719:reception:desk-1:face+sight</c>. ROLE is one of reception, pharmacy, ambulance,
/// hospital-emergency, insurer, card-office, auditor; NAME is 1 to 32 of a–z, 0–9 and hyphen; CLAIMS is none, face, sight or face+sight.
/// </summary>
public sealed record TerminalIdentity(InstitutionCode Institution, TerminalRole Role, string Name, ProofClaims Claims)
{
    private const string Prefix = "urn:eligibility-gateway:terminal:";
    private const string Roles = "reception, pharmacy, ambulance, hospital-emergency, insurer, card-office, auditor";
    private const string AllClaims = "none, face, sight or face+sight";

    /// <summary>How such a name is written, and by which rules.</summary>
    public const string Form =
        Prefix + "INSTITUTION:ROLE:NAME:CLAIMS. INSTITUTION is an institution code of 10 digits: it begins with the prefecture, 01 to 47, and ends with "
        + "the check digit (Luhn) of the nine before; ROLE is one of " + Roles + "; NAME is 1 to 32 of a–z, 0–9 and hyphen; CLAIMS is " + AllClaims;

    /// <summary>Reads the identity from a certificate; null where there is not exactly one such name.</summary>
    public static TerminalIdentity? FromCertificate(X509Certificate2 certificate) => FromCertificate(certificate, out _);

    /// <summary>Reads the identity from a certificate; null where there is not exactly one such name, and then what is wrong.</summary>
    public static TerminalIdentity? FromCertificate(X509Certificate2 certificate, out string fault)
    {
        fault = "it has no such URI";
        TerminalIdentity? found = null;
        foreach (var uri in ClientCertificate.UrisOf(certificate, Prefix))
        {
            if (found is not null)
            {
                fault = "it has more than one such URI";
                return null;
            }
            if (!TryParse(uri, out found, out fault)) return null;
        }
        return found;
    }

    public static bool TryParse(string uri, [NotNullWhen(true)] out TerminalIdentity? identity) => TryParse(uri, out identity, out _);

    /// <summary>Reads the URI form; where it can't be, the fault names the part and its rule, and repeats no more than a code's digits.</summary>
    public static bool TryParse(string uri, [NotNullWhen(true)] out TerminalIdentity? identity, out string fault)
    {
        identity = null;
        string[] parts = uri.StartsWith(Prefix, StringComparison.Ordinal) ? uri[Prefix.Length..].Split(':') : [];
        if (parts is not [var code, var roleName, var name, var claimsName])
        {
            fault = $"it is written {Prefix}INSTITUTION:ROLE:NAME:CLAIMS";
            return false;
        }
        var (role, claims) = (RoleOf(roleName), ClaimsOf(claimsName));
        fault = InstitutionCode.FaultOf(code)
            ?? (role is null ? $"its role is none of {Roles}" : null)
            ?? (IsName(name) ? null : "a terminal's name has 1 to 32 of a–z, 0–9 and hyphen")
            ?? (claims is null ? $"its claims are none of {AllClaims}" : "");
        if (fault.Length > 0) return false;
        identity = new TerminalIdentity(InstitutionCode.Parse(code), role!.Value, name, claims!.Value);
        return true;
    }

    /// <summary>The URI form that goes into a certificate.</summary>
    public string ToUri() => $"{Prefix}{Institution}:{RoleName(Role)}:{Name}:{ClaimsName(Claims)}";

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > 32) return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') return false;
        return true;
    }

    private static TerminalRole? RoleOf(string name) => name switch
    {
        "reception" => TerminalRole.Reception,
        "pharmacy" => TerminalRole.Pharmacy,
        "ambulance" => TerminalRole.Ambulance,
        "hospital-emergency" => TerminalRole.HospitalEmergency,
        "insurer" => TerminalRole.Insurer,
        "card-office" => TerminalRole.CardOffice,
        "auditor" => TerminalRole.Auditor,
        _ => null,
    };

    /// <summary>The role's name in the certificate.</summary>
    public static string RoleName(TerminalRole role) => role switch
    {
        TerminalRole.Reception => "reception",
        TerminalRole.Pharmacy => "pharmacy",
        TerminalRole.Ambulance => "ambulance",
        TerminalRole.HospitalEmergency => "hospital-emergency",
        TerminalRole.Insurer => "insurer",
        TerminalRole.CardOffice => "card-office",
        TerminalRole.Auditor => "auditor",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A terminal has a role."),
    };

    private static ProofClaims? ClaimsOf(string name) => name switch
    {
        "none" => ProofClaims.None,
        "face" => ProofClaims.Face,
        "sight" => ProofClaims.Sight,
        "face+sight" => ProofClaims.Face | ProofClaims.Sight,
        _ => null,
    };

    private static string ClaimsName(ProofClaims claims) => claims switch
    {
        ProofClaims.Face => "face",
        ProofClaims.Sight => "sight",
        ProofClaims.Face | ProofClaims.Sight => "face+sight",
        _ => "none",
    };
}
