using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.LookUps;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Terminals.Streams;

/// <summary>Look-ups for clients without a stream: gRPC, and JSON over HTTP by transcoding.</summary>
internal sealed class EligibilityEndpoint(EligibilityLookUps lookUps, Intake intake, EmergencyClaims claims, Challenges challenges) : Contracts.V1.Eligibility.EligibilityBase
{
    public override Task<Challenge> GetChallenge(GetChallengeRequest request, ServerCallContext context) =>
        Task.FromResult(ChallengeFor(Terminal.Of(context), challenges));

    public override async Task<LookUpResult> LookUpPerson(LookUp request, ServerCallContext context)
    {
        var terminal = Terminal.Of(context);
        var forReview = false;
        if (EmergencyClaims.IsOne(terminal, request))
            forReview = await claims.TurnAsync(terminal, context.CancellationToken) ?? throw RichStatus.Busy(intake.RetryAfter).ToRpcException();
        if (!intake.TryEnter(terminal.IsEmergency(request.Purpose))) throw RichStatus.Busy(intake.RetryAfter).ToRpcException();
        try
        {
            return await lookUps.AnswerAsync(terminal, request, forReview) switch
            {
                LookUpReply.Recorded recorded => recorded.Result,
                LookUpReply.Malformed malformed => throw RichStatus.BadRequest(malformed.Faults).ToRpcException(),
                LookUpReply.Busy busy => throw RichStatus.Busy(busy.RetryAfter).ToRpcException(),
                _ => throw RichStatus.ShutOut().ToRpcException(),
            };
        }
        finally
        {
            intake.Leave();
        }
    }

    public static Challenge ChallengeFor(Terminal terminal, Challenges challenges) => new()
    {
        Value = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(challenges.Issue(terminal.Identity.Institution, terminal.Identity.Name)),
        LivesFor = Duration.FromTimeSpan(challenges.Lifetime),
    };
}
