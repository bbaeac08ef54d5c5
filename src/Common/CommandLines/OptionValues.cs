using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace EligibilityGateway.Common.CommandLines;

/// <summary>Options of other types than text. A value that is none is said so in one sentence, in the operator's words.</summary>
public static class OptionValues
{
    /// <summary>An option that takes a whole number.</summary>
    public static Option<T> WholeNumber<T>(string name, string description, T unlessSaid, T least, T most)
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            DefaultValueFactory = _ => unlessSaid,
            CustomParser = result =>
            {
                if (T.TryParse(Typed(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is a whole number from {least:N0} to {most:N0}."));
                return default;
            },
        };

    /// <summary>An option that takes a number above zero, or zero where that says something.</summary>
    public static Option<double> PositiveNumber(string name, string description, double unlessSaid, bool orZero = false) => new(name)
    {
        Description = description,
        HelpName = "number",
        DefaultValueFactory = _ => unlessSaid,
        CustomParser = result =>
        {
            if (double.TryParse(Typed(result), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (number > 0 || (orZero && number == 0)) && double.IsFinite(number)) return number;
            result.AddError($"{name} is a number above zero{(orZero ? ", or zero" : "")}.");
            return default;
        },
    };

    /// <summary>Only these words.</summary>
    public static Option<string> OneOf(this Option<string> option, params string[] words)
    {
        option.HelpName = string.Join('|', words);
        option.CompletionSources.Add(words);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !words.Contains(token.Value))) result.AddError($"{option.Name} is one of: {string.Join(", ", words)}.");
        });
        return option;
    }

    private static string Typed(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
}
