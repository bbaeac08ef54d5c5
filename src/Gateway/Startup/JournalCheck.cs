using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Access.Journal;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// The journal's folder. In production a gateway does not make it: a name that is mistyped, or a volume that is not mounted, would pass
/// for a first start, and what the real journal holds would never be drained.
/// </summary>
internal static class JournalCheck
{
    private const string Setting = "journal";

    /// <param name="folder">Where the journal is to be.</param>
    /// <param name="isProduction">The folder must be there.</param>
    /// <param name="report">Takes what is found.</param>
    public static void Look(string folder, bool isProduction, CheckReport report)
    {
        var isNew = false;
        report.Look(Setting, () =>
        {
            isNew = IsNew(folder, isProduction);
            return folder;
        });
        if (isNew) report.Note(Setting, $"The folder {folder} of \"{Setting}\" is empty: a new journal is begun there. Where there should be one already, stop: the setting or its volume is wrong.");
        if (JournalLock.IsHeld(folder)) report.Note(Setting, $"{folder} is in use, by a gateway that runs.");
    }

    /// <summary>Whether there is no journal yet where one should be kept.</summary>
    private static bool IsNew(string folder, bool isProduction)
    {
        if (File.Exists(folder)) throw new SettingsException($"{folder} of \"{Setting}\" is a file: name a folder.");
        if (Directory.Exists(folder) && !FolderRights.MayWrite(folder))
            throw new SettingsException($"This user may not write in the folder {folder} of \"{Setting}\": give it to the gateway's user, and to nobody else (chown, chmod 700).");
        if (!isProduction) return false;
        try
        {
            return !Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (DirectoryNotFoundException)
        {
            throw new SettingsException(
                $"There is no folder {folder} of \"{Setting}\": correct the setting, mount its volume or, for a first start, make it (mkdir -m 700). A gateway in production does not.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The folder {folder} of \"{Setting}\" can't be read: {e.Message}");
        }
    }
}
