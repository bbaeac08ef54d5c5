using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.Gateway.Tests.Access.Journal;

/// <summary>A journal's folder for one test, with the smallest segments that the journal allows.</summary>
internal sealed class JournalFolderFixture : IDisposable
{
    public const int SegmentBytes = JournalOptions.SmallestSegmentBytes;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("journal-test-");

    public string Folder => Path.Combine(_root.FullName, "journal");

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 10, 15, 0, 0, 0, TimeSpan.Zero));

    public KeyRing Keys { get; set; } = KeyRing(1, 1);

    public static KeyRing KeyRing(byte current, params byte[] ids) => new(current, ids.ToDictionary(id => id, Key));

    public static byte[] Key(byte id) => [.. Enumerable.Range(0, 32).Select(i => (byte)(id + (7 * i)))];

    public JournalOptions Options(int segments = 3, long reserve = 0) => new(Folder, (long)segments * SegmentBytes, SegmentBytes, reserve);

    public AccessJournal Open(JournalOptions? options = null) =>
        AccessJournal.Open(options ?? Options(), Keys, Clock, NullLogger<AccessJournal>.Instance);

    /// <summary>The segment files by their names.</summary>
    public string[] SegmentFiles() => [.. Directory.GetFiles(Folder, "segment-*.journal").Order(StringComparer.Ordinal)];

    public string[] SetAside() => Directory.GetFiles(Folder, "*.damaged");

    public void Dispose() => _root.Delete(recursive: true);
}
