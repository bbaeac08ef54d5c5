using System.Globalization;

namespace EligibilityGateway.ReaderAgent.Link;

/// <summary>How the link stands, for staff and for tests.</summary>
/// <param name="State">Where the stream stands.</param>
/// <param name="Gateway">The gateway of the open stream, or the one being tried.</param>
/// <param name="Waiting">Events without an answer.</param>
/// <param name="ClockOff">The gateway's clock minus this machine's; zero until a gateway has told its time.</param>
internal sealed record LinkStatus(LinkState State, Uri Gateway, int Waiting, TimeSpan ClockOff)
{
    /// <summary>By how much a clock is off, forward or back: [d.]hh:mm:ss.</summary>
    public static string ClockText(TimeSpan off) => TimeSpan.FromSeconds((long)off.Duration().TotalSeconds).ToString("c", CultureInfo.InvariantCulture);
}
