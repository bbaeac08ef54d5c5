namespace EligibilityGateway.Demo.Population;

/// <summary>What a person is to the head of the household.</summary>
internal enum FamilyRole
{
    Head,
    Spouse,
    Child,
    Elder,
}
