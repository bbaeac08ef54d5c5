namespace EligibilityGateway.Rules.Emergency;

/// <summary>On what ground an emergency summary was opened. Kept in the access record.</summary>
public enum EmergencyBasis : short
{
    /// <summary>It was not opened.</summary>
    None = 0,

    /// <summary>The person agreed.</summary>
    Consented = 1,

    /// <summary>The person could not be asked, and life or body was at stake: looked at afterwards.</summary>
    BreakGlass = 2,
}
