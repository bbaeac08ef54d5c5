using System.Globalization;
using EligibilityGateway.Contracts;
using EligibilityGateway.LoadTests.Plan;

namespace EligibilityGateway.LoadTests.Terminals;

/// <summary>Who the terminals of a plan are: receptions of hospitals and counters of pharmacies, each at an institution of its own.</summary>
public static class TerminalNames
{
    private const string Prefecture = "13";
    private const char Medical = '1';
    private const char Pharmacy = '4';

    public static TerminalIdentity[] Of(PlanShape shape)
    {
        var identities = new TerminalIdentity[shape.Terminals];
        for (var i = 0; i < identities.Length; i++)
        {
            var pharmacy = shape.IsPharmacy(i);
            identities[i] = new TerminalIdentity(
                Institution(pharmacy ? Pharmacy : Medical, i), pharmacy ? TerminalRole.Pharmacy : TerminalRole.Reception, "desk-1", ProofClaims.None);
        }
        return identities;
    }

    private static InstitutionCode Institution(char table, int number)
    {
        var digits = $"{Prefecture}{table}{number.ToString("D6", CultureInfo.InvariantCulture)}";
        return InstitutionCode.Parse(digits + Luhn.CheckDigit(digits));
    }
}
