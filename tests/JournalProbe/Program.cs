// A process that tests can trace, starve and kill: it opens a journal and appends to it, and says on its standard output what was
// acknowledged, one line and one write each.
//
//   journal-probe FOLDER SEGMENTS ENTRIES LENGTH WRITERS

using System.Buffers.Binary;
using System.Globalization;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Keys;
using Microsoft.Extensions.Logging.Abstractions;

var numbers = args[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
var (segments, entries, length, writers) = (numbers[0], numbers[1], numbers[2], numbers[3]);
var options = new JournalOptions(
    args[0], (long)segments * JournalOptions.SmallestSegmentBytes, JournalOptions.SmallestSegmentBytes, EmergencyReserveBytes: 0);
var keys = new KeyRing(1, new Dictionary<byte, byte[]> { [1] = [.. Enumerable.Range(0, 32).Select(i => (byte)(1 + (7 * i)))] });

try
{
    await using var journal = AccessJournal.Open(options, keys, TimeProvider.System, NullLogger<AccessJournal>.Instance);
    Console.Out.WriteLine($"opened {journal.FreeBytes}");
    var next = -1;
    await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
    {
        while (Interlocked.Increment(ref next) is var number && number < entries)
        {
            var content = new byte[length];
            BinaryPrimitives.WriteInt32LittleEndian(content, number);
            var outcome = await journal.AppendAsync(content, emergency: false, CancellationToken.None);
            Console.Out.WriteLine($"{outcome.Status} {number} {outcome.Position}");
            if (outcome.Status == AppendStatus.Failed) journal.TryResume();
        }
    })));
    return 0;
}
catch (JournalUnavailableException unavailable)
{
    Console.Error.WriteLine(unavailable.Message);
    return 1;
}
