namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>How much of a gateway insurers may take.</summary>
internal static class DeliveryBounds
{
    /// <summary>A piece of content.</summary>
    public const int MostPieceBytes = 1 << 20;

    /// <summary>A message: a piece, or a header of as many insurers as one may name.</summary>
    public const int MostMessageBytes = MostPieceBytes + (64 << 10);

    public const int MostInsurers = 1_000;

    public const int MostNameLength = 100;

    /// <summary>Received or checked at the same time: they take disk, and wait for each other's checks.</summary>
    public const int MostUnderWay = 4;

    /// <summary>Errors in a receipt; as many warnings and notes.</summary>
    public const int MostFindings = 1_000;

    /// <summary>From one piece to the next.</summary>
    public static readonly TimeSpan PieceWithin = TimeSpan.FromMinutes(1);

    /// <summary>While another import is at work.</summary>
    public static readonly TimeSpan CheckPatience = TimeSpan.FromMinutes(2);

    /// <summary>How often a watched delivery is looked at.</summary>
    public static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);
}
