using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Rules.Cards;

/// <summary>How long a card may last: card-terms.json. The card office delivers the last day; this says whether it can be so.</summary>
internal static class CardTermPolicy
{
    public static readonly IReadOnlyList<CardTermRow> All = PolicyFile<CardTermRow>.RowsOf("card-terms.json");

    /// <summary>Last day that a card of that term, issued on that day, may bear at most, whoever holds it.</summary>
    public static DateOnly LongestUntil(CardTerm term, DateOnly issuedOn) =>
        issuedOn.AddYears(All.Where(row => row.Term == term && row.From <= issuedOn).Select(row => row.MostYears).DefaultIfEmpty(0).Max());
}

/// <summary>One row of card-terms.json: cards issued from that day on.</summary>
internal sealed record CardTermRow(CardTerm Term, string Holders, int MostYears, DateOnly From, bool Verified, string Source);
