using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.ReaderAgent.Cards;
using EligibilityGateway.ReaderAgent.Screen;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace EligibilityGateway.ReaderAgent.Tests.Screen;

public sealed class FaultPageTests
{
    private static readonly FaultPage English = new(Words.English);

    [Fact]
    public void A_problem_names_each_field_that_was_wrong()
    {
        var wrong = new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "document.number", Description = "is empty" } } };
        var problem = new Problem { Status = new Google.Rpc.Status { Code = 3, Message = "The look-up is malformed.", Details = { Any.Pack(wrong) } } };
        Assert.Equal(
            """
            NOT ASKED
            What is the matter     The look-up is malformed.
            Field document.number  is empty
            """,
            English.Of(problem));
    }

    [Fact]
    public void A_remedy_among_the_details_is_shown_as_on_every_page()
    {
        var remedy = new Remedy
        {
            Reason = Reason.TerminalRevoked,
            What = new Text { En = "This terminal has been shut out." },
            DeskDoes = new Text { En = "Use another terminal." },
            Mender = Mender.Operator,
            ByWhen = new Text { En = "When it is set up anew." },
        };
        var problem = new Problem { Status = new Google.Rpc.Status { Code = 16, Message = "This terminal was revoked.", Details = { Any.Pack(remedy) } } };
        var page = English.Of(problem);
        Assert.Contains("This terminal has been shut out.", page, StringComparison.Ordinal);
        Assert.Contains("Use another terminal.", page, StringComparison.Ordinal);
        Assert.Contains("When it is set up anew.", page, StringComparison.Ordinal);
        // Said once, in the desk's language.
        Assert.DoesNotContain("This terminal was revoked.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_without_details_is_shown_all_the_same() => Assert.Equal("NOT ASKED", English.Of(new Problem()));

    // ibmjapankenpo.jp/asp/faq/faq.asp?articleid=16661: at a desk the card is shown with the notice of eligibility. A crew asks nobody for papers.
    [Fact]
    public void A_card_that_can_not_be_read_is_shown_with_the_notice_of_eligibility_and_an_ambulance_goes_on_without_it()
    {
        var fault = new CardFault(CardFaultKind.CertificateUnreadable, 0);
        Assert.Contains("notice of eligibility", English.Of(fault), StringComparison.Ordinal);
        Assert.Contains("資格情報のお知らせ", new FaultPage(Words.Japanese).Of(fault), StringComparison.Ordinal);
        Assert.Contains("go on without the card", new FaultPage(Words.English.At(TerminalRole.Ambulance)).Of(fault), StringComparison.Ordinal);
        Assert.DoesNotContain("お知らせ", new FaultPage(Words.Japanese.At(TerminalRole.Ambulance)).Of(fault), StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_fault_counts_the_tries_only_where_some_are_left()
    {
        Assert.Equal("The PIN is wrong. Tries left: 2.", English.Of(new CardFault(CardFaultKind.PinWrong, 2)));
        Assert.DoesNotContain("Tries left", English.Of(new CardFault(CardFaultKind.PinLocked, 0)), StringComparison.Ordinal);
    }
}
