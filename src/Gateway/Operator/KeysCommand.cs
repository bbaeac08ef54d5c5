using System.CommandLine;
using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Gateway.Access.Journal;
using EligibilityGateway.Gateway.Keys;
using EligibilityGateway.Gateway.Keys.Counting;
using EligibilityGateway.Gateway.Startup;
using EligibilityGateway.Gateway.Storage;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway keys new|add|activate|remove|show|copy FILE</c>: the gateway's secret keys.</summary>
internal static class KeysCommand
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    public static Command Create() => new("keys", "Secret keys of the gateway.") { New(), Add(), Activate(), Remove(), Show(), Copy() };

    private static Command New()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write the keys; must not exist." };
        var command = new Command("new", "Writes a file of fresh random keys, readable by its owner alone.") { file };
        command.SetAction(arguments =>
        {
            var path = arguments.GetRequiredValue(file);
            WriteNew(path, () => GatewayKeys.WriteNew(path));
            Console.WriteLine($"Keys are in {path}. Give the same file to every gateway of this installation.");
            return 0;
        });
        return command;
    }

    private static Command Add()
    {
        var (file, ring, insecureFiles) = (KeyFileArgument(), Ring(), InsecureFiles());
        var command = new Command("add", "Puts a fresh random key into a ring; nothing is made with it before it is activated.") { file, ring, insecureFiles };
        command.SetAction(arguments =>
        {
            var (path, name) = (arguments.GetRequiredValue(file), RingIn(arguments.GetRequiredValue(ring)));
            var (id, isNew) = ((byte)0, false);
            Change(path, arguments.GetValue(insecureFiles), keys =>
            {
                isNew = !keys.Has(name);
                id = keys.Add(name);
            });
            if (isNew) Console.WriteLine($"The ring \"{name}\" is in {path}, with key {id}, which is active: give the file to every gateway, and start each with it.");
            else Console.WriteLine($"Key {id} is in the ring \"{name}\" of {path}, and not active yet: give the file to every gateway, restart each, and then `gateway keys activate {path} {name} {id}`.");
            return 0;
        });
        return command;
    }

    private static Command Activate()
    {
        var (file, ring, id, insecureFiles) = (KeyFileArgument(), Ring(), Id(), InsecureFiles());
        var command = new Command("activate", "Makes a key of a ring the one that new things are made with. Each gateway must have it in its file before.") { file, ring, id, insecureFiles };
        command.SetAction(arguments =>
        {
            var (path, name, key) = (arguments.GetRequiredValue(file), RingIn(arguments.GetRequiredValue(ring)), IdIn(arguments.GetRequiredValue(id)));
            byte before = 0;
            Change(path, arguments.GetValue(insecureFiles), keys => before = keys.Activate(name, key));
            Console.WriteLine($"Key {key} of the ring \"{name}\" of {path} is active: give the file to every gateway and restart each. What key {before} made stays good until `gateway keys remove {path} {name} {before}`.");
            return 0;
        });
        return command;
    }

    private static Command Remove()
    {
        var (file, ring, id, insecureFiles) = (KeyFileArgument(), Ring(), Id(), InsecureFiles());
        var command = new Command("remove", "Takes a key that is not active out of a ring, for good. Says what can't be read any more.") { file, ring, id, insecureFiles };
        command.SetAction(arguments =>
        {
            var (path, name, key) = (arguments.GetRequiredValue(file), RingIn(arguments.GetRequiredValue(ring)), IdIn(arguments.GetRequiredValue(id)));
            Change(path, arguments.GetValue(insecureFiles), keys => keys.Remove(name, key));
            Console.WriteLine($"Key {key} is out of the ring \"{name}\" of {path}. From each gateway's next start with this file on {LostWith(name)}.");
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var file = KeyFileArgument();
        var postgres = new StoreOption("--gateway", "eg_gateway");
        var journal = new Option<string?>("--journal") { Description = "A gateway's journal folder: with it the use of the journal's keys there is told." };
        var command = new Command("show", "Lists the keys by their rings and ids, never themselves; with --gateway how much all gateways have used of each.") { file, postgres, journal };
        command.SetAction(async (arguments, _) =>
        {
            var path = arguments.GetRequiredValue(file);
            var keys = KeysIn(Read(path, arguments.GetValue<bool>(SecretFile.Insecure)));
            var used = arguments.GetValue(postgres) is { } connectionString ? await UsedAsync(postgres.Name, connectionString, keys) : [];
            if (arguments.GetValue(journal) is { } folder) AddJournalled(used, folder, keys);
            foreach (var key in keys) Console.WriteLine(LineOf(key, used.TryGetValue(key, out var messages) ? messages : null));
            return 0;
        });
        return command;
    }

    private static Command Copy()
    {
        var (file, ring, insecureFiles) = (KeyFileArgument(), Ring(), InsecureFiles());
        var target = new Argument<string>("NEWFILE") { Description = "Where to write the ring; must not exist." };
        var command = new Command("copy", "Writes one ring into a file of its own: \"records\", for whoever checks access records with `gateway accesses` and needs no other key.") { file, ring, target, insecureFiles };
        command.SetAction(arguments =>
        {
            var (path, name, newFile) = (arguments.GetRequiredValue(file), RingIn(arguments.GetRequiredValue(ring)), arguments.GetRequiredValue(target));
            var keys = Read(path, arguments.GetValue(insecureFiles));
            WriteNew(newFile, () => keys.WriteRing(name, newFile));
            Console.WriteLine($"The ring \"{name}\" is in {newFile}. Write it anew when a key is added to the ring.");
            return 0;
        });
        return command;
    }

    /// <summary>The key file, unless others than its owner may read it.</summary>
    /// <exception cref="SettingsException">They may, or it is none.</exception>
    internal static KeyFile Read(string path, bool insecureFiles)
    {
        if (!insecureFiles) SecretFile.RefuseOpen("The key file", path);
        return KeyFile.Read(path);
    }

    private static void WriteNew(string path, Action write)
    {
        if (File.Exists(path)) throw new SettingsException($"{path} exists already; keys are never overwritten.");
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SettingsException($"{path} can't be written: choose a folder that is there and is yours.");
        }
    }

    private static List<ShownKey> KeysIn(KeyFile file)
    {
        var keys = new List<ShownKey>();
        foreach (var ring in RingNames.All.Where(file.Has))
        {
            var read = file.RingOf(ring);
            foreach (var id in read.Ids.Order())
            {
                read.TryGet(id, out var key);
                keys.Add(new ShownKey(ring, id, Convert.ToHexStringLower(KeyUse.NameOf(key)), id == read.ActiveId));
            }
        }
        return keys;
    }

    private static Task<Dictionary<ShownKey, long>> UsedAsync(string option, string connectionString, List<ShownKey> keys) =>
        StoreConnection.UseAsync(option, connectionString, store => store.AskAsync(Within, async (connection, token) =>
        {
            var used = new Dictionary<ShownKey, long>();
            foreach (var key in keys)
            {
                if (RingNames.IsCounted(key.Ring) && key.Ring != RingNames.Journal)
                    used[key] = await KeyUseStore.ReserveAsync(connection, key.Ring, key.Id, Convert.FromHexString(key.Name), more: 0, token);
            }
            return used;
        }));

    private static void AddJournalled(Dictionary<ShownKey, long> used, string folder, List<ShownKey> keys)
    {
        if (!Directory.Exists(folder)) throw new SettingsException("--journal names no folder: give the one of \"journal\" in a gateway's settings.");
        var read = JournalKeyUse.Read(Path.Combine(folder, JournalKeyUse.FileName))
            ?? throw new SettingsException($"{JournalKeyUse.FileName} in {folder} can't be read: read it as the gateway's user; where it is damaged, the gateway counts anew.");
        foreach (var key in keys.Where(key => key.Ring == RingNames.Journal)) used[key] = read.GetValueOrDefault(JournalKeyUse.NameOf(key.Id, key.Name));
    }

    private static string LineOf(ShownKey key, long? messages)
    {
        var use = messages is { } known ? string.Create(CultureInfo.InvariantCulture, $"; {known:N0} of {KeyUse.Bound:N0} messages used, {KeyUseLevels.Share(known)} %") : "";
        return $"{key.Ring} {key.Id}: {(key.IsActive ? "active" : "not active")}, SHA-256 {key.Name}…{use}";
    }

    private static string LostWith(string ring) => ring switch
    {
        RingNames.Challenges => "challenges that it made are refused, and their cards tapped again: those of the last five minutes",
        RingNames.CacheNames => "nothing is lost: what lies in Redis under its names was not looked for since another key is active",
        RingNames.CacheValues => "what it sealed in Redis is read from Postgres instead",
        RingNames.Answers => "answers that it sealed are not given to a terminal that asks again, and rows and results of appointments that it sealed can't be read",
        RingNames.Records => "access records that it made can't be checked: keep it as long as they are kept",
        _ => "what it sealed in a journal can't be read: records that were not drained from there are lost",
    };

    private static void Change(string path, bool insecureFiles, Action<KeyFile> change)
    {
        if (!insecureFiles) SecretFile.RefuseOpen("The key file", path);
        KeyFile.Change(path, change);
    }

    private static Argument<string> KeyFileArgument() => new("FILE") { Description = "The key file." };

    private static Argument<string> Ring() => new("RING") { Description = $"The ring: {string.Join(", ", RingNames.All)}." };

    private static Argument<string> Id() => new("ID") { Description = "The key's id in its ring, as `gateway keys show` tells it." };

    private static Option<bool> InsecureFiles() => new(SecretFile.Insecure) { Description = "Takes a key file that others than its owner may read; it is written anew as its owner's alone." };

    private static string RingIn(string given) =>
        RingNames.All.Contains(given) ? given : throw new SettingsException($"RING is one of: {string.Join(", ", RingNames.All)}.");

    private static byte IdIn(string given) =>
        byte.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new SettingsException("ID is the id of a key: a whole number from 0 to 255.");

    private sealed record ShownKey(string Ring, byte Id, string Name, bool IsActive);
}
