using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Tests.Keys;

/// <summary>Keys come and go without a pause: what an older key sealed opens until that is taken out.</summary>
public sealed class KeyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(TestFolder.NewPath());
    private readonly string _file;

    public KeyFileTests()
    {
        _file = Path.Combine(_folder.FullName, "keys.json");
        GatewayKeys.WriteNew(_file);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_the_key_before_sealed_opens_until_that_is_removed()
    {
        byte[] plain = [1, 2, 3], place = [4];
        byte[] old, fresh;
        using (var seal = NewSeal()) old = seal.Close(plain, place);

        KeyFile.Change(_file, keys => Assert.Equal(2, keys.Add(RingNames.Answers)));
        using (var seal = NewSeal()) Assert.Equal(1, seal.Close(plain, place)[0]);

        KeyFile.Change(_file, keys => Assert.Equal(1, keys.Activate(RingNames.Answers, 2)));
        using (var seal = NewSeal())
        {
            fresh = seal.Close(plain, place);
            Assert.Equal(2, fresh[0]);
            Assert.Equal(plain, seal.Open(old, place));
        }

        KeyFile.Change(_file, keys => keys.Remove(RingNames.Answers, 1));
        using (var seal = NewSeal())
        {
            Assert.Null(seal.Open(old, place));
            Assert.Equal(plain, seal.Open(fresh, place));
        }
        // The other rings are as they were, and an id is not given away twice.
        Assert.All(RingNames.All.Where(ring => ring != RingNames.Answers), ring => Assert.Equal<byte>([1], KeyFile.Read(_file).RingOf(ring).Ids));
        KeyFile.Change(_file, keys => Assert.Equal(3, keys.Add(RingNames.Answers)));
    }

    [Fact]
    public void A_ring_that_a_file_of_an_older_version_lacks_is_put_in_and_the_error_says_how()
    {
        var older = JsonNode.Parse(File.ReadAllText(_file))!.AsObject();
        older.Remove(RingNames.Records);
        File.WriteAllText(_file, older.ToJsonString());
        Assert.Contains($"`gateway keys add {_file} records`", Assert.Throws<SettingsException>(() => GatewayKeys.Load(_file)).Message, StringComparison.Ordinal);

        KeyFile.Change(_file, keys => Assert.Equal(1, keys.Add(RingNames.Records)));
        Assert.Equal(1, GatewayKeys.Load(_file).Records.ActiveId);
        var before = File.ReadAllBytes(_file);
        GatewayKeys.AddMissingRings(_file);
        Assert.Equal(before, File.ReadAllBytes(_file));
    }

    [Fact]
    public void A_ring_in_a_file_of_its_own_has_its_keys_and_no_other_ring()
    {
        var copy = Path.Combine(_folder.FullName, "records.json");
        KeyFile.Read(_file).WriteRing(RingNames.Records, copy);
        var (whole, alone) = (KeyFile.Read(_file), KeyFile.Read(copy));
        Assert.Equal(whole.RingOf(RingNames.Records).Active, alone.RingOf(RingNames.Records).Active);
        Assert.Equal([RingNames.Records], RingNames.All.Where(alone.Has));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        Assert.Throws<SettingsException>(() => alone.WriteRing(RingNames.Answers, copy + "2"));
    }

    [Fact]
    public void A_change_that_is_refused_leaves_the_file_as_it_was()
    {
        KeyFile.Change(_file, keys => keys.Add(RingNames.Journal));
        var before = File.ReadAllBytes(_file);
        foreach (var (change, because) in new (Action<KeyFile> Change, string Because)[]
        {
            (keys => keys.Activate(RingNames.Journal, 1), "is active already"),
            (keys => keys.Activate(RingNames.Journal, 7), "has no key 7: it has 1, 2"),
            (keys => keys.Remove(RingNames.Journal, 1), "is active: activate another one first"),
            (keys => keys.Remove(RingNames.Journal, 7), "has no key 7"),
            (keys => keys.Add("none"), "has no ring \"none\""),
            (keys => { for (var more = 0; more < 256; more++) keys.Add(RingNames.Journal); }, "has 256 keys"),
        })
        {
            Assert.Contains(because, Assert.Throws<SettingsException>(() => KeyFile.Change(_file, change)).Message, StringComparison.Ordinal);
            Assert.Equal(before, File.ReadAllBytes(_file));
            Assert.Equal([_file], Directory.GetFiles(_folder.FullName));
        }
    }

    [Fact]
    public void A_file_that_is_written_anew_is_its_owners_alone_and_a_link_to_it_stays_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has other rights.");
        var link = Path.Combine(_folder.FullName, "link.json");
        File.CreateSymbolicLink(link, _file);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        KeyFile.Change(link, keys => keys.Add(RingNames.Answers));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
        Assert.Equal(_file, File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName);
        Assert.True(KeyFile.Read(_file).RingOf(RingNames.Answers).Holds(2));
    }

    [Fact]
    public async Task The_gateways_file_stays_the_gateways_where_root_changes_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may give files away.");
        await RunAsync("chown", "65534:65534", _file);
        KeyFile.Change(_file, keys => keys.Add(RingNames.Answers));
        Assert.Equal("65534:65534 600\n", await RunAsync("stat", "-c", "%u:%g %a", _file));

        static async Task<string> RunAsync(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            return output;
        }
    }

    [Fact]
    public void One_who_changes_it_at_the_same_time_is_kept_out()
    {
        KeyFile.Change(_file, keys =>
        {
            Assert.Contains("another command changes the key file", Assert.Throws<SettingsException>(() => KeyFile.Change(_file, other => other.Add(RingNames.Answers))).Message, StringComparison.Ordinal);
            keys.Add(RingNames.Journal);
        });
        Assert.Equal<byte>([1, 2], KeyFile.Read(_file).RingOf(RingNames.Journal).Ids.Order());
        Assert.Equal<byte>([1], KeyFile.Read(_file).RingOf(RingNames.Answers).Ids);
    }

    [Fact]
    public void A_ring_of_a_newer_release_stays_in_the_file()
    {
        var written = JsonNode.Parse(File.ReadAllText(_file))!;
        written["later"] = new JsonObject { ["active"] = 1, ["keys"] = new JsonObject { ["1"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyRing.KeyLength)) } };
        File.WriteAllText(_file, written.ToJsonString());
        KeyFile.Change(_file, keys => keys.Add(RingNames.Answers));
        Assert.Equal<byte>([1], KeyFile.Read(_file).RingOf("later").Ids);
    }

    [Fact]
    public void The_last_ids_are_given_away_before_those_of_removed_keys()
    {
        var written = JsonNode.Parse(File.ReadAllText(_file))!;
        var keys = written["answers"]!["keys"]!.AsObject();
        keys["255"] = keys["1"]!.GetValue<string>();
        File.WriteAllText(_file, written.ToJsonString());
        KeyFile.Change(_file, file => Assert.Equal(0, file.Add(RingNames.Answers)));
        KeyFile.Change(_file, file => Assert.Equal(2, file.Add(RingNames.Answers)));
    }

    private Seal NewSeal() => new(GatewayKeys.Load(_file).Answers);
}
