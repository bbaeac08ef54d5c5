namespace EligibilityGateway.Rules.Eligibility;

/// <summary>Which of an insurer's judgements of one matter counts where several do on a day: a ratio, a class, a limit.</summary>
internal static class Judgement
{
    /// <summary>
    /// Its rank: the greatest counts. The latest judgement wins: the one from the later day on; of two from one day on, the one issued later.
    /// Two that tie there contradict each other, and the patient's side counts, since a share charged too low can be claimed later, and one
    /// charged too high is out of the patient's pocket today. Of two that say the same the longer one is told.
    /// </summary>
    /// <param name="validFrom">First day.</param>
    /// <param name="issuedOn">Day on which it was issued.</param>
    /// <param name="forThePatient">What it says, as a number that is greater the less the patient pays by it.</param>
    /// <param name="validUntil">Last day; null while open.</param>
    public static (DateOnly, DateOnly, int, DateOnly) RankOf(DateOnly validFrom, DateOnly issuedOn, int forThePatient, DateOnly? validUntil) =>
        (validFrom, issuedOn, forThePatient, validUntil ?? DateOnly.MaxValue);
}
