using EligibilityGateway.Contracts;
using EligibilityGateway.Demo.Pki;
using EligibilityGateway.Gateway.Cards;
using EligibilityGateway.Gateway.Snapshots;

namespace EligibilityGateway.LoadTests.Stand;

/// <summary>A card of the stand: its certificate is bound to a person, its key is here.</summary>
public sealed record StandCard(IssuedCard Issued)
{
    public Subject Subject { get; } = Subject.OfCard(CardKey.Of(Issued.Certificate), withClinicalFacts: false);
}

/// <summary>The numbers on somebody's eligibility certificate.</summary>
public sealed record StandDocument(string InsurerNumber, string Symbol, string Number, string? Branch, DateOnly BirthDate)
{
    /// <exception cref="MeasurementException">The store holds numbers that no document can bear.</exception>
    public Subject Subject
    {
        get
        {
            if (!Contracts.InsurerNumber.TryParse(InsurerNumber, out var insurer) || DocumentNumbers.TryParse(Symbol, Number, Branch, out var numbers) is not null)
                throw new MeasurementException("The store holds an eligibility certificate whose numbers can't be read.");
            return Subject.OfDocument(numbers.LookUpKey(insurer), numbers.Branch, BirthDate);
        }
    }
}
