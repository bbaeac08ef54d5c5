namespace EligibilityGateway.Gateway.Cards;

/// <summary>What the gateway thinks of a challenge that comes back.</summary>
public enum ChallengeCheck
{
    /// <summary>Given to this terminal, and not too long ago.</summary>
    Fresh,

    /// <summary>Given to this terminal, too long ago.</summary>
    Expired,

    /// <summary>Never given to this terminal by a gateway that shares our keys; or by one whose clock is far ahead.</summary>
    NotIssuedToThisTerminal,
}
