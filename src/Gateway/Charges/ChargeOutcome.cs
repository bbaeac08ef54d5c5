namespace EligibilityGateway.Gateway.Charges;

/// <summary>What became of a report.</summary>
/// <param name="State">Whether it stands.</param>
/// <param name="Stage">What holds of the charge now; only where it stands.</param>
/// <param name="CountsUntil">Last day on which it counts; null where it was taken back.</param>
public readonly record struct ChargeOutcome(ChargeState State, ChargeStage Stage, DateOnly? CountsUntil);

/// <summary>Whether a report stands. The numbers are those of report_charge in the store.</summary>
public enum ChargeState : short
{
    /// <summary>The store is out of reach: nothing is known of it; the same may be sent again.</summary>
    OutOfReach = 0,

    /// <summary>It is durable, now or since an earlier time.</summary>
    Stands = 1,

    /// <summary>The charge was reported before with other content, or of another patient.</summary>
    OtherContent = 2,

    /// <summary>The institution made no such look-up, or it found nobody.</summary>
    NoLookUp = 3,

    /// <summary>The terminal was revoked meanwhile.</summary>
    TerminalRevoked = 4,
}
