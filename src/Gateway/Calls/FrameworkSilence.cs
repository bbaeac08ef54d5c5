using Microsoft.Extensions.Options;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>
/// Keeps out of the log, whatever levels its configuration asks for, what the framework would quote of a request that is programmed
/// wrongly before anything of ours has seen it: a name or a number in a URL (at Information, and in the scope of each line of the
/// request), or in JSON where it does not belong, or the bytes of a text that is no UTF-8.
/// </summary>
internal sealed class FrameworkSilence : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Quoting =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing",
        // Calls/CallEnds tells of faults in its place.
        "Grpc.AspNetCore.Server.ServerCallHandler",
        "Grpc.AspNetCore.Grpc.JsonTranscoding", "Microsoft.AspNetCore.Grpc.JsonTranscoding",
    ];

    // URLs and headers that can't be. Warnings and errors are of connections, and quote nothing.
    private static readonly string[] QuotingInDetail = ["Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Microsoft.AspNetCore.Server.Kestrel.Http2"];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // A rule that names a provider or more of the category wins over any that we could add, so each one is narrowed.
        var rules = options.Rules.Select(Narrowed).ToList();
        options.Rules.Clear();
        options.Rules.Add(Narrowed(new LoggerFilterRule(null, null, options.MinLevel, null)));
        foreach (var rule in rules) options.Rules.Add(rule);
    }

    private static LoggerFilterRule Narrowed(LoggerFilterRule rule) => new(
        rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) => !Quotes(category, level) && (rule.Filter?.Invoke(provider, category, level) ?? true));

    private static bool Quotes(string? category, LogLevel? level) => IsOf(Quoting, category) || (level < LogLevel.Warning && IsOf(QuotingInDetail, category));

    private static bool IsOf(string[] categories, string? category) => Array.Exists(categories, one => category?.StartsWith(one, StringComparison.OrdinalIgnoreCase) == true);
}
