using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;

namespace EligibilityGateway.ReaderAgent.Tests;

/// <summary>Events to ask.</summary>
internal static class LookUps
{
    public const string Number = "7418529";

    public static (EventId Id, LookUp LookUp) Typed(TimeProvider clock)
    {
        var id = EventId.New(clock);
        return (id, new LookUp
        {
            EventId = id.ToString(),
            Purpose = Purpose.Care,
            Document = new DocumentTyped
            {
                Kind = DocumentKind.EligibilityCertificate,
                InsurerNumber = "06139463",
                Symbol = "12",
                Number = Number,
                Branch = "01",
                BirthDate = "1980-01-02",
            },
        });
    }
}
