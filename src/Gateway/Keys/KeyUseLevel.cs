using System.Globalization;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>How near a key is to its bound.</summary>
public enum KeyUseLevel
{
    Far,

    /// <summary>Three quarters are used: a new key is due.</summary>
    Near,

    /// <summary>It goes on sealing; why, docs/decisions/015-key-use.md says.</summary>
    Over,
}

internal static class KeyUseLevels
{
    public static KeyUseLevel Of(long messages) => messages >= KeyUse.Bound ? KeyUseLevel.Over : messages >= KeyUse.Bound / 4 * 3 ? KeyUseLevel.Near : KeyUseLevel.Far;

    /// <summary>What the operator is told of a key that is near its bound or over it.</summary>
    public static string Told(string ring, byte keyId, ReadOnlySpan<byte> keyName, long messages) => string.Create(CultureInfo.InvariantCulture,
        $"Key {keyId} ({Convert.ToHexStringLower(keyName)}) of the ring \"{ring}\" has sealed {messages:N0} messages, {Share(messages)} % of the {KeyUse.Bound:N0} that it bears: {(Of(messages) == KeyUseLevel.Over ? "it goes on, and is less safe with each one: activate a new key now" : "have a new key in the ring, and activate it before that")} (gateway keys add, gateway keys activate).");

    public static string Share(long messages) => (messages * 100.0 / KeyUse.Bound).ToString("0.##", CultureInfo.InvariantCulture);
}
