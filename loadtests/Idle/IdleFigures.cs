namespace EligibilityGateway.LoadTests.Idle;

/// <summary>Memory of a server whose terminals all keep quiet.</summary>
/// <param name="Terminals">Idle streams, each on its own connection.</param>
/// <param name="BeforeBytes">Resident before the first of them.</param>
/// <param name="WithAllBytes">Resident with all of them, after a pause.</param>
public sealed record IdleFigures(int Terminals, long BeforeBytes, long WithAllBytes)
{
    public double BytesPerTerminal => (double)(WithAllBytes - BeforeBytes) / Terminals;
}
