namespace EligibilityGateway.Demo;

/// <summary>What <c>demo</c> is told.</summary>
/// <param name="DataFolder">Where cluster, keys, certificates, journal and spools are kept.</param>
/// <param name="People">Size of the population.</param>
/// <param name="Seed">Which population.</param>
/// <param name="Port">Where terminals connect; 0 takes a free one.</param>
/// <param name="Once">Stop after the scenario.</param>
/// <param name="Language">Of the agents' screens: ja or en.</param>
/// <param name="Agent">The reader agent's program, where it is not beside this one.</param>
internal sealed record DemoOptions(string DataFolder, long People, ulong Seed, int Port, bool Once, string Language, string? Agent);
