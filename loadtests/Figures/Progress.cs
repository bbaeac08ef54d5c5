namespace EligibilityGateway.LoadTests.Figures;

/// <summary>Tells people what a long measurement is about; figures go to standard output, this does not.</summary>
public static class Progress
{
    public static void Tell(string what) => Console.Error.WriteLine(what);
}
