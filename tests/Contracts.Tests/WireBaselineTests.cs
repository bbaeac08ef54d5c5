using EligibilityGateway.Contracts.V1;
using Google.Protobuf.Reflection;

namespace EligibilityGateway.Contracts.Tests;

/// <summary>
/// What terminals and insurers of any release rely on: names, numbers and types of all that is sent. wire-baseline.txt is changed by hand
/// alone; a line may be added to it, and none taken away while somebody may still send it.
/// </summary>
public sealed class WireBaselineTests
{
    private static readonly string[] Baseline = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "wire-baseline.txt"));

    [Fact]
    public void Nothing_that_is_sent_was_renumbered_retyped_or_removed() => AssertNone("changed or gone", Baseline.Except(Lines()));

    [Fact]
    public void What_is_new_is_in_the_baseline() => AssertNone("new: add it to wire-baseline.txt", Lines().Except(Baseline));

    private static void AssertNone(string what, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all.Select(line => $"{what}: {line}")));
    }

    private static IEnumerable<string> Lines() => Files().SelectMany(file =>
        file.MessageTypes.SelectMany(Of)
            .Concat(file.EnumTypes.SelectMany(Of))
            .Concat(file.Services.SelectMany(Of)));

    // Of all files that any of ours imports, those of our own package.
    private static IEnumerable<FileDescriptor> Files()
    {
        var seen = new Dictionary<string, FileDescriptor>();
        foreach (var message in typeof(LookUp).Assembly.GetTypes().Where(type => typeof(Google.Protobuf.IMessage).IsAssignableFrom(type) && type is { IsAbstract: false, IsInterface: false }))
            if (message.GetProperty("Descriptor", typeof(MessageDescriptor))?.GetValue(null) is MessageDescriptor { File: { } file } && file.Package == "eligibility.v1") seen.TryAdd(file.Name, file);
        return seen.Values;
    }

    private static IEnumerable<string> Of(MessageDescriptor message) =>
        message.Fields.InFieldNumberOrder().Select(field => $"{message.FullName}.{field.Name} = {field.FieldNumber}: {TypeOf(field)}")
            .Concat(message.NestedTypes.Where(nested => nested.GetOptions()?.MapEntry is not true).SelectMany(Of))
            .Concat(message.EnumTypes.SelectMany(Of));

    private static IEnumerable<string> Of(EnumDescriptor values) => values.Values.Select(value => $"{values.FullName}.{value.Name} = {value.Number}");

    private static IEnumerable<string> Of(ServiceDescriptor service) => service.Methods.Select(method =>
        $"{service.FullName}.{method.Name}: {(method.IsClientStreaming ? "stream " : "")}{method.InputType.FullName} → {(method.IsServerStreaming ? "stream " : "")}{method.OutputType.FullName}");

    private static string TypeOf(FieldDescriptor field)
    {
        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
        return field.IsRepeated ? $"repeated {type}" : type;
    }
}
