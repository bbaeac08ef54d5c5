namespace EligibilityGateway.Gateway.Hosting;

/// <summary>What is done differently at one start of a gateway, and is no matter of its settings.</summary>
public sealed record StartOptions
{
    /// <summary>Hears where balancers ask, before the gateway is ready; where the settings have such a place.</summary>
    public Action<Uri>? ReadyAt { get; init; }

    /// <summary>Redis may not answer now, and the operator knows.</summary>
    public bool WithoutRedis { get; init; }

    /// <summary>Files that hold keys or passwords may be readable by others than their owner, and the operator knows.</summary>
    public bool InsecureFiles { get; init; }
}
