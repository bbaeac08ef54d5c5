using System.Text;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.LoadTests.Drive;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EligibilityGateway.LoadTests.Tests.Drive;

public sealed class MessageGlanceTests
{
    private static readonly GatewayMessage Unconfirmed = new()
    {
        Answer = new Answer
        {
            EventId = "event-1",
            ServiceDate = "2026-10-15",
            Validity = Validity.Unconfirmed,
            Person = new Person { Name = "佐藤　花子", BirthDate = "1981-04-12" },
            Coverages = { new Coverage { InsurerNumber = "06130015" }, new Coverage { InsurerNumber = "06139000" } },
            BurdenPercent = 30,
            Freshness = new Freshness { AsOf = "2026-10-15T00:00:00Z", Version = 300, StaleAtMostMs = 0 },
            Remedy = new Remedy { Reason = Reason.CardLost, What = new Text { Ja = "…", En = "…" } },
        },
    };

    [Fact]
    public void An_answers_id_validity_reason_and_proof_are_seen()
    {
        var bytes = Unconfirmed.ToByteArray();
        var seen = MessageGlance.Of(bytes);
        Assert.Equal((OutcomeKind.Answered, "event-1"), (seen.Kind, Encoding.UTF8.GetString(seen.EventId)));
        Assert.Equal((Validity.Unconfirmed, Reason.CardLost, false), (seen.Validity, seen.Reason, seen.Proved));
    }

    [Fact]
    public void A_proved_answer_is_seen_so()
    {
        var message = new GatewayMessage { Answer = new Answer { EventId = "e", Validity = Validity.Valid, Freshness = new Freshness { Proved = true } } };
        var seen = MessageGlance.Of(message.ToByteArray());
        Assert.Equal((Validity.Valid, true), (seen.Validity, seen.Proved));
    }

    [Fact]
    public void Refusals_busy_and_problems_are_seen_with_their_events()
    {
        Assert.Equal(
            "Refused r CardLost True",
            Seen(new GatewayMessage
            {
                Refusal = new Refusal { EventId = "r", Remedy = new Remedy { Reason = Reason.CardLost }, Freshness = new Freshness { Proved = true } },
            }));
        Assert.Equal("Busy b Unspecified False", Seen(new GatewayMessage { Busy = new Busy { EventId = "b", RetryAfter = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200)) } }));
        Assert.Equal("Problem p Unspecified False", Seen(new GatewayMessage { Problem = new Problem { EventId = "p", Status = new Google.Rpc.Status { Code = 3 } } }));
    }

    [Fact]
    public void What_answers_no_look_up_is_seen_as_no_answer()
    {
        Assert.Equal(OutcomeKind.Unanswered, MessageGlance.Of(new GatewayMessage { Drain = new Drain() }.ToByteArray()).Kind);
        Assert.Equal(OutcomeKind.Unanswered, MessageGlance.Of(new GatewayMessage { Challenge = new Challenge { LivesFor = new Duration { Seconds = 1 } } }.ToByteArray()).Kind);
    }

    [Fact]
    public void Fields_of_every_kind_that_nobody_knows_are_passed_over()
    {
        byte[] unknown = [0xf8, 0x07, 0x96, 0x01, 0xf9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8, 0xfd, 0x07, 1, 2, 3, 4, 0xfa, 0x07, 2, 9, 9];
        Assert.Equal("Answered event-1 CardLost False", Seen([.. unknown, .. Unconfirmed.ToByteArray(), .. unknown]));
    }

    [Fact]
    public void A_message_that_is_cut_off_anywhere_is_refused()
    {
        var bytes = Unconfirmed.ToByteArray();
        for (var length = 1; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            Assert.Throws<InvalidDataException>(() => Seen(cut));
        }
    }

    private static string Seen(GatewayMessage message) => Seen(message.ToByteArray());

    private static string Seen(byte[] message)
    {
        var seen = MessageGlance.Of(message);
        return $"{seen.Kind} {Encoding.UTF8.GetString(seen.EventId)} {seen.Reason} {seen.Proved}";
    }
}
