using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Cards;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// The revocation lists. Without any, no card could be answered for; one that is too old is no reason not to start, since what it says
/// against cards still holds, and typed numbers need none.
/// </summary>
internal static class RevocationListCheck
{
    /// <param name="folder">The setting, for the error.</param>
    /// <param name="lists">What was read of it.</param>
    /// <param name="now">By the domain's clock.</param>
    /// <param name="report">Takes what is found.</param>
    public static void Look(string folder, RevocationLists lists, DateTimeOffset now, CheckReport report)
    {
        const string Setting = "revocationLists";
        var standing = lists.Standing.ToList();
        report.Look(Setting, () =>
        {
            if (!Directory.Exists(folder)) throw new SettingsException($"There is no folder {folder} of \"{Setting}\": make it, and put the card authorities' revocation lists there.");
            if (standing.TrueForAll(one => one.NextUpdate is null))
                throw new SettingsException($"The folder {folder} of \"{Setting}\" holds no revocation list of a card authority: put the authorities' lists there (DER or PEM).");
            return $"{folder}: a list of {standing.Count(one => one.NextUpdate is not null)} of {standing.Count} authorities that issue cards";
        });
        if (standing.TrueForAll(one => one.NextUpdate is null)) return;
        foreach (var (authority, nextUpdate) in standing)
        {
            if (nextUpdate is null) report.Note(Setting, $"There is no revocation list of {authority}: its cards are answered UNCONFIRMED. Put its list into {folder}.");
            else if (nextUpdate <= now)
                report.Note(Setting, string.Create(CultureInfo.InvariantCulture, $"The revocation list of {authority} was to be renewed by {nextUpdate.Value.UtcDateTime:yyyy-MM-dd HH:mm}Z: its cards are answered UNCONFIRMED. Put its new list into {folder}."));
        }
    }
}
