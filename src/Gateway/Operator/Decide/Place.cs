namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>An object of a line; the line itself where it names none. It is put into words for a fault alone, since nearly all of a line is right.</summary>
/// <param name="Member">Index of the member that it is, or that holds it.</param>
/// <param name="List">The list that holds it; null for a member and for the line.</param>
/// <param name="Index">Where in the list.</param>
internal readonly record struct Place(int? Member = null, string? List = null, int Index = 0)
{
    /// <summary>What is wrong with one of its fields; with all of it where no field is named.</summary>
    public LineException Fault(string field, string message)
    {
        string[] parts = [Member is { } member ? $"members[{member}]" : "", List is null ? "" : $"{List}[{Index}]", field];
        return new LineException(string.Join('.', parts.Where(part => part.Length > 0)), message);
    }
}
