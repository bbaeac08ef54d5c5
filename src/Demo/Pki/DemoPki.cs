namespace EligibilityGateway.Demo.Pki;

/// <summary>
/// The certificates of demonstrations and load tests, kept in a folder and used again at the next start. What is missing, half made,
/// soon to end or no longer fits its authority is made anew. All of it bears a mark, by which a gateway in production refuses it.
/// </summary>
public sealed class DemoPki : IDisposable
{
    private DemoPki(TerminalAuthority terminals, DemoCardAuthority cards)
    {
        Terminals = terminals;
        Cards = cards;
    }

    /// <summary>Certificates of the gateway and the terminals.</summary>
    public TerminalAuthority Terminals { get; }

    /// <summary>Cards and their revocation list.</summary>
    public DemoCardAuthority Cards { get; }

    /// <summary>Opens the PKI in that folder. Only one process at a time may.</summary>
    /// <param name="folder">Made where it is missing, for its owner alone.</param>
    /// <param name="clock">The machine's clock, which TLS goes by.</param>
    public static DemoPki Open(string folder, TimeProvider clock)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new DemoPki(TerminalAuthority.Open(folder, clock), DemoCardAuthority.Open(folder));
    }

    public void Dispose()
    {
        Terminals.Dispose();
        Cards.Dispose();
    }
}
