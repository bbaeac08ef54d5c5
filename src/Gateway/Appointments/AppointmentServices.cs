namespace EligibilityGateway.Gateway.Appointments;

/// <summary>Many typed look-ups at once.</summary>
internal static class AppointmentServices
{
    public static IServiceCollection AddAppointments(this IServiceCollection services, AppointmentOptions options) => services
        .AddSingleton(options)
        .AddSingleton<ChunkSeal>()
        .AddSingleton<ChunkQueue>()
        .AddSingleton<AppointmentBatches>()
        .AddSingleton<ChunkWork>()
        .AddHostedService<AppointmentWorker>();
}

/// <summary>What an institution's appointments may cost others.</summary>
/// <param name="Misses">How many rows may match nobody in one period; those after them are refused.</param>
/// <param name="MissPeriod">The period.</param>
public sealed record AppointmentOptions(int Misses, TimeSpan MissPeriod);
