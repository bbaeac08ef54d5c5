namespace EligibilityGateway.Demo.Population;

/// <summary>Part of a name as written and in half-width katakana.</summary>
internal readonly record struct WrittenName(string Written, string Kana);
