using System.Globalization;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Gateway.Feeds.Insurers.Batches;
using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Gateway.Feeds.Expenses;

/// <summary>Reads a row, and tells all that can be seen to be wrong with it without asking the store.</summary>
/// <param name="header">The file's columns.</param>
/// <param name="insurers">Whose file it is.</param>
/// <param name="today">In Japan.</param>
/// <param name="tell">Is given each fault.</param>
internal sealed class ExpenseParser(ExpenseHeader header, IReadOnlySet<InsurerNumber> insurers, DateOnly today, Action<FeedFault> tell)
{
    private const int MaxNameLength = 100;
    private const int MaxDays = 999;

    // A claim of a month has never been near it; a slip of digits is.
    private const int MaxYen = 1_000_000_000;

    // The health insurance act.
    private static readonly DateOnly Earliest = new(1922, 1, 1);

    private static readonly ExpenseColumn[] Columns = Enum.GetValues<ExpenseColumn>();

    private readonly HashSet<string> _doubtful = [];

    private FeedFields _fields = null!;
    private ExpenseKind _kind = null!;
    private ExpenseRow _row = null!;

    /// <summary>Null where it can't even be said what the row is about.</summary>
    public ExpenseRow? Parse(FeedFields fields, long line)
    {
        _fields = fields;
        if (fields.Count != header.Fields)
        {
            tell(FeedFault.Error(line, "", $"has {Counted.Of(fields.Count, "field")} where the header has {header.Fields}"));
            return null;
        }
        if (ExpenseKind.Parse(Value(ExpenseColumn.Kind)) is not { } kind)
        {
            tell(FeedFault.Error(line, ExpenseHeader.NameOf(ExpenseColumn.Kind), "is no kind of row: it is one of " + string.Join(", ", ExpenseKind.All.Select(known => known.Name))));
            return null;
        }
        (_kind, _row) = (kind, new ExpenseRow { Line = (int)line, Action = kind.Action });
        foreach (var column in Columns)
        {
            if (Value(column).IsEmpty && kind.MustHave(column)) Fault(column, "is missing");
            else if (!Value(column).IsEmpty && !kind.Takes(column)) Fault(column, $"a {kind.Name} row has no such value: leave it empty");
        }
        ReadWho();
        ReadCare();
        ReadAmounts();
        return _row.Sequence == 0 || _row.Insurer.Length == 0 || (kind.MustHave(ExpenseColumn.Fact) && (_row.PersonId == 0 || _row.ExpenseId == 0)) ? null : _row;
    }

    private void ReadWho()
    {
        _row.Sequence = Number(ExpenseColumn.Sequence, long.MaxValue) ?? 0;
        _row.PersonId = Number(ExpenseColumn.Person, FeedValues.MaxPerson) ?? 0;
        _row.ExpenseId = Number(ExpenseColumn.Fact, long.MaxValue) ?? 0;
        var given = Value(ExpenseColumn.Insurer);
        if (given.IsEmpty) return;
        if (!InsurerNumber.TryParse(given.ToString(), out var insurer) || !insurers.Contains(insurer))
        {
            Fault(ExpenseColumn.Insurer, "this file is not that insurer's: name each of its insurers with --insurer");
            return;
        }
        _row.Insurer = insurer.ToString();
        if (!insurer.CheckDigitFits) Doubt(ExpenseColumn.Insurer, _row.Insurer, "the check digit of this insurer number is wrong");
    }

    private void ReadCare()
    {
        _row.Month = Month();
        if (Has(ExpenseColumn.Institution, out var code))
        {
            _row.InstitutionCode = code.ToString();
            if (code.Length != InstitutionCode.Length || code.ContainsAnyExceptInRange('0', '9')) Fault(ExpenseColumn.Institution, "is no institution code of ten digits");
            else if (!InstitutionCode.TryParse(_row.InstitutionCode, out _)) Doubt(ExpenseColumn.Institution, _row.InstitutionCode, "the prefecture or the check digit of this institution code is wrong");
        }
        if (Has(ExpenseColumn.InstitutionName, out var name))
        {
            _row.InstitutionName = name.ToString();
            if (FeedValues.TextFault(_row.InstitutionName, MaxNameLength) is { } fault) Fault(ExpenseColumn.InstitutionName, fault);
            if (WrittenText.HoldsPrivateUse(_row.InstitutionName)) tell(FeedFault.PrivateUse(_row.Line, ExpenseHeader.NameOf(ExpenseColumn.InstitutionName)));
        }
        if (Has(ExpenseColumn.Setting, out var setting))
        {
            if (CareSettings.Parse(setting) is { } known) _row.Setting = (short)known;
            else Fault(ExpenseColumn.Setting, "is none of " + string.Join(", ", CareSettings.Names));
        }
        _row.Days = (short?)Whole(ExpenseColumn.Days, 0, MaxDays);
        ReadPayment();
    }

