namespace EligibilityGateway.Gateway.Feeds.CardOffice;

/// <summary>What became of a report of an application.</summary>
public enum ApplicationOutcome
{
    /// <summary>It is in.</summary>
    Done,

    /// <summary>The store held it already, or a later one; nothing changed.</summary>
    AlreadySo,

    /// <summary>The application is known with another birth date.</summary>
    AnotherBirthDate,
}
