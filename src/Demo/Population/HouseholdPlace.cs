namespace EligibilityGateway.Demo.Population;

/// <summary>A household's place in the population.</summary>
/// <param name="Sequence">The household's number, unique and rising, with gaps.</param>
/// <param name="FirstIndex">Index of its head.</param>
/// <param name="Kind">Who lives together.</param>
/// <param name="Size">How many persons.</param>
internal readonly record struct HouseholdPlace(long Sequence, long FirstIndex, HouseholdKind Kind, int Size);
