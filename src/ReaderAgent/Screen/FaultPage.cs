using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Cards;
using Google.Rpc;

namespace EligibilityGateway.ReaderAgent.Screen;

/// <summary>How it reads at the desk when there is no answer at all.</summary>
internal sealed class FaultPage(Words words)
{
    /// <summary>What the gateway could not take, field by field.</summary>
    public string Of(Problem problem)
    {
        var page = new Page();
        page.Headline(words["Problem"]);
        page.Row(words["What"], problem.Status?.Message ?? "");
        foreach (var detail in problem.Status?.Details ?? [])
            if (detail.TryUnpack<BadRequest>(out var badRequest))
                foreach (var violation in badRequest.FieldViolations)
                    page.Row(words.Format("Field", violation.Field), violation.Description);
        return page.ToString();
    }

    public string Of(CardFault fault)
    {
        var text = words.Of("CardFault", fault.Kind);
        return fault.TriesLeft > 0 ? words.Format("TriesLeft", text, fault.TriesLeft) : text;
    }
}
