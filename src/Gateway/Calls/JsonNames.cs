using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>What a caller in JSON calls the fields of a message: as it wrote them, and in camelCase where it did not.</summary>
internal sealed class JsonNames
{
    // proto3's JSON takes a field's own name, too.
    private readonly HashSet<FieldDescriptor> _byTheirOwnName = [];

    public void Saw(FieldDescriptor field, string written)
    {
        if (written != field.JsonName) _byTheirOwnName.Add(field);
    }

    /// <summary>The same violations, by the caller's names.</summary>
    public void Rename(BadRequest violations, MessageDescriptor message)
    {
        foreach (var violation in violations.FieldViolations) violation.Field = PathOf(violation.Field, message);
    }

    /// <summary>The same refusal, by the caller's names; null where it names no field.</summary>
    public RpcException? Renamed(RpcException refusal, MessageDescriptor message)
    {
        if (refusal.GetRpcStatus() is not { } status || status.GetDetail<BadRequest>() is not { } violations) return null;
        Rename(violations, message);
        for (var i = 0; i < status.Details.Count; i++)
            if (status.Details[i].Is(BadRequest.Descriptor)) status.Details[i] = Google.Protobuf.WellKnownTypes.Any.Pack(violations);
        return status.ToRpcException();
    }

    private string PathOf(string path, MessageDescriptor message)
    {
        var parts = path.Split('.');
        var holder = message;
        for (var i = 0; i < parts.Length && holder is not null; i++)
        {
            // What is no field, as the choice between several, has one name for all.
            var index = parts[i].IndexOf('[', StringComparison.Ordinal);
            var name = index < 0 ? parts[i] : parts[i][..index];
            if (holder.FindFieldByName(name) is not { } field) break;
            if (!_byTheirOwnName.Contains(field)) parts[i] = field.JsonName + parts[i][name.Length..];
            holder = field.FieldType == FieldType.Message ? field.MessageType : null;
        }
        return string.Join('.', parts);
    }
}
