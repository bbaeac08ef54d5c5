using System.CommandLine;
using EligibilityGateway.Gateway.Keys;

namespace EligibilityGateway.Gateway.Operation;

/// <summary><c>gateway keys new FILE</c>: fresh secret keys.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write the keys; must not exist." };
        var fresh = new Command("new", "Writes a file of fresh random keys, readable by its owner alone.") { file };
        fresh.SetAction(arguments =>
        {
            var path = arguments.GetRequiredValue(file);
            if (File.Exists(path)) throw new SettingsException($"{path} exists already; keys are never overwritten.");
            try
            {
                GatewayKeys.WriteNew(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new SettingsException($"{path} can't be written: choose a folder that is there and is yours.");
            }
            Console.WriteLine($"Keys are in {path}. Give the same file to every gateway of this installation.");
            return 0;
        });
        return new Command("keys", "Secret keys of the gateway.") { fresh };
    }
}
