using EligibilityGateway.Rules.Facts;

namespace EligibilityGateway.Demo.Population;

/// <summary>One of a household; the head is the first.</summary>
internal readonly record struct HouseholdMember(FamilyRole Role, Sex Sex, DateOnly BirthDate)
{
    /// <summary>First day in the scheme for those of 75 and over: the birthday itself.</summary>
    public DateOnly LateElderlyFrom => BirthDate.AddYears(75);

    /// <summary>
    /// First day as elderly recipient (高齢受給者): the first of the month after the 70th birthday; for those born on a first, who
    /// reach the age the day before, the birthday itself.
    /// </summary>
    public DateOnly ElderlyRecipientFrom
    {
        get
        {
            var birthday = BirthDate.AddYears(70);
            return birthday.Day == 1 ? birthday : new DateOnly(birthday.Year, birthday.Month, 1).AddMonths(1);
        }
    }

    /// <summary>Completed years on that day.</summary>
    public int AgeOn(DateOnly day)
    {
        var age = day.Year - BirthDate.Year;
        return BirthDate.AddYears(age) > day ? age - 1 : age;
    }
}
