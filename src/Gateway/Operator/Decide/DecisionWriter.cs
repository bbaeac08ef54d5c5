using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.HighCost;
using EligibilityGateway.Rules.Households;
using EligibilityGateway.Rules.Remedies;

namespace EligibilityGateway.Gateway.Operator.Decide;

/// <summary>Writes one line of answer: docs/decide.md has its fields.</summary>
internal sealed class DecisionWriter(bool inJapanese) : IDisposable
{
    private static readonly Dictionary<Reason, string> ReasonCodes =
        Enum.GetValues<Reason>().ToDictionary(reason => reason, reason => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()));

    private readonly ArrayBufferWriter<byte> _lines = new(64 << 10);

    // A line counts once it has its end: one that is broken off leaves nothing.
    private readonly ArrayBufferWriter<byte> _line = new(4 << 10);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public ReadOnlyMemory<byte> Written => _lines.WrittenMemory;

    /// <param name="id">Of the line.</param>
    /// <param name="household">What was decided on.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="coverageId">The id of the coverage that counts; not looked at where none or several do.</param>
    public void Write(SentId id, Household household, Decision decision, SentId coverageId)
    {
        Begin(id);
        _json.WriteString("validity", NameOf(decision.Validity));
        WriteCoverage(decision, coverageId);
        WriteNumber("burden_percent", decision.BurdenPercent);
        _json.WriteString("limit_class", decision.LimitClass);
        WriteReason(decision);
        if (decision.Charges is { } charges) WriteCharges(decision.Terms, charges);
        else _json.WriteNull("charges");
        if (decision.Month is { } month) WriteMonth(month);
        else _json.WriteNull("month");
        if (decision.Year is { } year) WriteYear(year);
        _json.WriteStartArray("explanation");
        foreach (var line in Explanation.Of(household, decision, inJapanese)) _json.WriteStringValue(line);
        _json.WriteEndArray();
        End();
    }

    public void WriteError(SentId id, long line, string field, string message)
    {
        Begin(id);
        if (id.Kind is SentIdKind.None or SentIdKind.Unreadable) _json.WriteNumber("line", line);
        _json.WriteStartObject("error");
        _json.WriteString("field", field);
        _json.WriteString("message", message);
        _json.WriteEndObject();
        End();
    }

    public void Dispose() => _json.Dispose();

    private void Begin(SentId id)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WritePropertyName("id");
        id.WriteTo(_json);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _lines.Write(_line.WrittenSpan);
        _lines.Write("\n"u8);
    }

    private void WriteCoverage(Decision decision, SentId coverageId)
    {
        _json.WritePropertyName("coverage_id");
        if (decision.CoverageIndex >= 0) coverageId.WriteTo(_json);
        else _json.WriteNullValue();
    }

    private void WriteReason(Decision decision)
    {
        var (reason, who) = decision switch
        {
            { Reason: not Reason.Unspecified } => (ReasonCodes[decision.Reason], WhoOf(RemedyCatalogue.For(decision.Reason).Mender)),
            { Doubt: AmountDoubt.LimitNotGiven } => ("limit_not_given", "patient"),
            { Doubt: AmountDoubt.LimitNotDecided } => ("limit_not_decided", "operator"),
            { Doubt: AmountDoubt.PaysAllFirst } => ("pays_all_first", "patient"),
            { Doubt: AmountDoubt.TicketSays } => (ReasonCodes[Reason.TicketNotRegistered], WhoOf(RemedyCatalogue.For(Reason.TicketNotRegistered).Mender)),
            { Doubt: AmountDoubt.BillNotCovered } => ("bill_not_covered", "insurer"),
            _ => (null, null),
        };
        _json.WriteString("reason", reason);
        if (who is null)
        {
            _json.WriteNull("remedy");
            return;
        }
        _json.WriteStartObject("remedy");
        _json.WriteString("who", who);
        _json.WriteString("code", reason);
        _json.WriteEndObject();
    }

    private void WriteCharges(BillTerms[] terms, BillCharge[] charges)
    {
        _json.WriteStartArray("charges");
        for (var i = 0; i < charges.Length; i++)
        {
            _json.WriteStartObject();
            WriteNumber("share", terms[i].IsCovered ? charges[i].Share : null);
            WriteNumber("charged", terms[i] is { IsCovered: true, IsAssisted: false } ? charges[i].Charged : null);
            WriteNumber("left_to_limit", charges[i].LeftToLimit);
            if (charges[i].ToAssistance is { } toAssistance) _json.WriteNumber("to_assistance", toAssistance);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteMonth(MonthOutcome month)
    {
        _json.WriteStartObject("month");
        _json.WriteNumber("shares", month.Shares);
        _json.WriteNumber("charged", month.Charged);
        WriteNumber("refund_expected", month.RefundExpected);
        WriteNumber("final_burden", month.FinalBurden);
        _json.WriteEndObject();
    }

    private void WriteYear(YearOutcome year)
    {
        _json.WriteStartObject("annual");
        WriteNumber("outpatient_cap", year.OutpatientCap);
        _json.WriteNumber("outpatient_over", year.OutpatientOver);
        WriteNumber("cap", year.Cap);
        _json.WriteNumber("over", year.Over);
        _json.WriteEndObject();
    }

    private void WriteNumber(string name, long? value)
    {
        if (value is { } known) _json.WriteNumber(name, known);
        else _json.WriteNull(name);
    }

    private static string NameOf(Validity validity) => validity switch
    {
        Validity.Valid => "valid",
        Validity.Invalid => "invalid",
        Validity.InvalidNewerExists => "invalid_newer_exists",
        Validity.NotFound => "not_found",
        Validity.Multiple => "multiple",
        _ => throw new ArgumentOutOfRangeException(nameof(validity), validity, "Rules decide no such validity."),
    };

    private static string WhoOf(Mender mender) => mender switch
    {
        Mender.Patient => "patient",
        Mender.Insurer => "insurer",
        Mender.Site => "site",
        Mender.CardOffice => "card_office",
        _ => "operator",
    };
}
