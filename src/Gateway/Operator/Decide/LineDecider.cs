using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using EligibilityGateway.Rules.Households;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>Decides on lines, one answer each. A line that can't be read is answered with its fault; the next is read all the same.</summary>
internal static class LineDecider
{
    // Names that docs/decide.md has. All else in a path was made up by whoever sent it.
    private static readonly FrozenSet<string> Fields = ((Type[])[
            typeof(DecideRequest), typeof(MemberIn), typeof(CoverageIn), typeof(RatioIn), typeof(LimitClassIn), typeof(DiseaseIn), typeof(YearToDateIn), typeof(BillIn)])
        .SelectMany(type => DecideJson.Default.GetTypeInfo(type)!.Properties.Select(property => property.Name)).ToFrozenSet(StringComparer.Ordinal);

    public static void Decide(ReadOnlySpan<byte> line, long number, DecisionWriter writer) => Decide(line, number, writer, HouseholdRules.Decide);

    /// <summary>The same by rules of the caller's.</summary>
    public static void Decide(ReadOnlySpan<byte> line, long number, DecisionWriter writer, Func<Household, Decision> rules)
    {
        SentId id = default;
        try
        {
            var request = Read(line, ref id);
            var household = HouseholdReader.Read(request);
            var decision = rules(household);
            writer.Write(id, household, decision, decision.CoverageIndex < 0 ? default : request.Members![0]!.Coverages![decision.CoverageIndex]!.Id);
        }
        catch (LineException e)
        {
            writer.WriteError(id, number, e.Field, e.Message);
        }
        catch (Exception)
        {
            // Nothing of the exception is told: its message may repeat what was sent.
            writer.WriteError(id, number, "", "The program failed on this line. The fault is the program's: report it.");
        }
    }

    /// <exception cref="LineException">The line is not such an object; <paramref name="id"/> is known where it can be.</exception>
    private static DecideRequest Read(ReadOnlySpan<byte> line, ref SentId id)
    {
        try
        {
            // Fields that are not looked at count too.
            if (!Utf8.IsValid(line)) throw new LineException("", "The line is not UTF-8.");
            var request = JsonSerializer.Deserialize(line, DecideJson.Default.DecideRequest) ?? throw new LineException("", "A line is one JSON object.");
            id = request.Id;
            return request;
        }
        catch (LineException)
        {
            id = IdOf(line);
            throw;
        }
        catch (TooManyException e)
        {
            id = IdOf(line);
            // The path is that of the entry that was one too many.
            var entry = FieldOf(e.Path);
            throw new LineException(entry[..entry.LastIndexOf('[')], string.Create(CultureInfo.InvariantCulture, $"At most {e.Most:N0} on one line."));
        }
        catch (JsonException e)
        {
            id = IdOf(line);
            if (UnknownField.In(line) is { } unknown)
                throw new LineException(unknown, "There is no such field: docs/decide.md has all of them.");
            var field = FieldOf(e.Path);
            throw new LineException(field, field.Length > 0
                ? "It is not of the kind that docs/decide.md says: a date is yyyy-MM-dd and exists, yen are whole numbers, no field is there twice."
                : $"Not a JSON object at byte {e.BytePositionInLine + 1} of the line.");
        }
    }

    /// <summary>A path as far as it is of names that are known.</summary>
    private static string FieldOf(string? path)
    {
        if (path is not ['$', '.', .. var names]) return "";
        // The serializer quotes a name that has a point or a bracket.
        var quoted = names.IndexOf("['", StringComparison.Ordinal);
        if (quoted >= 0) names = names[..quoted];
        var known = 0;
        foreach (var part in names.AsSpan().Split('.'))
        {
            var name = names[part];
            var index = name.IndexOf('[', StringComparison.Ordinal);
            if (!Fields.Contains(index < 0 ? name : name[..index])) break;
            known = part.End.Value;
        }
        return names[..known];
    }

    /// <summary>Of a line with another fault; none where the line is not one whole object with one id.</summary>
    private static SentId IdOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            SentId id = default;
            var isSeen = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (!isId)
                {
                    reader.Skip();
                    continue;
                }
                if (isSeen) return default;
                (id, isSeen) = (SentId.Read(ref reader), true);
            }
            // Anything behind the object is a fault, which the reader finds here.
            return reader.Read() ? default : id;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
