using EligibilityGateway.Contracts;

namespace EligibilityGateway.Rules.Remedies;

/// <summary>For whom a text is written. Remedies.resx and LimitTexts.resx have a text for one audience under its name: <c>TicketNotRegistered.What.Pharmacy</c>.</summary>
public enum Audience
{
    /// <summary>A clerk at the desk of a hospital or clinic.</summary>
    Desk,

    /// <summary>A clerk at the desk of a pharmacy: medical assistance comes with a dispensing ticket (調剤券) there.</summary>
    Pharmacy,

    /// <summary>A crew in an ambulance: nobody pays, and the transport does not wait.</summary>
    Crew,
}

/// <summary>Which audience a terminal has.</summary>
internal static class Audiences
{
    public static readonly Audience[] All = Enum.GetValues<Audience>();

    public static Audience Of(TerminalRole role) => role switch
    {
        TerminalRole.Pharmacy => Audience.Pharmacy,
        TerminalRole.Ambulance => Audience.Crew,
        _ => Audience.Desk,
    };
}
