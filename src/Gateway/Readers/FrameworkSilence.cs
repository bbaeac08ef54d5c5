using Microsoft.Extensions.Options;

namespace EligibilityGateway.Gateway.Readers;

/// <summary>
/// Keeps out of the log, whatever levels its configuration asks for, what the framework would quote of a request that is programmed
/// wrongly before anything of ours has seen it: a name or a number in a URL (at Information, and in the scope of each line of the
/// request), or in JSON where it does not belong.
/// </summary>
internal sealed class FrameworkSilence : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Quoting =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing", "Grpc.AspNetCore.Grpc.JsonTranscoding", "Microsoft.AspNetCore.Grpc.JsonTranscoding",
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // A rule that names a provider or more of the category wins over any that we could add, so each one is narrowed.
        var rules = options.Rules.Select(Narrowed).ToList();
        options.Rules.Clear();
        options.Rules.Add(Narrowed(new LoggerFilterRule(null, null, options.MinLevel, null)));
        foreach (var rule in rules) options.Rules.Add(rule);
    }

    private static LoggerFilterRule Narrowed(LoggerFilterRule rule) => new(
        rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) => !Quotes(category) && (rule.Filter?.Invoke(provider, category, level) ?? true));

    private static bool Quotes(string? category) => Array.Exists(Quoting, one => category?.StartsWith(one, StringComparison.OrdinalIgnoreCase) == true);
}
