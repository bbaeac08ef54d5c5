using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>Files that hold a key or a password are their owner's alone.</summary>
internal static class SecretFile
{
    /// <summary>The option by which an operator takes it upon himself.</summary>
    public const string Insecure = "--insecure-files";

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Looks at its rights. On Windows, and of a file that is not there, there is nothing to see.</summary>
    /// <param name="what">The file in words, as "the key file".</param>
    /// <param name="file">Its path.</param>
    /// <exception cref="SettingsException">Others than its owner may read or change it.</exception>
    public static void RefuseOpen(string what, string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(file)) return;
        // Of a link, what it leads to.
        var mode = File.GetUnixFileMode(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file);
        if ((mode & Others) == 0) return;
        throw new SettingsException(
            $"{what} {file} can be read or changed by others than its owner (its mode is {Convert.ToString((int)mode, 8)}): chmod 600 it, or start with {Insecure} where nothing of it is a secret.");
    }
}
