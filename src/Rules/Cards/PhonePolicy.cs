using EligibilityGateway.Contracts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>Which terminals accept the certificate on a phone: phones.json. Ambulances read the plastic card only.</summary>
internal static class PhonePolicy
{
    private static readonly PhoneRow[] Rows = PolicyFile<PhoneRow>.RowsOf("phones.json");

    public static IReadOnlyList<PhoneRow> All => Rows;

    /// <summary>Whether a terminal of that role accepts a phone on that day.</summary>
    public static bool Accepts(TerminalRole role, DateOnly day)
    {
        foreach (var row in Rows)
            if (row.Role == role && row.From <= day && !(row.Until < day)) return true;
        return false;
    }
}

/// <summary>One row of phones.json, both days inclusive; null is open.</summary>
internal sealed record PhoneRow(TerminalRole Role, DateOnly From, DateOnly? Until, bool Verified, string Source);
