using System.Collections.Frozen;

namespace EligibilityGateway.Rules.Eligibility.Policies;

/// <summary>Documents that can't be looked up by number: not-looked-up.json.</summary>
internal static class NotLookedUpPolicy
{
    public static readonly IReadOnlyList<NotLookedUpRow> All = PolicyFile<NotLookedUpRow>.RowsOf("not-looked-up.json");

    private static readonly FrozenSet<string> LawNumbers = All.Select(row => row.LawNumber).ToFrozenSet();

    /// <summary>6 digits are of a municipality, whatever they begin with.</summary>
    public static bool Holds(string insurerNumber) => insurerNumber.Length == 8 && LawNumbers.Contains(insurerNumber[..2]);
}

/// <summary>One row of not-looked-up.json.</summary>
internal sealed record NotLookedUpRow(string LawNumber, string Ja, string En, bool Verified, string Source);
