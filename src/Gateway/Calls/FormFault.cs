namespace EligibilityGateway.Gateway.Calls;

/// <summary>One thing that is wrong in a message: where, and what to do. Repeats nothing that was sent.</summary>
public readonly record struct FormFault(string Field, string Description);
