using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Status = Google.Rpc.Status;
using Type = System.Type;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>What a client is told whose message can't be read. Never holds anything that was sent.</summary>
internal static class Unreadable
{
    private static readonly string Library = typeof(GrpcServiceOptions).Assembly.GetName().Name!;

    /// <summary>The status for what the library threw while it read; null where that says nothing of the message, as where the line is cut.</summary>
    public static Status? Of(Exception fault, Type message) => fault switch
    {
        RpcException refused => Of(refused.Status, message),
        InvalidProtocolBufferException => NoMessage(message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLong(),
        InvalidDataException => NoFrame(),
        // A length past 2 GiB. A line that is cut is an IOException too, but not of the library's making.
        IOException when fault.Source == Library => NoFrame(),
        _ => null,
    };

    /// <summary>The same for a call's status.</summary>
    public static Status? Of(Grpc.Core.Status status, Type message) => status.StatusCode switch
    {
        StatusCode.Unknown when status.DebugException is { } fault and not RpcException => Of(fault, message),
        StatusCode.Internal => NoFrame(),
        StatusCode.ResourceExhausted => TooLong(),
        StatusCode.Unimplemented => NoSuchCompression(),
        _ => null,
    };

    /// <summary>The same for JSON, where the library tells one fault from another only by quoting.</summary>
    public static Status Json(Type message) => Say(
        Code.InvalidArgument,
        $"The request is no {NameOf(message)} in JSON, or longer than this service reads: Content-Type application/json, UTF-8, the names and values that the .proto files say, each once.");

    /// <summary>The same, field by field.</summary>
    public static Status Json(Type message, BadRequest violations)
    {
        var status = Say(Code.InvalidArgument, $"The request is no {NameOf(message)} in JSON; see the field violations.");
        status.Details.Add(Any.Pack(violations));
        return status;
    }

    /// <summary>How a message is made up.</summary>
    public static MessageDescriptor DescriptorOf(Type message) => ((IMessage)Activator.CreateInstance(message)!).Descriptor;

    private static Status NoMessage(Type message) =>
        Say(Code.InvalidArgument, $"The message is no {NameOf(message)}, or a text in it is not UTF-8: send what the .proto files say, and every text in UTF-8.");

    private static Status NoFrame() => Say(
        Code.InvalidArgument,
        "The message is not framed as gRPC has it: a byte that is 0, or 1 where it is compressed as grpc-encoding says; its length in 4 bytes; and as many bytes. A call that takes one message takes no more.");

    private static Status TooLong() => Say(Code.ResourceExhausted, "The message is longer than this service reads, as it comes or once it is decompressed.");

    private static Status NoSuchCompression() => Say(Code.Unimplemented, "The message is compressed in a way that this service does not read: send it as it is, or by gzip.");

    private static Status Say(Code code, string message) => new() { Code = (int)code, Message = message };

    private static string NameOf(Type message) => DescriptorOf(message).FullName;
}
