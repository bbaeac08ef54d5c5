using System.Globalization;
using System.Security.Cryptography;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using EligibilityGateway.LoadTests.Plan;
using Google.Protobuf;

namespace EligibilityGateway.Benchmarks.Floor;

/// <summary>The taps of a plan as messages of the right form and size, with nothing true in them: an echo server does not look.</summary>
internal static class FillerTaps
{
    // A user-authentication certificate has about 1.3 KB.
    private const int CertificateLength = 1300;
    private const int SignatureLength = 256;
    private const int ChallengeLength = 42;

    public static PlannedRequest[] Of(TapPlan plan)
    {
        var certificate = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(CertificateLength));
        var signature = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(SignatureLength));
        var challenge = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(ChallengeLength));
        var requests = new PlannedRequest[plan.Taps.Count];
        for (var i = 0; i < requests.Length; i++)
        {
            var tap = plan.Taps[i];
            var eventId = Guid.CreateVersion7().ToString("D", CultureInfo.InvariantCulture);
            var lookUp = new LookUp { EventId = eventId, Purpose = Purpose.Care, ServiceDate = "2026-10-15" };
            if (tap.Subject.IsCard)
            {
                lookUp.Card = new CardPresented { Certificate = certificate, Challenge = challenge, Signature = signature, Proof = Proof.Pin };
            }
            else
            {
                lookUp.Document = new DocumentTyped
                {
                    Kind = DocumentKind.EligibilityCertificate,
                    InsurerNumber = "06130015",
                    Symbol = "1234",
                    Number = "567890",
                    Branch = "00",
                    BirthDate = "1981-04-12",
                };
            }
            requests[i] = new PlannedRequest(tap.At, tap.Terminal, eventId, new TerminalMessage { LookUp = lookUp }.ToByteArray(), tap.Measured);
        }
        return requests;
    }
}
