namespace EligibilityGateway.Gateway.Appointments;

/// <summary>What becomes of a batch that is handed in.</summary>
/// <param name="Batch">The batch as it stands; null where the institution has too many that are not finished.</param>
/// <param name="IsAnother">Its id was used for another one.</param>
internal readonly record struct Acceptance(BatchState? Batch, bool IsAnother)
{
    public static readonly Acceptance TooMany;

    public static Acceptance Of(BatchState batch, BatchRequest request) => new(batch, !batch.RequestHash.AsSpan().SequenceEqual(request.Hash));
}
