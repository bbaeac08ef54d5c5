using EligibilityGateway.Contracts;

namespace EligibilityGateway.ReaderAgent.Simulate;

/// <summary>Who asks at this terminal, and how they are answered: a program by lines of JSON, or a person by words.</summary>
internal interface IConversation
{
    /// <summary>The next command; null when there are no more. What is no command is answered here and passed over.</summary>
    Task<DeskCommand?> NextAsync(CancellationToken cancel);

    /// <summary>A gateway let the terminal in.</summary>
    void Greet(TerminalIdentity terminal);

    /// <summary>Shows a result. Safe for several threads.</summary>
    void Show(Result result);
}
