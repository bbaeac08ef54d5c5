using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Hosting;

namespace EligibilityGateway.Gateway.Tests.LookUps;

/// <summary>Numbers of a document as a clerk types them, over the real interface.</summary>
public sealed class TypedLookUpTests(TestStores stores) : IAsyncLifetime
{
    private static readonly InsurerNumber Municipality = InsurerNumber.TryParse("138057", out var number) ? number : default;

    private TestTown _town = null!;
    private GatewayHost _gateway = null!;
    private TestDesk _desk = null!;

    public async ValueTask InitializeAsync()
    {
        _town = await TestTown.OpenAsync(stores);
        await _town.DeliverAsync(new InsurerDelivery { Insurers = [new InsurerEntry(Municipality, "Test city")] });
        _gateway = await _town.StartGatewayAsync();
        _desk = new TestDesk(_gateway.Address, await _town.AddTerminalAsync(TerminalRole.Reception));
    }

    public async ValueTask DisposeAsync()
    {
        _desk.Dispose();
        await _gateway.DisposeAsync();
        await _town.DisposeAsync();
    }

    // hodanren.doc-net.or.jp/info/news/2025-11-12-4: expired cards of every insurer were tolerated until 2026-03-31.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tolerated_card_is_answered_and_the_person_is_told(bool isMunicipal)
    {
        var person = await _town.AddPersonAsync(insurer: isMunicipal ? Municipality : TestTown.Employees, acquiredOn: new DateOnly(2020, 4, 1));
        var tolerated = (await AskAsync(person, look => look.ServiceDate = "2026-03-31")).Answer;
        Assert.Equal((Validity.Valid, Reason.InsuranceCardEnded), (tolerated.Validity, Assert.Single(tolerated.Notices).Reason));
        var ended = (await AskAsync(person, look => look.ServiceDate = "2026-04-01")).Answer;
        Assert.Equal((Validity.Invalid, Reason.InsuranceCardEnded), (ended.Validity, ended.Remedy.Reason));
        Assert.Empty(ended.Notices);
    }

    // Official files pad the insurer number and the texts with spaces, and hold full-width characters.
    [Fact]
    public async Task Numbers_match_however_they_are_written_and_others_do_not()
    {
        var person = await _town.AddPersonAsync(insurer: Municipality, acquiredOn: new DateOnly(2020, 4, 1), number: "0012-3");
        Action<LookUp>[] same =
        [
            look => look.Document.InsurerNumber = "  138057",
            look => look.Document.InsurerNumber = "１３８０５７",
            look => look.Document.Number = "００１２－３",
            look => look.Document.Number = "0012\u22123            ",
            look => look.Document.Number = "0012ー3",
            look => look.Document.Number = "００１２ｰ３",
            look => look.Document.Number = "0012‐3",
            look => look.Document.Number = "0012–3",
            look => look.Document.InsurerNumber = "00138057",
            look => (look.Document.Symbol, look.Document.Branch) = ("試　験", "００"),
            look => look.Document.Branch = "  ",
        ];
        foreach (var write in same) Assert.Equal(Validity.Valid, (await AskAsync(person, write)).Answer.Validity);
        Action<LookUp>[] others =
        [
            look => look.Document.Number = "12-3",
            look => look.Document.Number = "00123",
            look => look.Document.Branch = "01",
        ];
        foreach (var write in others)
        {
            var answer = (await AskAsync(person, write)).Answer;
            Assert.Equal((Validity.NotFound, Reason.NotFound), (answer.Validity, answer.Remedy.Reason));
        }
    }

    // ibmjapankenpo.jp/asp/faq/faq.asp?articleid=16661: where the card can't be read, it is shown with the notice of eligibility.
    [Theory]
    [InlineData(DocumentKind.EligibilityNotice, Validity.Valid, 30)]
    [InlineData(DocumentKind.EligibilityCertificate, Validity.Invalid, 0)]
    public async Task Who_has_a_card_and_no_certificate_is_answered_by_the_notice(DocumentKind kind, Validity validity, uint percent)
    {
        var person = await _town.AddPersonAsync();
        await _town.AddCardAsync(person);
        var answer = (await _desk.AskAsync(TestDesk.Typed(person, kind))).Answer;
        Assert.Equal((validity, percent), (answer.Validity, answer.BurdenPercent));
    }

    [Fact]
    public async Task Two_who_match_are_never_guessed()
    {
        var person = await _town.AddPersonAsync(insurer: Municipality, acquiredOn: new DateOnly(2020, 4, 1), number: "77");
        await _town.AddPersonAsync(birthDate: person.BirthDate, insurer: Municipality, acquiredOn: new DateOnly(2020, 4, 1), number: "77");
        var answer = (await AskAsync(person, look => look.Document.Branch = "")).Answer;
        Assert.Equal((Validity.Multiple, Reason.Ambiguous), (answer.Validity, answer.Remedy.Reason));
        Assert.Null(answer.Person);
        Assert.Empty(answer.Coverages);
    }

    // iryohokenjyoho-portalsite.jp/faq/post-14.html: Self-Defence and day labourers' documents can't be looked up.
    [Theory]
    [InlineData("0713001")]
    [InlineData("0313001")]
    public async Task A_document_that_no_register_holds_is_not_called_a_typing_error(string insurer)
    {
        var person = await _town.AddPersonAsync();
        var answer = (await AskAsync(person, look => look.Document.InsurerNumber = insurer + Luhn.CheckDigit(insurer))).Answer;
        Assert.Equal((Validity.NotFound, Reason.DocumentNotLookedUp), (answer.Validity, answer.Remedy.Reason));
    }

    private async Task<LookUpResult> AskAsync(TestPerson person, Action<LookUp> write)
    {
        var look = TestDesk.Typed(person, DocumentKind.InsuranceCard);
        look.ServiceDate = "2025-06-02";
        write(look);
        return await _desk.AskAsync(look);
    }
}
