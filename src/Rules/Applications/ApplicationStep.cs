namespace EligibilityGateway.Rules.Applications;

/// <summary>How far an application for a card has come. The numbers are those of the interface and of the store.</summary>
public enum ApplicationStep : short
{
    /// <summary>It came in (受付済).</summary>
    Received = 1,

    /// <summary>The card is being made (処理中).</summary>
    InProcess = 2,

    /// <summary>The notice to fetch the card was sent (交付通知書発送済).</summary>
    NoticeSent = 3,

    /// <summary>The applicant has the card (交付済).</summary>
    HandedOver = 4,
}
