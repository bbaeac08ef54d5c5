using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Terminals;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Applications;

/// <summary>Where applications for a card stand: gRPC, and JSON over HTTP by transcoding.</summary>
internal sealed class ApplicationsEndpoint(ApplicationQuestions questions) : Contracts.V1.Applications.ApplicationsBase
{
    public override async Task<ApplicationResult> GetStatus(ApplicationQuery request, ServerCallContext context) =>
        await questions.AnswerAsync(Terminal.Of(context), request) switch
        {
            ApplicationReply.Recorded recorded => recorded.Result,
            ApplicationReply.Malformed { Explanation: { } explanation } malformed => throw RichStatus.BadRequest(malformed.Faults, explanation).ToRpcException(),
            ApplicationReply.Malformed malformed => throw RichStatus.BadRequest(malformed.Faults).ToRpcException(),
            ApplicationReply.Busy busy => throw RichStatus.Busy(busy.RetryAfter).ToRpcException(),
            _ => throw RichStatus.ShutOut().ToRpcException(),
        };
}
