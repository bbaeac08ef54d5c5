using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Cards;
using Google.Rpc;

namespace EligibilityGateway.ReaderAgent.Screen;

/// <summary>How it reads at the desk when there is no answer at all.</summary>
internal sealed class FaultPage(Words words)
{
    private readonly RemedyRows _remedies = new(words);

    /// <summary>What the gateway could not take, field by field; or whose move it is, where it lets this terminal in no more.</summary>
    public string Of(Problem problem)
    {
        var page = new Page();
        page.Headline(words["Problem"]);
        var details = problem.Status?.Details ?? [];
        // A remedy says what is the matter in the desk's own language.
        if (!details.Any(detail => detail.Is(Remedy.Descriptor))) page.Row(words["What"], problem.Status?.Message ?? "");
        foreach (var detail in details)
        {
            if (detail.TryUnpack<Remedy>(out var remedy)) _remedies.AddTo(page, remedy);
            if (!detail.TryUnpack<BadRequest>(out var badRequest)) continue;
            foreach (var violation in badRequest.FieldViolations) page.Row(words.Format("Field", violation.Field), violation.Description);
        }
        return page.ToString();
    }

    public string Of(CardFault fault)
    {
        var text = words.Of("CardFault", fault.Kind);
        return fault.TriesLeft > 0 ? words.Format("TriesLeft", text, fault.TriesLeft) : text;
    }
}
