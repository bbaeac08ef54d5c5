using System.Runtime.InteropServices;

namespace EligibilityGateway.Gateway.Keys;

/// <summary>Whose a file is. Where root changes the keys they stay the gateway's, which could not read them otherwise.</summary>
internal static partial class FileOwner
{
    /// <summary>Of statx(2): relative paths start at the working directory; user and group are asked for, and where they lie in the answer.</summary>
    private const int FromWorkingDirectory = -100, UserAndGroup = 0x18, UserOffset = 20, GroupOffset = 24, AnswerBytes = 256;

    /// <summary>Gives the file to the owner of another one, where this user may and the system tells.</summary>
    /// <exception cref="IOException">It can't be given away.</exception>
    public static void Copy(string from, string to)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        Span<byte> answer = stackalloc byte[AnswerBytes];
        try
        {
            if (Stat(FromWorkingDirectory, from, 0, UserAndGroup, ref MemoryMarshal.GetReference(answer)) != 0) return;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return;
        }
        if (ChangeOwner(to, MemoryMarshal.Read<uint>(answer[UserOffset..]), MemoryMarshal.Read<uint>(answer[GroupOffset..])) != 0)
            throw new IOException($"{to} can't be given to the owner of {from}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(int folder, string path, int flags, uint mask, ref byte answer);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
