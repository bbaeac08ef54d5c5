using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Lists.Accesses;

/// <summary>A look at access records: on record before anything is read. Exactly one of person, terminal and institution is named.</summary>
/// <param name="AskedBy">Who asks.</param>
/// <param name="Reason">Why.</param>
/// <param name="Person">Records of whose facts were looked at; the store's number.</param>
/// <param name="Terminal">Records of what this terminal asked.</param>
/// <param name="Institution">Records of what the institution's terminals asked.</param>
/// <param name="FirstDay">In Japan, inclusive, of the events' times.</param>
/// <param name="LastDay">Inclusive too.</param>
public sealed record AccessLook(string AskedBy, string Reason, long? Person, Guid? Terminal, InstitutionCode? Institution, DateOnly FirstDay, DateOnly LastDay)
{
    /// <summary>Most days of one look.</summary>
    public const int MostDays = 366;
}
