using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Keys;
using MemoryPack;

namespace EligibilityGateway.Gateway.Access;

/// <summary>Durable records: in Postgres, and in the local journal while that is away.</summary>
internal static class AccessServices
{
    public static IServiceCollection AddAccess(this IServiceCollection services, JournalOptions journal) => services
        .AddSingleton(s => AccessJournal.Open(
            journal, s.GetRequiredService<GatewayKeys>().Journal, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<AccessJournal>>()))
        .AddSingleton<JournalledEvents>()
        .AddSingleton<AccessLog>()
        .AddSingleton(s => new Seal(s.GetRequiredService<GatewayKeys>().Answers))
        .AddSingleton(s => new RecordMacs(s.GetRequiredService<GatewayKeys>().Records))
        .AddHostedService<JournalDrain>()
        .AddSingleton<AccessPartitions>()
        .AddHostedService(s => s.GetRequiredService<AccessPartitions>());

    /// <summary>Takes in what an earlier run journalled, so that its events are answered as they were.</summary>
    public static void RecoverJournal(this IServiceProvider services)
    {
        var journalled = services.GetRequiredService<JournalledEvents>();
        foreach (var item in services.GetRequiredService<AccessJournal>().ReadBatch(int.MaxValue))
            if (MemoryPackSerializer.Deserialize<Entry>(item.Content.Span) is { } entry) journalled.AddRecovered(entry);
    }
}
