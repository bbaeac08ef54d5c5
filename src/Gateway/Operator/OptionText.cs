using EligibilityGateway.Common;
using EligibilityGateway.Contracts;

namespace EligibilityGateway.Gateway.Operator;

/// <summary>What several commands read from an option's text, each with one error that names the option and says how it is written.</summary>
internal static class OptionText
{
    /// <exception cref="SettingsException">It is no day.</exception>
    public static DateOnly DayIn(string option, string text) =>
        JapanTime.TryParseDate(text, out var day) ? day : throw new SettingsException($"{option} is no day that exists: write it as yyyy-MM-dd.");

    /// <exception cref="SettingsException">It is no institution's code.</exception>
    public static InstitutionCode InstitutionIn(string option, string text) =>
        InstitutionCode.TryParse(text, out var code) ? code : throw new SettingsException($"{option} is no institution's code: {InstitutionCode.FaultOf(text)}.");
}
