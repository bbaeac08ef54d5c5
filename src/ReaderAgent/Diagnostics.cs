namespace EligibilityGateway.ReaderAgent;

/// <summary>
/// What the agent tells about itself, a line each, for whoever mends it. Never a name, number, certificate or anything that a
/// message about a person holds: addresses, counts and status codes alone.
/// </summary>
internal sealed class Diagnostics(TextWriter writer)
{
    private readonly Lock _gate = new();

    public void Say(string line)
    {
        lock (_gate) writer.WriteLine($"reader-agent: {line}");
    }
}