    private void ReadPayment()
    {
        if (!Has(ExpenseColumn.PaidOn, out var given)) return;
        if (!FeedDay.TryParse(given, out var day)) Fault(ExpenseColumn.PaidOn, FeedValues.NoDay);
        else if (day > today) Fault(ExpenseColumn.PaidOn, "lies ahead");
        else if (day < Earliest) Fault(ExpenseColumn.PaidOn, "lies before 1922");
        else
        {
            _row.PaidOn = day;
            if (day < _row.Month) Warn(ExpenseColumn.PaidOn, "lies before the month of treatment");
        }
    }

    private void ReadAmounts()
    {
        if (_kind.Action != ExpenseAction.State) return;
        _row.TotalCost = Yen(ExpenseColumn.TotalCost);
        _row.InsurerPaid = Yen(ExpenseColumn.InsurerPaid);
        _row.PublicPaid = Yen(ExpenseColumn.PublicPaid);
        _row.PatientPaid = Yen(ExpenseColumn.PatientPaid);
        _row.Reimbursed = Yen(ExpenseColumn.Reimbursed) ?? 0;
        if (_row is not { TotalCost: { } total, InsurerPaid: { } insurer, PublicPaid: { } aid, PatientPaid: { } patient, Reimbursed: { } reimbursed }) return;
        int[] all = [total, insurer, aid, patient, reimbursed];
        if (all.Any(yen => yen < 0) && all.Any(yen => yen > 0)) Fault(ExpenseColumn.TotalCost, "some amounts of this row are negative and some are not: an adjustment that takes back has all of them negative");
        // Of a stay the patient's part holds meals too, which the cost may not.
        else if ((long)insurer + aid + patient != total && _row.Setting != (short)CareSetting.Inpatient) Warn(ExpenseColumn.TotalCost, "insurer_paid, public_paid and patient_paid don't add up to it");
        if (Math.Abs((long)reimbursed) > Math.Abs((long)patient)) Warn(ExpenseColumn.Reimbursed, "is more than patient_paid: no more than that is set off");
    }

    private DateOnly? Month()
    {
        if (!Has(ExpenseColumn.Month, out var value)) return null;
        if (!DateOnly.TryParseExact(value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            && !DateOnly.TryParseExact(value, "yyyyMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out month))
        {
            Fault(ExpenseColumn.Month, "is no month that there is: write 2026-04 or 202604");
            return null;
        }
        if (month < Earliest) Fault(ExpenseColumn.Month, "lies before 1922");
        else if (month > today) Fault(ExpenseColumn.Month, "lies ahead");
        else if (_kind.Action == ExpenseAction.CompleteMonth && month.AddMonths(1) > today) Fault(ExpenseColumn.Month, "is not over yet: no month is complete before its end");
        return month;
    }

    private int? Yen(ExpenseColumn column) => Whole(column, -MaxYen, MaxYen);

    private int? Whole(ExpenseColumn column, int least, int most)
    {
        if (!Has(column, out var value)) return null;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Fault(column, string.Create(CultureInfo.InvariantCulture, $"is no whole number from {least} to {most}"));
        return null;
    }

    private long? Number(ExpenseColumn column, long most)
    {
        if (!Has(column, out var value)) return null;
        if (FeedValues.TryNumber(value, most, out var number)) return number;
        Fault(column, FeedValues.NumberFault(value, most, mayBeMyNumber: column == ExpenseColumn.Person));
        return null;
    }

    private ReadOnlySpan<char> Value(ExpenseColumn column) => header.ValueOf(_fields, column);

    /// <summary>The value where the row's kind takes one and has one.</summary>
    private bool Has(ExpenseColumn column, out ReadOnlySpan<char> value)
    {
        value = _kind.Takes(column) ? Value(column) : default;
        return !value.IsEmpty;
    }

    /// <summary>A warning that is given once for each value.</summary>
    private void Doubt(ExpenseColumn column, string value, string reason)
    {
        if (_doubtful.Add(value)) Warn(column, reason);
    }

    private void Warn(ExpenseColumn column, string reason) => tell(new FeedFault(FeedSeverity.Warning, _row.Line, ExpenseHeader.NameOf(column), reason));

    private void Fault(ExpenseColumn column, string reason)
    {
        _row.Faulty = true;
        tell(FeedFault.Error(_row.Line, ExpenseHeader.NameOf(column), reason));
    }
}
