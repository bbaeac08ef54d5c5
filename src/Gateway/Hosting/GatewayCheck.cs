using System.Security.Cryptography.X509Certificates;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Settings;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Hosting;

/// <summary>What must hold before a gateway serves. Nothing is changed by a look.</summary>
internal static class GatewayCheck
{
    /// <summary>All of it, for an operator who wants to know beforehand, or beside a gateway that runs.</summary>
    public static async Task LookAsync(GatewaySettings settings, CheckReport report, CancellationToken cancellation, bool insecureFiles = false)
    {
        LookAtSettings(settings, report);
        if (LookAtFiles(settings, report, TimeProvider.System, insecureFiles) is { } files)
        {
            using var lists = new RevocationLists(settings.RevocationLists, files.CardAuthorities, settings.Clock(), new NotingLogger<RevocationLists>("revocationLists", report));
            RevocationListCheck.Look(settings.RevocationLists, lists, settings.Clock().GetUtcNow(), report);
        }
        await LookAtStoresAsync(settings, withoutRedis: false, report, cancellation);
        JournalCheck.Look(settings.Journal, settings.Purpose == GatewayPurpose.Production, report);
        if (settings.InsurerFeed is { } feed) LookAtSpool(feed.Spool, report);
        LookAtAddresses(settings, report);
    }

    /// <summary>Numbers, times and addresses by themselves.</summary>
    public static void LookAtSettings(GatewaySettings settings, CheckReport report) => report.Look("settings", () =>
    {
        settings.CheckBounds();
        settings.EndPoints();
        return $"of a gateway for {settings.Purpose.ToString().ToLowerInvariant()}, with values that it can serve with";
    });

    /// <summary>Keys and certificates; null where one of them can't be used.</summary>
    /// <param name="settings">Name them.</param>
    /// <param name="report">Takes what is found.</param>
    /// <param name="clock">The machine's, which TLS goes by.</param>
    /// <param name="insecureFiles">Others than their owner may read those with secrets.</param>
    public static GatewayFiles? LookAtFiles(GatewaySettings settings, CheckReport report, TimeProvider clock, bool insecureFiles = false)
    {
        var now = clock.GetUtcNow();
        if (settings.Purpose == GatewayPurpose.Production && !insecureFiles)
        {
            report.Look("rights", () =>
            {
                if (settings.ReadFrom is { } file) SecretFile.RefuseOpen("The settings file", file);
                SecretFile.RefuseOpen("The key file", settings.Keys);
                SecretFile.RefuseOpen("The server's key", settings.CertificateKey);
                RefuseOpenPasswords(settings);
                return "files with secrets are their owner's alone";
            });
        }
        var keys = report.Look("keys", () => GatewayKeys.Load(settings.Keys), _ => settings.Keys);
        var server = report.Look("certificate", () => ServerCertificate.Read(settings.Certificate, settings.CertificateKey, now), found => $"{found.Certificate.Subject}, until {CertificateEnd.DayOf(found.Certificate)}");
        var terminals = Authorities("terminalAuthorities", settings.TerminalAuthorities);
        var insurers = settings.InsurerFeed is { } feed ? Authorities("insurerFeed.authorities", feed.Authorities) : [];
        var cards = report.Look("cardAuthorities", () => TrustAnchors.Load(settings.CardAuthorities), found => $"{settings.CardAuthorities}: {Count(found.Certificates.Count())}");
        if (keys is null || server is null || terminals is null || insurers is null || cards is null) return null;

        var files = new GatewayFiles(keys, server, terminals, insurers, cards);
        report.Look("purpose", () =>
        {
            RefuseDemoInProduction(settings, files);
            return settings.Purpose == GatewayPurpose.Production ? "nothing is the demonstration's" : "not production: the demonstration's certificates are taken";
        });
        foreach (var (setting, certificate) in files.Certificates())
            if (CertificateEnd.Warning(setting, certificate, now) is { } warning) report.Note(setting, warning);
        foreach (var authority in cards.Certificates)
            if (CertificateEnd.Warning("cardAuthorities", authority, settings.Clock().GetUtcNow()) is { } warning) report.Note("cardAuthorities", warning);
        return files;

        X509Certificate2Collection? Authorities(string setting, string folder) =>
            report.Look(setting, () => AuthorityFolder.Read(setting, folder, now), found => $"{folder}: {Count(found.Count)}");

        static string Count(int certificates) => certificates == 1 ? "one certificate" : $"{certificates} certificates";
    }

    /// <summary>Postgres as each role, and Redis.</summary>
    public static async Task LookAtStoresAsync(GatewaySettings settings, bool withoutRedis, CheckReport report, CancellationToken cancellation)
    {
        await report.LookAsync("postgres", () => StoreCheck.LookAsync("postgres", settings.Postgres, settings.PlainStores, StoreRole.Gateway, report, cancellation));
        if (settings.InsurerFeed is { } feed)
            await report.LookAsync("insurerFeed.postgres", () => StoreCheck.LookAsync("insurerFeed.postgres", feed.Postgres, settings.PlainStores, StoreRole.InsurerFeed, report, cancellation));
        await report.LookAsync("redis", () => RedisCheck.LookAsync(settings.Redis, settings.PlainStores, withoutRedis));
    }

    private static void LookAtSpool(string folder, CheckReport report) => report.Look("insurerFeed.spool", () =>
    {
        var there = folder;
        while (!Path.Exists(there) && Path.GetDirectoryName(there) is { Length: > 0 } above) there = above;
        if (!Directory.Exists(there) || !FolderRights.MayWrite(there)) throw InsurerFeedHost.SpoolRefused(folder);
        return there == folder ? folder : $"{folder}, which is made at the start";
    });

    private static void LookAtAddresses(GatewaySettings settings, CheckReport report)
    {
        var isRunning = JournalLock.IsHeld(settings.Journal);
        try
        {
            foreach (var (setting, endPoint) in settings.EndPoints()) ListenCheck.Look(setting, endPoint, isRunning, report);
        }
        catch (SettingsException)
        {
            // Told already, with the settings.
        }
    }

    /// <summary>A connection string that is none is told of with the stores.</summary>
    private static void RefuseOpenPasswords(GatewaySettings settings)
    {
        foreach (var connectionString in (string?[])[settings.Postgres, settings.InsurerFeed?.Postgres])
            if (StoreConnectionString.PasswordFileOf(connectionString) is { } file) SecretFile.RefuseOpen("The password file", file);
    }

    private static void RefuseDemoInProduction(GatewaySettings settings, GatewayFiles files)
    {
        if (settings.Purpose != GatewayPurpose.Production) return;
        if (settings.ClockShift != TimeSpan.Zero)
            throw new SettingsException("\"clockShift\" moves the clock, which only a demonstration or a load test may do: take it out.");
        if (PublishedTestKeys.AreIn(files.Keys.Challenges))
            throw new SettingsException($"The key file {settings.Keys} holds a challenge key that is published in the source: make keys with `gateway keys new FILE`.");
        foreach (var certificate in (X509Certificate2[])[files.Server.Certificate, .. files.Server.Chain, .. files.TerminalAuthorities, .. files.InsurerAuthorities, .. files.CardAuthorities.Certificates])
        {
            if (DemoMark.IsOn(certificate))
                throw new SettingsException("A certificate among the server's, the terminal, insurers' or card authorities' is the demonstration's, whose keys anybody can make: use your own.");
        }
    }

    /// <summary>What a part would log as a warning is a note of the check.</summary>
    private sealed class NotingLogger<T>(string subject, CheckReport report) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) report.Note(subject, formatter(state, exception));
        }
    }
}
