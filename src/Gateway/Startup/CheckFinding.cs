namespace EligibilityGateway.Gateway.Startup;

/// <summary>What a look at one thing found, before a gateway serves.</summary>
/// <param name="Kind">Whether it is good.</param>
/// <param name="Subject">What was looked at: mostly the setting's name.</param>
/// <param name="Text">One line for the operator; of a fault, with what to do.</param>
internal sealed record CheckFinding(FindingKind Kind, string Subject, string Text);

internal enum FindingKind
{
    /// <summary>As it must be.</summary>
    Good,

    /// <summary>A gateway serves with it, and the operator should know of it.</summary>
    Note,

    /// <summary>A gateway does not start with it.</summary>
    Wrong,
}
