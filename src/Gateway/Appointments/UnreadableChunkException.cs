namespace EligibilityGateway.Gateway.Appointments;

/// <summary>What lies in the store can't be opened.</summary>
internal sealed class UnreadableChunkException() : Exception("The key that sealed these appointments is not in the key file, or the store was changed: put the key back.");
