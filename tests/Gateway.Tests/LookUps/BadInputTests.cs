using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Calls;
using EligibilityGateway.Gateway.Hosting;
using EligibilityGateway.Gateway.LookUps;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>Anything malformed gets a precise error on that event; the stream, the process and other terminals go on.</summary>
public sealed class BadInputTests(TestStores stores) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _desk = null!;

    public static TheoryData<string, string, Action<LookUp>> Faults => new()
    {
        { "no event id", "event_id", l => l.EventId = "" },
        { "an id that is no UUID", "event_id", l => l.EventId = "tap-1" },
        { "a UUID of version 4", "event_id", l => l.EventId = "6f1f2f64-3b0a-4c53-9f0e-3f8d7a0b1c2d" },
        { "no purpose", "purpose", l => l.Purpose = Purpose.Unspecified },
        { "a purpose from the future", "purpose", l => l.Purpose = (Purpose)77 },
        { "31 February", "service_date", l => l.ServiceDate = "2026-02-31" },
        { "an era date", "service_date", l => l.ServiceDate = "R08-10-15" },
        { "before health insurance", "service_date", l => l.ServiceDate = "1921-12-31" },
        { "years ahead", "service_date", l => l.ServiceDate = "2099-01-01" },
        { "neither card nor document", "by", l => l.ClearBy() },
        { "a letter among the insurer's digits", "document.insurer_number", l => l.Document.InsurerNumber = "0113001X" },
        { "a wrong check digit", "document.insurer_number", l => l.Document.InsurerNumber = "01130013" },
        { "control characters in the symbol", "document.symbol", l => l.Document.Symbol = "12\u00073" },
        { "a symbol of a megabyte", "document.symbol", l => l.Document.Symbol = new string('9', 1 << 20) },
        { "no number", "document.number", l => l.Document.Number = "" },
        { "a branch of three digits", "document.branch", l => l.Document.Branch = "001" },
        { "a birth date that is none", "document.birth_date", l => l.Document.BirthDate = "2023-02-29" },
        { "a birth date to come", "document.birth_date", l => l.Document.BirthDate = "2999-01-01" },
        { "no kind of document", "document.kind", l => l.Document.Kind = DocumentKind.Unspecified },
        { "a card of a megabyte", "card.certificate", l => l.Card = new CardPresented { Certificate = ByteString.CopyFrom(new byte[1 << 20]), Proof = Proof.Pin } },
        { "a signature that is too short", "card.signature", l => l.Card = new CardPresented { Certificate = ByteString.CopyFrom(new byte[500]), Challenge = ByteString.CopyFrom(new byte[42]), Signature = ByteString.CopyFrom(new byte[255]), Proof = Proof.Pin } },
        { "no certificate and no reason", "card.certificate", l => l.Card = new CardPresented() },
        { "a consent to nothing", "consents.subject", l => l.Consents.Add(new Consent { Given = true }) },
        { "two answers to one question", "consents", l => l.Consents.Add([new Consent { Subject = ConsentSubject.Limit }, new Consent { Subject = ConsentSubject.Limit, Given = true }]) },
        { "one answer twice", "consents", l => l.Consents.Add([new Consent { Subject = ConsentSubject.Limit, Given = true }, new Consent { Subject = ConsentSubject.Limit, Given = true }]) },
        { "a note with what nobody sees", "emergency.note", l => l.Emergency = new EmergencyGround { Note = "意識\u200Bなし" } },
        { "a note whose letters are turned around", "emergency.note", l => l.Emergency = new EmergencyGround { Note = "意識\u202Eなし" } },
        { "a long note", "emergency.note", l => l.Emergency = new EmergencyGround { Note = new string('あ', 201) } },
        // A 12-digit text with a right check digit, only to be refused.
        { "a My Number in a note, its digits parted by dots", "emergency.note", l => l.Emergency = new EmergencyGround { Note = "1234.5678.9018" } },
        { "a My Number in a note", "emergency.note", l => l.Emergency = new EmergencyGround { Note = "番号は１２３４-5678 9018です" } },
    };

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        _gateway = await _town.StartGatewayAsync();
        _desk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception, ProofClaims.Face));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void The_form_names_the_field_at_fault(string what, string field, Action<LookUp> spoil)
    {
        var lookUp = Good();
        spoil(lookUp);
        var faults = new List<FormFault>();
        Assert.Null(LookUpForm.Read(lookUp, TestTown.Today, faults));
        Assert.True(faults.Exists(f => f.Field == field), $"{what}: {string.Join(", ", faults)}");
        Assert.DoesNotContain(faults, f => f.Description.Contains("9018", StringComparison.Ordinal));
    }

    [Fact]
    public void A_good_form_is_read() => Assert.NotNull(LookUpForm.Read(Good(), TestTown.Today, []));

    [Fact]
    public async Task Every_fault_gets_its_own_problem_on_a_stream_that_goes_on()
    {
        var person = await _town.AddPersonAsync();
        var card = await _town.AddCardAsync(person);
        using var limit = new CancellationTokenSource(Deadline);
        using var call = _desk.Terminals.Connect(cancellationToken: limit.Token);
        await call.RequestStream.WriteAsync(new TerminalMessage { Hello = new Hello { Agent = "test" } }, limit.Token);
        Assert.True(await call.ResponseStream.MoveNext(limit.Token));
        var challenge = call.ResponseStream.Current.Welcome.Challenge.Value.ToByteArray();

        foreach (var (_, field, spoil) in Faults.Select(row => row.Data))
        {
            var lookUp = Good();
            spoil(lookUp);
            await call.RequestStream.WriteAsync(new TerminalMessage { LookUp = lookUp }, limit.Token);
            Assert.True(await call.ResponseStream.MoveNext(limit.Token));
            var problem = call.ResponseStream.Current.Problem;
            Assert.Equal((int)Code.InvalidArgument, problem.Status.Code);
            var details = problem.Status.Details[0].Unpack<BadRequest>();
            Assert.Contains(details.FieldViolations, v => v.Field == field);
        }

        // A certificate that is none: only known once it is looked at.
        var none = _desk.Tap(card, challenge);
        none.Card.Certificate = ByteString.CopyFrom(new byte[700]);
        await call.RequestStream.WriteAsync(new TerminalMessage { LookUp = none }, limit.Token);
        Assert.True(await call.ResponseStream.MoveNext(limit.Token));
        Assert.Equal(none.EventId, call.ResponseStream.Current.Problem.EventId);

        await call.RequestStream.WriteAsync(new TerminalMessage { LookUp = _desk.Tap(card, challenge) }, limit.Token);
        Assert.True(await call.ResponseStream.MoveNext(limit.Token));
        Assert.Equal(Validity.Valid, call.ResponseStream.Current.Answer.Validity);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(limit.Token));
    }

    [Fact]
    public async Task A_unary_call_gets_the_same_faults_as_a_rich_status()
    {
        var lookUp = Good();
        lookUp.ServiceDate = "2026-02-31";
        var status = (await _desk.FailAsync(lookUp)).GetRpcStatus()!;
        Assert.Equal((int)Code.InvalidArgument, status.Code);
        Assert.Equal("service_date", status.GetDetail<BadRequest>()!.FieldViolations[0].Field);
    }

    [Fact]
    public async Task An_unknown_number_and_a_wrong_birth_date_get_the_same_answer()
    {
        var person = await _town.AddPersonAsync();
        await _town.DeliverAsync(new() { EligibilityCertificates = [new(1, person.Id, person.CoverageId, TestTown.Today.AddMonths(-1), TestTown.Today.AddYears(1))] });
        Assert.Equal(Validity.Valid, (await _desk.AskAsync(TestDesk.Typed(person))).Answer.Validity);

        var wrongBirth = (await _desk.AskAsync(TestDesk.Typed(person, birthDate: person.BirthDate.AddDays(1)))).Answer;
        var unknown = TestDesk.Typed(person);
        unknown.Document.Number = "7654321";
        var unknownNumber = (await _desk.AskAsync(unknown)).Answer;
        Assert.Equal((Validity.NotFound, Reason.NotFound), (wrongBirth.Validity, wrongBirth.Remedy.Reason));
        wrongBirth.EventId = unknownNumber.EventId;
        wrongBirth.Freshness = unknownNumber.Freshness;
        Assert.Equal(unknownNumber, wrongBirth);
    }

    [Fact]
    public async Task Two_persons_with_the_same_numbers_and_birth_date_are_never_guessed()
    {
        var birth = TestTown.Today.AddYears(-30);
        await _town.AddPersonAsync(birth, number: "4711");
        var second = await _town.AddPersonAsync(birth, number: "4711");
        var answer = (await _desk.AskAsync(TestDesk.Typed(second))).Answer;
        Assert.Equal((Validity.Multiple, Reason.Ambiguous), (answer.Validity, answer.Remedy.Reason));
        Assert.Null(answer.Person);

        // One of them gets another number: the very next look-up finds the one that is left, caches warm or not.
        Assert.Null(DocumentNumbers.TryParse("試験", "4712", "00", out var corrected));
        await _town.DeliverAsync(new() { Coverages = [(second with { Numbers = corrected }).Coverage(TestTown.Today.AddYears(-3), null)] });
        Assert.NotEqual(Validity.Multiple, (await _desk.AskAsync(TestDesk.Typed(second))).Answer.Validity);
    }

    private static LookUp Good() => new()
    {
        EventId = TestDesk.NewEvent().ToString(),
        Purpose = Purpose.Care,
        Document = new DocumentTyped { Kind = DocumentKind.EligibilityCertificate, InsurerNumber = "01130012", Symbol = "１２", Number = "0034567", Branch = "01", BirthDate = "1980-02-29" },
    };
}
