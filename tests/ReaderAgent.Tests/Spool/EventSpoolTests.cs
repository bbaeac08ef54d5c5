using System.Text;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Spool;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;

namespace EligibilityGateway.ReaderAgent.Tests.Spool;

public sealed class EventSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _reports = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_kept_comes_back_byte_for_byte_oldest_first()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 10, 15, 0, 0, 0, TimeSpan.Zero));
        var kept = new List<(EventId Id, LookUp LookUp)>();
        using (var spool = Open())
        {
            for (var n = 0; n < 20; n++)
            {
                kept.Add(LookUps.Typed(clock));
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }
            foreach (var (id, lookUp) in Enumerable.Reverse(kept)) Assert.Equal(SpoolWrite.Durable, spool.Keep(id, lookUp));
        }
        using var again = Open();
        var loaded = again.Load();
        Assert.Equal(kept.Select(k => k.Id), loaded.Select(l => l.Id));
        Assert.Equal(kept.Select(k => k.LookUp.ToByteString()), loaded.Select(l => l.LookUp.ToByteString()));
        Assert.Equal(20, again.Count);
        Assert.Empty(_reports);
    }

    [Fact]
    public void What_was_forgotten_is_gone_from_the_folder()
    {
        using var spool = Open();
        var (id, lookUp) = LookUps.Typed(TimeProvider.System);
        spool.Keep(id, lookUp);
        Assert.Single(Events());
        spool.Forget(id);
        spool.Forget(id);
        Assert.Empty(Events());
        Assert.Equal(0, spool.Count);
    }

    [Fact]
    public void An_event_that_was_renamed_comes_back_under_its_new_id_alone()
    {
        var (first, lookUp) = LookUps.Typed(TimeProvider.System);
        var second = EventId.New(TimeProvider.System);
        using (var spool = Open(1))
        {
            spool.Keep(first, lookUp);
            lookUp.EventId = second.ToString();
            spool.Rename(first, second, lookUp);
            Assert.Equal(1, spool.Count);
        }
        using var again = Open();
        var loaded = Assert.Single(again.Load());
        Assert.Equal((second, lookUp), (loaded.Id, loaded.LookUp));
        Assert.Empty(_reports);
    }

    [Fact]
    public void What_was_never_kept_is_not_kept_by_being_renamed()
    {
        using var spool = Open();
        var (first, lookUp) = LookUps.Typed(TimeProvider.System);
        spool.Rename(first, EventId.New(TimeProvider.System), lookUp);
        Assert.Equal(0, spool.Count);
        Assert.Empty(Events());
    }

    [Fact]
    public void No_file_holds_what_was_typed()
    {
        using var spool = Open();
        var (id, lookUp) = LookUps.Typed(TimeProvider.System);
        spool.Keep(id, lookUp);
        foreach (var file in Directory.GetFiles(_folder["spool"], "*.event"))
        {
            var bytes = File.ReadAllBytes(file);
            foreach (var text in new[] { LookUps.Number, "06139463", "1980-01-02", id.ToString() })
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void The_same_event_twice_has_two_different_files_contents()
    {
        var (id, lookUp) = LookUps.Typed(TimeProvider.System);
        using var spool = Open();
        spool.Keep(id, lookUp);
        var first = File.ReadAllBytes(Events().Single());
        spool.Forget(id);
        spool.Keep(id, lookUp);
        Assert.NotEqual(first, File.ReadAllBytes(Events().Single()));
    }

    [Fact]
    public void Folder_key_and_events_are_for_their_user_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Unix permissions");
            return;
        }
        using var spool = Open();
        var (id, lookUp) = LookUps.Typed(TimeProvider.System);
        spool.Keep(id, lookUp);
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Own | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["spool"]));
        Assert.Equal(Own, File.GetUnixFileMode(_folder["spool/spool.key"]));
        Assert.Equal(Own, File.GetUnixFileMode(Events().Single()));
    }

    [Fact]
    public void It_takes_as_many_as_it_may_and_then_no_more_until_one_is_answered()
    {
        using var spool = Open(capacity: 2);
        var first = LookUps.Typed(TimeProvider.System);
        var second = LookUps.Typed(TimeProvider.System);
        var third = LookUps.Typed(TimeProvider.System);
        Assert.Equal(SpoolWrite.Durable, spool.Keep(first.Id, first.LookUp));
        Assert.Equal(SpoolWrite.Durable, spool.Keep(second.Id, second.LookUp));
        Assert.Equal(SpoolWrite.Full, spool.Keep(third.Id, third.LookUp));
        // One that is kept already takes no second place.
        Assert.Equal(SpoolWrite.Durable, spool.Keep(first.Id, first.LookUp));
        spool.Forget(first.Id);
        Assert.Equal(SpoolWrite.Durable, spool.Keep(third.Id, third.LookUp));
    }

    [Fact]
    public void What_an_earlier_run_left_counts_against_the_bound()
    {
        Keep(2);
        using var spool = Open(capacity: 2);
        spool.Load();
        var (id, lookUp) = LookUps.Typed(TimeProvider.System);
        Assert.Equal(SpoolWrite.Full, spool.Keep(id, lookUp));
    }

    [Fact]
    public void A_crash_before_the_rename_leaves_a_temporary_file_whose_event_was_never_sent()
    {
        Keep(1);
        var whole = Events().Single();
        var temporary = Path.Combine(_folder["spool"], EventId.New(TimeProvider.System) + ".event.tmp");
        File.WriteAllBytes(temporary, File.ReadAllBytes(whole)[..20]);
        using var spool = Open();
        Assert.Single(spool.Load());
        Assert.False(File.Exists(temporary));
        Assert.Empty(_reports);
    }

    [Fact]
    public void A_crash_after_the_rename_keeps_the_event()
    {
        // After the rename there is no further step on the file: the kept file alone is enough.
        Keep(1);
        Assert.Equal(["spool.key", "spool.lock"], Directory.GetFiles(_folder["spool"]).Select(Path.GetFileName).Where(name => !name!.EndsWith(".event", StringComparison.Ordinal)).Order());
        using var spool = Open();
        Assert.Single(spool.Load());
    }

    [Fact]
    public void A_crash_while_the_key_was_written_makes_a_new_key()
    {
        Directory.CreateDirectory(_folder["spool"]);
        File.WriteAllBytes(_folder["spool/spool.key.tmp"], [1, 2, 3]);
        Keep(1);
        using var spool = Open();
        Assert.Single(spool.Load());
        Assert.Empty(_reports);
    }

    [Fact]
    public void A_file_cut_at_any_length_is_set_aside_and_the_others_go_on()
    {
        Keep(1);
        var whole = File.ReadAllBytes(Events().Single());
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = Path.Combine(_folder["spool"], EventId.New(TimeProvider.System) + ".event");
            File.WriteAllBytes(cut, whole[..length]);
            using var spool = Open();
            Assert.Single(spool.Load());
            Assert.False(File.Exists(cut));
        }
        Assert.Equal(whole.Length, _reports.Count);
    }

    [Fact]
    public void A_file_with_one_altered_byte_is_set_aside()
    {
        Keep(1);
        var path = Events().Single();
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            var altered = whole.ToArray();
            altered[at] ^= 0x40;
            File.WriteAllBytes(path, altered);
            using var spool = Open();
            Assert.Empty(spool.Load());
        }
    }

    [Fact]
    public void A_file_under_another_events_name_is_set_aside()
    {
        Keep(1);
        File.Move(Events().Single(), Path.Combine(_folder["spool"], EventId.New(TimeProvider.System) + ".event"));
        using var spool = Open();
        Assert.Empty(spool.Load());
        Assert.Single(_reports);
    }

    [Theory]
    [InlineData("note.event")]
    [InlineData("00000000-0000-4000-8000-000000000000.event")]
    public void A_file_whose_name_is_no_event_id_is_set_aside(string name)
    {
        Keep(1);
        File.Copy(Events().Single(), _folder["spool/" + name]);
        using var spool = Open();
        Assert.Single(spool.Load());
        Assert.True(File.Exists(_folder["spool/set-aside/" + name]));
    }

    [Fact]
    public void A_huge_file_is_not_even_read()
    {
        Keep(1);
        using (var huge = File.Create(Path.Combine(_folder["spool"], EventId.New(TimeProvider.System) + ".event"))) huge.SetLength(10L << 30);
        using var spool = Open();
        Assert.Single(spool.Load());
        Assert.Single(_reports);
    }

    [Fact]
    public void With_another_key_everything_is_set_aside_and_the_spool_goes_on()
    {
        Keep(3);
        File.WriteAllBytes(_folder["spool/spool.key"], new byte[32]);
        using var spool = Open();
        Assert.Empty(spool.Load());
        Assert.Equal(3, _reports.Count);
        Assert.Equal(3, Directory.GetFiles(_folder["spool/set-aside"]).Length);
        var (id, lookUp) = LookUps.Typed(TimeProvider.System);
        Assert.Equal(SpoolWrite.Durable, spool.Keep(id, lookUp));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public void A_key_of_a_wrong_length_is_set_aside_and_replaced(int length)
    {
        Directory.CreateDirectory(_folder["spool"]);
        File.WriteAllBytes(_folder["spool/spool.key"], new byte[length]);
        using var spool = Open();
        Assert.Single(_reports);
        Assert.Equal(32, new FileInfo(_folder["spool/spool.key"]).Length);
        Assert.True(File.Exists(_folder["spool/set-aside/spool.key"]));
    }

    [Fact]
    public void Files_set_aside_are_bounded()
    {
        Keep(1);
        for (var n = 0; n < 130; n++) File.WriteAllBytes(Path.Combine(_folder["spool"], EventId.New(TimeProvider.System) + ".event"), [0]);
        using var spool = Open();
        Assert.Single(spool.Load());
        Assert.Equal(100, Directory.GetFiles(_folder["spool/set-aside"]).Length);
    }

    [Fact]
    public void A_second_agent_is_kept_out_until_the_first_is_gone()
    {
        var first = Open();
        Assert.Throws<SpoolInUseException>(Open);
        first.Dispose();
        Open().Dispose();
    }

    [Fact]
    public void A_disk_that_can_not_be_written_is_a_value_and_leaves_no_trace()
    {
        using var spool = Open();
        Directory.Delete(_folder["spool"], recursive: true);
        var (id, lookUp) = LookUps.Typed(TimeProvider.System);
        Assert.Equal(SpoolWrite.NotWritable, spool.Keep(id, lookUp));
        Assert.Equal(0, spool.Count);
        Assert.Single(_reports);
        Directory.CreateDirectory(_folder["spool"]);
        Assert.Equal(SpoolWrite.Durable, spool.Keep(id, lookUp));
    }

    [Fact]
    public void Reports_hold_nothing_of_a_person()
    {
        Keep(1);
        var path = Events().Single();
        File.WriteAllText(path, LookUps.Number);
        using var spool = Open();
        spool.Load();
        Assert.DoesNotContain(LookUps.Number, Assert.Single(_reports), StringComparison.Ordinal);
    }

    private string[] Events() => Directory.GetFiles(_folder["spool"], "*.event");

    private void Keep(int events)
    {
        using var spool = Open();
        for (var n = 0; n < events; n++)
        {
            var (id, lookUp) = LookUps.Typed(TimeProvider.System);
            Assert.Equal(SpoolWrite.Durable, spool.Keep(id, lookUp));
        }
    }

    private EventSpool Open() => Open(1000);

    private EventSpool Open(int capacity) => EventSpool.Open(_folder["spool"], capacity, _reports.Add);
}
