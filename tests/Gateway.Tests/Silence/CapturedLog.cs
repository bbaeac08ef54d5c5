using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EligibilityGateway.Gateway.Tests.Silence;

/// <summary>All that is logged, at every level: category, message, each value given with it, scopes and exceptions.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private static string Values(object? state) => state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(", ", values) : $"{state}";

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {Values(state)} {exception}");
            log._scopes.ForEachScope(static (scope, lines) => lines.Enqueue("scope " + Values(scope)), log._lines);
        }
    }
}
