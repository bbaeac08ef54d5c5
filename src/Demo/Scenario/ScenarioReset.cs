using Dapper;
using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Charges;
using EligibilityGateway.Gateway.Feeds.CardOffice;
using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Gateway.Storage;
using EligibilityGateway.Rules.Applications;
using EligibilityGateway.Rules.Cards;
using EligibilityGateway.Rules.Facts;
using Npgsql;

namespace EligibilityGateway.Demo.Scenario;

/// <summary>
/// Puts the scenario's own persons and cards to their opening state, by the normal writes of insurers, card office and sites. Access
/// records stay, and an application goes on from where it has come.
/// </summary>
public sealed class ScenarioReset(
    ScenarioFile scenario, InsurerFeed insurers, CardOfficeFeed cardOffice, ApplicationFeed applications, DemoCardAuthority authority, NpgsqlDataSource gateway)
{
    // Far above any population's.
    private const long FirstPersonId = 9_000_000_001;
    private const int FactsOfOne = 10;

    private readonly Dictionary<string, Guid> _cardKeys = [];

    /// <summary>The store's key of the card of that name; known after <see cref="RunAsync"/>.</summary>
    public Guid CardKeyOf(string name) => _cardKeys[name];

    /// <exception cref="ScenarioException">A feed would not take it.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (await insurers.DeliverAsync(Delivery(), cancellation) is DeliveryOutcome.Refused refused)
            throw new ScenarioException($"The scenario's facts were refused: {refused.Fault}, {refused.Kind} {refused.Id}.");
        var anchors = TrustAnchors.Load(authority.AnchorsFolder);
        for (var n = 0; n < scenario.Persons.Count; n++)
            foreach (var card in scenario.Persons[n].Cards) await PutCardAsync(FirstPersonId + n, card, anchors, cancellation);
        await applications.ReportAsync([.. scenario.Applications.Select(Entry)], cancellation);
        await TakeChargesBackAsync(cancellation);
    }

    private static ApplicationEntry Entry(ScenarioApplication application) => new(
        CardApplicationId.TryParse(application.Id, out var id) ? id : throw new ScenarioException($"{application.Id} is no application id."),
        application.Born, new ApplicationReport(application.Step, application.On, ""));

    // What an earlier run, that was cut off, has reported.
    private async Task TakeChargesBackAsync(CancellationToken cancellation)
    {
        const string left = """
            SELECT terminal_id, charge_id FROM charge WHERE person_id BETWEEN @first AND @last AND counts_until IS NOT NULL
            EXCEPT SELECT terminal_id, charge_id FROM charge WHERE counts_until IS NULL
            """;
        await using var connection = await gateway.OpenPatientlyAsync(cancellation);
        var charges = await connection.QueryAsync<(Guid Terminal, Guid Charge)>(
            new CommandDefinition(left, new { first = FirstPersonId, last = FirstPersonId + scenario.Persons.Count }, cancellationToken: cancellation));
        var ledger = new ChargeLedger(gateway, TimeProvider.System);
        foreach (var (terminal, charge) in charges) await ledger.TakeBackAsync(terminal, charge, cancellation);
    }

    private async Task PutCardAsync(long personId, ScenarioCard card, TrustAnchors anchors, CancellationToken cancellation)
    {
        if (card is not { From: { } from, Until: { } until })
        {
            authority.EnsureCardWithoutCertificate(card.Name);
            return;
        }
        var token = card.Carrier == CardCarrier.Phone ? CardFile.Phone : CardFile.Plastic;
        var file = authority.EnsureCard(card.Name, At(from, new TimeOnly(9, 0)), At(until, new TimeOnly(23, 59, 59)), token: token);
        if (CertificateInspection.Of(file.Certificate, anchors) is not CertificateInspection.Passed { Facts: var facts })
            throw new ScenarioException($"The certificate of the card {card.Name} does not pass the inspection.");
        _cardKeys[card.Name] = facts.CardKey;
        var opening = new CardState(card.Status, facts.NotBefore, card.Registered, card.Registered ? RegistrationChannel.Portal : null, card.LastDay, card.Term);
        var outcome = await cardOffice.BindAsync(personId, facts, card.Carrier, opening, cancellation);
        if (outcome == CardOfficeOutcome.AlreadySo) outcome = await cardOffice.CorrectAsync(facts.CardKey, opening, cancellation);
        if (outcome is not (CardOfficeOutcome.Done or CardOfficeOutcome.AlreadySo))
            throw new ScenarioException($"The card {card.Name} was refused: {outcome}.");
    }

    private InsurerDelivery Delivery()
    {
        var persons = scenario.Persons.Select((person, n) => (Person: person, Id: FirstPersonId + n)).ToList();
        return new InsurerDelivery
        {
            Insurers = [.. scenario.Insurers.Select(insurer => new InsurerEntry(Number(insurer.Number), insurer.Name))],
            Persons =
            [
                .. persons.Select(p => new PersonEntry(
                    p.Id, p.Person.Born, p.Person.Name, p.Person.NameKana, p.Person.OtherName, p.Person.Sex, p.Person.Born, "東京都見本区見本町1丁目1番1号", "100-0001")),
            ],
            Coverages = [.. persons.SelectMany(p => p.Person.Coverages.Select((coverage, n) => Coverage(p.Person, p.Id, coverage, n)))],
            Burdens =
            [
                .. persons.SelectMany(p => p.Person.Burdens.Select((burden, n) => new BurdenEntry(
                    Fact(p.Id, n), p.Id, LastCoverage(p.Person, p.Id), burden.Percent, burden.From, burden.From, burden.Until))),
            ],
            Limits =
            [
                .. persons.SelectMany(p => p.Person.Limits.Select((limit, n) => new LimitEntry(
                    Fact(p.Id, n), p.Id, LastCoverage(p.Person, p.Id), limit.CertificateClass, limit.Class, limit.From, limit.From, limit.Until, null))),
            ],
            SpecificDiseases =
            [
                .. persons.SelectMany(p => p.Person.SpecificDiseases.Select((disease, n) => new SpecificDiseaseEntry(
                    Fact(p.Id, n), p.Id, LastCoverage(p.Person, p.Id), disease.Category, disease.MonthlyLimitYen, disease.From, disease.From, null))),
            ],
            EligibilityCertificates =
            [
                .. persons.SelectMany(p => p.Person.EligibilityCertificates.Select((certificate, n) => new EligibilityCertificateEntry(
                    Fact(p.Id, n), p.Id, LastCoverage(p.Person, p.Id), certificate.Issued, certificate.Until))),
            ],
            WithheldLimits =
            [
                .. persons.SelectMany(p => p.Person.WithheldLimits.Select((withheld, n) => new WithheldLimitEntry(
                    Fact(p.Id, n), p.Id, LastCoverage(p.Person, p.Id), withheld.From, null))),
            ],
            MedicalTickets =
            [
                .. persons.SelectMany(p => p.Person.MedicalTickets.Select((ticket, n) => new MedicalTicketEntry(
                    Fact(p.Id, n), p.Id, LastCoverage(p.Person, p.Id), ticket.Month, ticket.Month.AddMonths(1).AddDays(-1), ticket.Month,
                    InstitutionCode.Parse(ticket.Institution), null, ticket.SelfPayYen, new TicketDetails { InstitutionName = "見本総合病院" }))),
            ],
            ClinicalFacts =
            [
                .. persons.SelectMany(p => p.Person.ClinicalFacts.Select((fact, n) => new ClinicalEntry(
                    Fact(p.Id, n), p.Id, fact.Kind, fact.On, fact.What, fact.Institution))),
            ],
        };
    }

    private static CoverageEntry Coverage(ScenarioPerson person, long personId, ScenarioCoverage coverage, int n)
    {
        if (DocumentNumbers.TryParse(coverage.Symbol, coverage.Number, coverage.Branch, out var numbers) is { } fault)
            throw new ScenarioException($"The scenario, person \"{person.Key}\": the {fault} of a coverage can't be one.");
        return new CoverageEntry(
            Fact(personId, n), personId, Number(coverage.Insurer), coverage.Classification, numbers, coverage.Relation, "", coverage.Acquired, coverage.Lost,
            coverage.Lost is null ? null : (short)99);
    }

    private static long LastCoverage(ScenarioPerson person, long personId) => Fact(personId, person.Coverages.Count - 1);

    private static long Fact(long personId, int n) => personId * FactsOfOne + n;

    private static InsurerNumber Number(string digits) =>
        InsurerNumber.TryParse(digits, out var number) ? number : throw new ScenarioException($"{digits} is no insurer number.");

    private static DateTimeOffset At(DateOnly day, TimeOnly time) => new(day.ToDateTime(time), JapanTime.Offset);
}
