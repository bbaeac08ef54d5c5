namespace EligibilityGateway.Benchmarks.Parts;

/// <summary>What BenchmarkDotNet found.</summary>
internal sealed record PartsFigures(IReadOnlyList<PartFigure> Parts);

/// <summary>One piece.</summary>
/// <param name="Part">Its name, with the size of the group where there is one.</param>
/// <param name="Microseconds">Mean of one call.</param>
/// <param name="ErrorMicroseconds">Half of the 99.9 % confidence interval of the mean.</param>
/// <param name="AllocatedBytes">By one call.</param>
internal sealed record PartFigure(string Part, double Microseconds, double ErrorMicroseconds, long AllocatedBytes);
