using EligibilityGateway.Common;

namespace EligibilityGateway.Gateway.Startup;

/// <summary>
/// Takes what the checks before serving find. The same checks are run by a gateway that starts, which ends at the first fault, and by
/// <c>gateway check</c>, which tells of all.
/// </summary>
/// <param name="take">Is given each finding; what it throws ends the checks.</param>
internal sealed class CheckReport(Action<CheckFinding> take)
{
    public void Good(string subject, string text) => take(new CheckFinding(FindingKind.Good, subject, text));

    public void Note(string subject, string text) => take(new CheckFinding(FindingKind.Note, subject, text));

    /// <summary>What is looked for; null where it is no good, which is told then.</summary>
    /// <param name="subject">What is looked at.</param>
    /// <param name="look">Gives it, or says in a <see cref="SettingsException"/> why it can't be used.</param>
    /// <param name="good">What is told of it otherwise.</param>
    public T? Look<T>(string subject, Func<T> look, Func<T, string> good)
        where T : class
    {
        T found;
        try
        {
            found = look();
        }
        catch (SettingsException e)
        {
            Wrong(subject, e);
            return null;
        }
        Good(subject, good(found));
        return found;
    }

    /// <summary>Tells of one thing.</summary>
    /// <param name="subject">What is looked at.</param>
    /// <param name="look">Says what is good about it, or in a <see cref="SettingsException"/> what is not.</param>
    public void Look(string subject, Func<string> look) => Look(subject, look, text => text);

    /// <summary>The same for what takes its time.</summary>
    public async Task LookAsync(string subject, Func<Task<string>> look)
    {
        string text;
        try
        {
            text = await look();
        }
        catch (SettingsException e)
        {
            Wrong(subject, e);
            return;
        }
        Good(subject, text);
    }

    private void Wrong(string subject, SettingsException fault) => take(new CheckFinding(FindingKind.Wrong, subject, fault.Message));
}
