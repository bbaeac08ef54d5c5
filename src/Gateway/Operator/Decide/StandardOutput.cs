using Microsoft.Win32.SafeHandles;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>
/// Standard output on which each write that fails is an error. The console's own stream says nothing where the reader of a pipe has gone
/// (seen on .NET 10), so that answers to an input without end would be worked out for nobody for ever.
/// </summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    public static Stream Open()
    {
        // Windows numbers its handles otherwise; a terminal has no reader that goes.
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // Of a file the console's stream: FileStream would write beside the position that the file shares with the next program.
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }
}
