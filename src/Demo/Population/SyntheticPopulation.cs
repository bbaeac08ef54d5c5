using EligibilityGateway.Gateway.Feeds.Insurers;
using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>
/// People who don't exist, in the shares and with the ties that real ones have: ages and households roughly as Japan's, families that
/// share symbol and number, insurers by age and work, cards and registrations as the ministry's figures have them. The same seed and index
/// give the same person, whoever asks for whom in which order, however many people there are.
/// </summary>
/// <param name="seed">Which population.</param>
/// <param name="people">How many; ids run from 1.</param>
/// <param name="cardOf">
/// Certificates of real cards: for an index it gives a certificate, that person has this card, in use and registered. Null, or null for
/// an index: a card, if any, whose certificate looks real and whose key nobody has.
/// </param>
public sealed class SyntheticPopulation(ulong seed, long people, Func<long, CertificateFacts?>? cardOf = null)
{
    /// <summary>How many people a demonstration has.</summary>
    public const long DefaultPeople = 200_000;

    /// <summary>The day on which the population is as it is: the demonstration's.</summary>
    public static readonly DateOnly Day = new(2026, 10, 15);

    public ulong Seed { get; } = seed;

    public long People { get; } = people;

    /// <summary>All insurers that a population may have, whatever its seed.</summary>
    public static IReadOnlyList<InsurerEntry> Insurers => SyntheticInsurers.All;

    /// <summary>One person, made without the others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is below 1 or above <see cref="People"/>.</exception>
    public SyntheticPerson Person(long index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, People);
        var place = HouseholdLayout.Of(Seed, index);
        return PersonMaker.Make(Seed, new Household(Seed, place, Day), (int)(index - place.FirstIndex), Day, cardOf);
    }

    /// <summary>Persons in the order of their index, household by household.</summary>
    /// <param name="first">Index of the first, from 1; the first of a block of <see cref="HouseholdLayout.BlockSize"/>.</param>
    /// <param name="count">How many; fewer where the population ends.</param>
    public IEnumerable<SyntheticPerson> Persons(long first, int count)
    {
        var last = Math.Min(People, first + count - 1);
        for (var block = (first - 1) / HouseholdLayout.BlockSize; block * HouseholdLayout.BlockSize < last; block++)
        {
            foreach (var place in HouseholdLayout.Block(Seed, block))
            {
                var household = new Household(Seed, place, Day);
                for (var position = 0; position < place.Size; position++)
                {
                    var index = place.FirstIndex + position;
                    if (index >= first && index <= last) yield return PersonMaker.Make(Seed, household, position, Day, cardOf);
                }
            }
        }
    }
}
