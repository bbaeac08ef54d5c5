using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Terminals;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>A terminal as the register has it.</summary>
/// <param name="Id">As logs and records name it.</param>
/// <param name="Institution">Its institution's code.</param>
/// <param name="Role">As its certificate says.</param>
/// <param name="Name">Its own.</param>
/// <param name="CertificateEnds">Null where that is not known yet.</param>
/// <param name="RevokedAt">Null where it may come in.</param>
public sealed record RegisteredTerminal(Guid Id, string Institution, TerminalRole Role, string Name, DateTimeOffset? CertificateEnds, DateTimeOffset? RevokedAt)
{
    /// <summary>Its state in a few words.</summary>
    public string StateAt(DateTimeOffset now) =>
        RevokedAt is { } revoked ? $"revoked {Day(revoked)}"
        : CertificateEnds is not { } ends ? "let in; end of its certificate not known before it connects"
        : ends <= now ? $"certificate ended {Day(ends)}"
        : ends - now <= TerminalReminder.Beforehand ? $"let in; CERTIFICATE ENDS {Day(ends)}, in {(int)Math.Ceiling((ends - now).TotalDays)} days"
        : $"let in; certificate ends {Day(ends)}";

    private static string Day(DateTimeOffset moment) => JapanTime.Format(JapanTime.DateOf(moment));
}
