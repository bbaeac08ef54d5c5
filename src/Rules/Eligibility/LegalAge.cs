namespace EligibilityGateway.Rules.Eligibility;

/// <summary>
/// Ages as the law counts them: an age is reached at the end of the day before the birthday (年齢計算ニ関スル法律, Civil Code art. 143).
/// </summary>
public static class LegalAge
{
    /// <summary>The day on which a person reaches the age: the day before the birthday.</summary>
    public static DateOnly ReachedOn(DateOnly birthDate, int years)
    {
        var year = birthDate.Year + years;
        // Born on 29 February: a common year has no such day, and the year of life ends with the last day of the month
        // (Civil Code art. 143 (2)), which is also the day before the birthday in a leap year.
        if (birthDate is { Month: 2, Day: 29 }) return new DateOnly(year, 2, 28);
        return new DateOnly(year, birthDate.Month, birthDate.Day).AddDays(-1);
    }

    /// <summary>The day from which a person is in the scheme for those of 75 and over: the birthday itself.</summary>
    public static DateOnly Birthday75(DateOnly birthDate) => ReachedOn(birthDate, 75).AddDays(1);

    /// <summary>
    /// Last day of the preschool share: the first 31 March on or after the day on which 6 is reached. Who is born on 1 April reaches 6
    /// on a 31 March, and so goes to school a year before who is born on 2 April.
    /// </summary>
    public static DateOnly PreschoolUntil(DateOnly birthDate)
    {
        var reached = ReachedOn(birthDate, 6);
        return new DateOnly(reached.Month <= 3 ? reached.Year : reached.Year + 1, 3, 31);
    }

    /// <summary>
    /// First day as elderly recipient (高齢受給者): the 1st of the month after the month in which 70 is reached. Who is born on the 1st
    /// reaches 70 in the month before, and so begins in the month of the birthday.
    /// </summary>
    public static DateOnly ElderlyRecipientFrom(DateOnly birthDate)
    {
        var reached = ReachedOn(birthDate, 70);
        return new DateOnly(reached.Year, reached.Month, 1).AddMonths(1);
    }
}
