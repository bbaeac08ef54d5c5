namespace EligibilityGateway.Demo.Embedded;

/// <summary>A file that goes when it is disposed of.</summary>
internal sealed record TemporaryFile(string Path) : IDisposable
{
    public void Dispose() => File.Delete(Path);
}
