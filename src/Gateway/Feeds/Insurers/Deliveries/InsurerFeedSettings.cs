namespace EligibilityGateway.Gateway.Feeds.Insurers.Deliveries;

/// <summary>The endpoint at which insurers hand in their changes.</summary>
public sealed record InsurerFeedSettings
{
    /// <summary>Where insurers connect: https://ADDRESS:PORT; port 0 takes a free one. The certificate is the gateway's.</summary>
    public required string Listen { get; init; }

    /// <summary>Folder of PEM files: who may issue insurers' client certificates. Not the terminals' authorities.</summary>
    public required string Authorities { get; init; }

    /// <summary>Connection string of eg_insurer_feed.</summary>
    public required string Postgres { get; init; }

    /// <summary>Folder in which a delivery lies while it is received and checked; nothing stays there.</summary>
    public required string Spool { get; init; }

    /// <summary>Whether insurers may connect by TLS 1.2, too.</summary>
    public bool AllowTls12 { get; init; }

    /// <summary>How large a delivery may be, in MiB. A million changes take about 150.</summary>
    public int MostMegabytes { get; init; } = 1024;
}
