using System.CommandLine;
using System.Globalization;
using EligibilityGateway.Common;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;

namespace EligibilityGateway.Gateway.Operator;

/// <summary><c>gateway insurer review list|accept|refuse</c>: statements about persons that contradict another insurer's.</summary>
internal static class InsurerReviewCommand
{
    public static Command Create() => new("review", "What an insurer says of a person against what another says whose coverage is in force: held until it is decided here.")
    {
        List(),
        Decide("accept", "Brings a held statement into force, for the insurer that made it.", isAccepted: true),
        Decide("refuse", "Refuses a held statement for good; the insurer may hand in another one.", isAccepted: false),
    };

    private static Command List()
    {
        var postgres = StoreConnection.OptionOf("--operator", "eg_operator");
        var command = new Command("list", "Lists what is held, the oldest first.") { postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            var reviews = await StoreConnection.UseAsync(postgres.Name, arguments.GetRequiredValue(postgres), store => new PersonReviews(store).ListAsync(cancellation));
            foreach (var review in reviews) Console.WriteLine(LineOf(review));
            if (reviews.Count == 0) Console.WriteLine("Nothing is held.");
            return 0;
        });
        return command;
    }

    private static Command Decide(string name, string description, bool isAccepted)
    {
        var which = new Argument<long>("REVIEW") { Description = "Its number, as `gateway insurer review list` shows it." };
        var because = new Option<string>("--because") { Description = "Who was asked and what was found, at most 200 characters; it goes on record with your database login.", Required = true };
        var postgres = StoreConnection.OptionOf("--operator", "eg_operator");
        var command = new Command(name, description) { which, because, postgres };
        command.SetAction(async (arguments, cancellation) =>
        {
            var reason = OnRecord.ReasonIn(arguments.GetRequiredValue(because));
            var review = arguments.GetRequiredValue(which);
            var decision = await StoreConnection.UseAsync(
                postgres.Name, arguments.GetRequiredValue(postgres), store => new PersonReviews(store).DecideAsync(review, isAccepted, reason, cancellation));
            Console.WriteLine(decision switch
            {
                ReviewDecision.Done => isAccepted ? $"Review {review}: the statement is in force." : $"Review {review}: the statement is refused.",
                ReviewDecision.Unknown => throw new SettingsException($"There is no review {review}: look at `gateway insurer review list`."),
                ReviewDecision.DecidedBefore => throw new SettingsException($"Review {review} was decided before, and stays so."),
                _ => throw new SettingsException($"The insurer has said something newer than review {review}, which is in force: refuse the review."),
            });
            return 0;
        });
        return command;
    }

    private static string LineOf(PersonReview review) => string.Create(CultureInfo.InvariantCulture,
        $"review {review.Id}: since {review.HeldAt:yyyy-MM-dd HH:mm'Z'}, batch {review.Batch} line {review.Line}, person {review.Person}: {review.Insurer} says born {JapanTime.Format(review.BirthDate)}, sex {(int)review.Sex}; {review.Against} says born {JapanTime.Format(review.TheirBirthDate)}, sex {(int)review.TheirSex}");
}
