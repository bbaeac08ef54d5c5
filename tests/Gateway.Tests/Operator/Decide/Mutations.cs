using System.Text;
using System.Text.Json.Nodes;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>Good lines, spoilt at random in their bytes or in their structure. The same seed spoils them in the same way.</summary>
internal static class Mutations
{
    /// <summary>Takes a value's place; some can't be told in a JSON tree.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.0", "1e400", "-0", "1e99999999999", "9223372036854775807", "9223372036854775808", "10000000000", "\"\"", "\"p\"", "\"q\"", "\"\\ud800\"", "\"\\udc00x\"",
        "\"\\u0000\"", "\"2026-02-30\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"2100-12-31\"", "\"A1\"", "\"B04\"", "\"0000-00\"", "\"39131156\"", "[]", "{}", "[null]", "[[]]", "{\"id\":{}}",
        $"\"{new string('x', 300)}\"", new string('9', 300), $"{new string('[', 70)}{new string(']', 70)}", "tru", "", "\"",
    ];

    private static readonly byte[] Bytes = [.. "\n\r\0{}[]\",:\\u0-e. "u8, 0x80, 0xC0, 0xE3, 0xED, 0xEF, 0xF5, 0xFF];

    /// <summary>Without the line's end; it may have ends within.</summary>
    public static byte[] Of(int seed)
    {
        var dice = new Random(seed);
        var line = Line(dice);
        byte[] spoilt = dice.Next(3) switch
        {
            0 => Encoding.UTF8.GetBytes(Restructured(line, dice)),
            1 => Scrambled(Encoding.UTF8.GetBytes(line.ToJsonString()), dice),
            _ => Scrambled(Encoding.UTF8.GetBytes(Restructured(line, dice)), dice),
        };
        return spoilt;
    }

    private static JsonObject Line(Random dice)
    {
        var patient = Member(dice.Next(2) == 0 ? "A03" : null, dice.Next(2) == 0 ? "1981-02-03" : "1951-08-16", percent: dice.Next(2) == 0 ? 20 : null, coverages: [Coverage("2015-04-01", "2026-08-16"), Coverage("2026-08-16", insurer: Late, id: "d")]);
        patient["specific_diseases"] = new JsonArray(new JsonObject { ["category"] = 1, ["from"] = "2016-08-01", ["to"] = null });
        patient["high_cost_months"] = new JsonArray("2026-05", "2026-06", "2026-07");
        patient["annual_to_date"] = new JsonObject { ["outpatient"] = 100_000, ["all"] = 500_000 };
        return Lines.Line("2026-08-10", [patient, Member(id: "q", born: "2020-04-02", coverages: [])],
            Bill(500_000, "2026-08-10", inpatient: true), Bill(10_000, "2026-08-20", specific: true), Bill(70_000, "2026-08-20", at: Pharmacy, table: "pharmacy", prescriber: Clinic, member: "q"));
    }

    private static string Restructured(JsonObject line, Random dice)
    {
        var spots = new List<(JsonNode Parent, string? Name, int Index)>();
        Collect(line);
        var raw = new List<string>();
        for (var n = dice.Next(1, 4); n > 0; n--)
        {
            var (parent, name, index) = spots[dice.Next(spots.Count)];
            if (parent is JsonObject holder) Change(holder, name!);
            else Grow(parent.AsArray(), index);
        }
        var text = new StringBuilder(line.ToJsonString());
        for (var i = 0; i < raw.Count; i++) text.Replace($"\"@{i}@\"", raw[i]);
        return text.ToString();

        void Collect(JsonNode? node)
        {
            if (node is JsonObject of)
                foreach (var (name, value) in of) Add(node, name, 0, value);
            else if (node is JsonArray all)
                for (var i = 0; i < all.Count; i++) Add(node, null, i, all[i]);
        }

        void Add(JsonNode parent, string? name, int index, JsonNode? value)
        {
            spots.Add((parent, name, index));
            Collect(value);
        }

        void Change(JsonObject holder, string name)
        {
            var kind = dice.Next(4);
            if (kind == 0) holder.Remove(name);
            // The same name twice, as a tree can't have it.
            else if (kind == 1 && holder[name] is { } value) Set(holder, name, $"{value.ToJsonString()},\"{name}\":{value.ToJsonString()}");
            else Set(holder, name, Values[dice.Next(Values.Length)]);
        }

        void Set(JsonObject holder, string name, string value)
        {
            holder[name] = $"@{raw.Count}@";
            raw.Add(value);
        }

        void Grow(JsonArray all, int index)
        {
            if (index >= all.Count) return;
            for (var n = dice.Next(3) == 0 ? 1_001 : 1; n > 0; n--) all.Add(all[index]?.DeepClone());
        }
    }

    private static byte[] Scrambled(byte[] line, Random dice)
    {
        var bytes = line.ToList();
        for (var n = dice.Next(1, 6); n > 0 && bytes.Count > 0; n--)
        {
            var at = dice.Next(bytes.Count);
            var length = Math.Min(dice.Next(1, 20), bytes.Count - at);
            switch (dice.Next(5))
            {
                case 0: bytes[at] = (byte)dice.Next(256); break;
                case 1: bytes.Insert(at, Bytes[dice.Next(Bytes.Length)]); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
