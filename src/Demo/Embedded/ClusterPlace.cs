using System.Security.Cryptography;
using System.Text;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Demo.Embedded;

/// <summary>Where a cluster lives and whom it runs as.</summary>
/// <param name="Folder">Absolute.</param>
/// <param name="User">Ourselves, or an unprivileged user where we are root.</param>
/// <param name="IsAside">Not the folder that was asked for, since that user can't enter it.</param>
internal sealed record ClusterPlace(string Folder, ClusterUser User, bool IsAside)
{
    public static async Task<ClusterPlace> ChooseAsync(string wanted, CancellationToken cancellation)
    {
        wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted));
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess) return new ClusterPlace(wanted, ClusterUser.Self, IsAside: false);

        var user = await UserForAsync(wanted, cancellation);
        if (await user.CanEnterAsync(NearestExisting(wanted), cancellation)) return new ClusterPlace(wanted, user, IsAside: false);

        // A clone made by mktemp -d, or one below /root. The name is derived from the path, so that the next start finds it again.
        var name = "eligibility-gateway-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)).AsSpan(0, 8));
        foreach (var parent in (string[])["/var/tmp", Path.GetTempPath(), "/tmp"])
        {
            if (!Directory.Exists(parent) || !await user.CanEnterAsync(parent, cancellation)) continue;
            var aside = Path.Combine(parent, name);
            await RefuseForeignAsync(aside, cancellation);
            return new ClusterPlace(aside, await UserForAsync(aside, cancellation), IsAside: true);
        }
        throw new StorageException($"The unprivileged user that PostgreSQL runs as can enter neither {wanted} nor /var/tmp: make one of them passable (chmod o+x), or start the gateway as an ordinary user.");
    }

    /// <summary>A cluster stays its user's, whichever user would be chosen for a new one.</summary>
    private static async Task<ClusterUser> UserForAsync(string folder, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, ClusterFolder.DataName);
        return (Directory.Exists(data) ? await ClusterUser.OwnerOfAsync(data, cancellation) : null)
            ?? await ClusterUser.FindUnprivilegedAsync(cancellation);
    }

    /// <summary>Anybody may make a folder of that name in /var/tmp before us; root must not write into it.</summary>
    private static async Task RefuseForeignAsync(string folder, CancellationToken cancellation)
    {
        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is not null || (info.Exists && (await ClusterUser.OwnerAsync(folder, cancellation)).User != 0))
            throw new StorageException($"{folder} belongs to another user: remove it and start again.");
    }

    private static string NearestExisting(string folder)
    {
        var nearest = folder;
        while (!Directory.Exists(nearest)) nearest = Path.GetDirectoryName(nearest)!;
        return nearest;
    }
}
