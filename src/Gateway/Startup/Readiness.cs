using System.Globalization;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// How far a gateway is, as balancers ask. Nobody is asked for it: what the gateway's own calls found out about Postgres is told, and a
/// gateway whose Postgres is away still answers.
/// </summary>
internal sealed class Readiness
{
    private volatile StoreHealth? _store;
    private volatile bool _isStopping;

    /// <summary>From now on it answers.</summary>
    /// <param name="store">What its calls find out.</param>
    public void Serve(StoreHealth store) => _store = store;

    /// <summary>It was told to stop: whoever comes now should go elsewhere.</summary>
    public void Stop() => _isStopping = true;

    /// <summary>Whether it answers, and the word for it.</summary>
    public (bool IsServing, string Word) Now
    {
        get
        {
            if (_isStopping) return (false, "stopping");
            if (_store is not { } store) return (false, "warming");
            return (true, store.AwaySince is { } since ? $"serving; Postgres away since {since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "serving");
        }
    }
}
