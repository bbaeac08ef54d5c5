using System.Globalization;
using System.Text;
using EligibilityGateway.Contracts.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Status = Google.Rpc.Status;

namespace EligibilityGateway.Gateway.Calls;

/// <summary>Ends a call that no handler answers: with a status alone, as gRPC and as JSON over HTTP have it.</summary>
internal static class StatusResponse
{
    private static readonly JsonFormatter Json = new(new JsonFormatter.Settings(false, TypeRegistry.FromFiles(AnswerReflection.Descriptor, Google.Rpc.ErrorDetailsReflection.Descriptor)));

    public static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;

    /// <summary>A response of trailers only, in the headers, as gRPC over HTTP/2 has it.</summary>
    public static void WriteGrpc(HttpResponse response, Status status)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = status.Message;
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
    }

    public static Task WriteJsonAsync(HttpContext context, Status status, int statusCode)
    {
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(Json.Format(status), Encoding.UTF8, context.RequestAborted);
    }
}
