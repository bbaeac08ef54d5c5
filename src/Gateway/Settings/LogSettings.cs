namespace EligibilityGateway.Gateway.Settings;

/// <summary>What a gateway logs to its standard output, each line with its time, level and category.</summary>
public sealed record LogSettings
{
    /// <summary>How the time of a line is written: UTC.</summary>
    internal const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>For people, or for a program that collects logs.</summary>
    public LogFormat Format { get; init; }

    /// <summary>From which level on is logged, by the beginning of a category's name; "default" for all others.</summary>
    public IReadOnlyDictionary<string, LogLevel> Levels { get; init; } = new Dictionary<string, LogLevel>();
}

public enum LogFormat
{
    /// <summary>One line of text each.</summary>
    Text,

    /// <summary>One line of JSON each.</summary>
    Json,
}
