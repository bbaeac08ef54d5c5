using StackExchange.Redis;

namespace EligibilityGateway.Gateway.Storage;

/// <summary>Postgres and Redis, and what is known of whether they are there.</summary>
internal static class StoreServices
{
    /// <param name="services">The gateway's.</param>
    /// <param name="postgres">Connection string of the serving role.</param>
    /// <param name="redis">Redis, as StackExchange.Redis writes it.</param>
    /// <param name="waits">How long look-ups wait for Postgres.</param>
    public static IServiceCollection AddStores(this IServiceCollection services, string postgres, string redis, StoreWaits waits) => services
        .AddSingleton(_ => StorePools.Open(postgres))
        .AddSingleton(waits)
        .AddSingleton<IConnectionMultiplexer>(_ => Connect(redis))
        .AddSingleton<RedisCircuit>()
        .AddSingleton<StoreHealth>()
        .AddSingleton<PatientStore>()
        .AddHostedService<StoreWatch>();

    private static ConnectionMultiplexer Connect(string redis)
    {
        var options = ConfigurationOptions.Parse(redis);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 1000;
        options.AsyncTimeout = 1000;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.BeforeSocketConnect = static (_, _, socket) =>
        {
            if (socket is not null) RedisCircuit.SetUp(socket);
        };
        return ConnectionMultiplexer.Connect(options);
    }
}
