namespace EligibilityGateway.Gateway.Cards;

public sealed partial class RevocationLists
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The revocation list {File} can't be used; the last good one goes on to count. {Why}")]
    private partial void LogUnusableFile(string file, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The revocation list {File} is older than one seen before, which goes on to count.")]
    private partial void LogOlderList(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The folder of revocation lists can't be read; the last good lists go on to count. {Why}")]
    private partial void LogUnusableFolder(string why);
}
