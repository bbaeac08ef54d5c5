using System.Globalization;
using EligibilityGateway.Common.CommandLines;
using EligibilityGateway.Contracts;
using EligibilityGateway.Contracts.V1;
using EligibilityGateway.Rules.Eligibility.Policies;
using EligibilityGateway.Rules.Facts;
using EligibilityGateway.Rules.HighCost;

namespace EligibilityGateway.Gateway.Feeds.Insurers.Batches;

/// <summary>Reads a row, and tells all that can be seen to be wrong with it without asking the store.</summary>
/// <param name="header">The file's columns.</param>
/// <param name="insurers">Whose batch it is.</param>
/// <param name="today">In Japan.</param>
/// <param name="tell">Is given each fault.</param>
internal sealed class ChangeParser(FeedHeader header, IReadOnlySet<InsurerNumber> insurers, DateOnly today, Action<FeedFault> tell)
{
    // Meiji 1; nobody insured today was born before.
    private static readonly DateOnly Earliest = new(1868, 1, 1);

    // A certificate counts for five years at most, and nothing else is decided so far ahead.
    private readonly DateOnly _latest = today.AddYears(10);

    // Its number is the recipient's (受給者番号): known, not read in a public text, so that another one is a warning.
    private const string MedicalAssistance = "A1";
    private const int RecipientDigits = 7;

    private FeedFields _fields = null!;
    private RowKind _kind = null!;
    private int _line;
    private bool _good;

    /// <summary>Null where it can't even be said what the row is about.</summary>
    public Change? Parse(FeedFields fields, long line)
    {
        (_fields, _line, _good) = (fields, (int)line, true);
        if (fields.Count != header.Fields)
        {
            tell(FeedFault.Unreadable(line, $"has {Counted.Of(fields.Count, "field")} where the header has {header.Fields}"));
            return null;
        }
        if (RowKind.Parse(Value(FeedColumn.Kind)) is not { } kind)
        {
            Fault(FeedColumn.Kind, "is no kind of row: it is one of " + string.Join(", ", RowKind.All.Select(known => known.Name)));
            return null;
        }
        _kind = kind;
        for (var column = default(FeedColumn); (int)column < FeedColumns.Count; column++)
        {
            if (Value(column).IsEmpty)
            {
                if (column <= FeedColumn.Person || kind.MustHave(column)) Fault(column, "is missing", FindingCode.Missing);
            }
            else if (!kind.Takes(column))
            {
                Fault(column, $"a {kind.Name} row has no such value: leave it empty");
            }
        }
        var change = new Change { Line = _line, Fact = kind.Fact, Action = kind.Action };
        ReadWho(change);
        switch (kind.Action is RowAction.End ? default : kind.Fact)
        {
            case FactKind.Person: ReadPerson(change); break;
            case FactKind.Coverage: ReadCoverage(change); break;
            case FactKind.Burden or FactKind.Limit or FactKind.SpecificDisease or FactKind.EligibilityCertificate or FactKind.WithheldLimit: ReadWhatHangsOnACoverage(change); break;
            case FactKind.MedicalTicket: ReadTicket(change); break;
            default: break;
        }
        if (kind.Action == RowAction.End) ReadEnd(change);
        if (kind.Action == RowAction.Withdrawal) change.Fact = Withdrawn();
        change.Faulty = !_good;
        // Without a fact it can't be found by others either.
        return change.FactId == 0 || change.PersonId == 0 || change.Sequence == 0 || change.Fact == default ? null : change;
    }

    private void ReadWho(Change change)
    {
        change.Sequence = Number(FeedColumn.Sequence, long.MaxValue) ?? 0;
        if (InsurerNumber.TryParse(Value(FeedColumn.Insurer).ToString(), out var insurer) && insurers.Contains(insurer)) change.InsurerNumber = insurer.ToString();
        else if (!Value(FeedColumn.Insurer).IsEmpty) Fault(FeedColumn.Insurer, "this batch is not that insurer's: its insurers are named with it", FindingCode.NotYours);
        change.PersonId = Number(FeedColumn.Person, FeedValues.MaxPerson) ?? 0;
        change.FactId = _kind.Fact == FactKind.Person ? change.PersonId : Number(FeedColumn.Fact, long.MaxValue) ?? 0;
    }

    private void ReadPerson(Change change)
    {
        change.ValidFrom = Date(FeedColumn.ValidFrom);
        change.Name = Text(FeedColumn.Name, DeliveryCheck.MaxNameLength);
        change.NameKana = Kana(FeedColumn.Kana);
        change.OtherName = Text(FeedColumn.Alias, DeliveryCheck.MaxNameLength);
        change.OtherNameKana = Kana(FeedColumn.AliasKana);
        change.Sex = Code(FeedColumn.Sex, ["1", "2", "3"]) is { } sex ? Short(sex) : null;
        change.SexOnDocument = Code(FeedColumn.SexOnDocument, ["1", "2", "3"]) is { } shown ? Short(shown) : null;
        change.BirthDate = Date(FeedColumn.BirthDate);
        if (change.BirthDate > today) Fault(FeedColumn.BirthDate, "lies ahead");
        change.Address = Text(FeedColumn.Address, DeliveryCheck.MaxTextLength);
        change.PostCode = Text(FeedColumn.PostCode, DeliveryCheck.MaxNameLength);
    }

    private void ReadCoverage(Change change)
    {
        change.Classification = Code(FeedColumn.Classification, ClassificationPolicy.Codes);
        var fault = DocumentNumbers.TryParse(
            Value(FeedColumn.Symbol).ToString(), Value(FeedColumn.Number).ToString(), Value(FeedColumn.Branch).ToString(), out var numbers);
        if (fault is { } part && !(part == DocumentNumbersFault.Number && Value(FeedColumn.Number).IsEmpty))
        {
            var (column, reason) = part switch
            {
                DocumentNumbersFault.Symbol => (FeedColumn.Symbol, "is longer than 20 characters, or holds one that no document has"),
                DocumentNumbersFault.Number => (FeedColumn.Number, "is longer than 20 characters, or holds one that no document has"),
                _ => (FeedColumn.Branch, "is not two digits"),
            };
            Fault(column, reason);
        }
        (change.Symbol, change.Number, change.Branch) = (numbers.Symbol, numbers.Number, numbers.Branch);
        WarnOfPrivateUse(FeedColumn.Symbol, numbers.Symbol);
        WarnOfPrivateUse(FeedColumn.Number, numbers.Number);
        if (change.Classification == MedicalAssistance && change.Number is { } recipient && !(recipient.Length == RecipientDigits && Luhn.IsValid(recipient)))
            tell(new FeedFault(FeedSeverity.Warning, _line, FeedColumn.Number.NameOf(), "is no recipient number (受給者番号): 7 digits with a right check digit"));
        change.Relation = Code(FeedColumn.Relation, ["1", "2"]) is { } relation ? Short(relation) : null;
        change.InsuredName = Text(FeedColumn.InsuredName, DeliveryCheck.MaxNameLength);
        change.AcquiredOn = Date(FeedColumn.AcquiredOn);
        ReadEnd(change);
        if (change.LostOn < change.AcquiredOn) Fault(FeedColumn.LostOn, "lies before acquired_on");
        change.HouseholdContinuesOn = DayOf(change, FeedColumn.HouseholdContinues);
        change.InsuredTurned75On = DayOf(change, FeedColumn.InsuredTurned_75);
        if (change.HouseholdContinuesOn is not null && InsurerNumber.TryParse(change.InsurerNumber, out var insurer) && insurer.NationalHealthPrefecture is null)
            Fault(FeedColumn.HouseholdContinues, "is of national health insurance alone");
        if (change is { LostOn: null, LossReason: not null } && Value(FeedColumn.LostOn).IsEmpty) Fault(FeedColumn.LossReason, "there is none without lost_on");
    }

    private DateOnly? DayOf(Change coverage, FeedColumn column)
    {
        var day = Date(column);
        if (day < coverage.AcquiredOn) Fault(column, "lies before acquired_on");
        else if (day > coverage.LostOn) Fault(column, "lies after lost_on");
        return day;
    }

    private void ReadEnd(Change change)
    {
        change.LostOn = Date(FeedColumn.LostOn);
        change.LossReason = Code(FeedColumn.LossReason, ["01", "02", "03", "99"]) is { } reason ? Short(reason) : null;
    }

    private void ReadWhatHangsOnACoverage(Change change)
    {
        change.CoverageId = Number(FeedColumn.Coverage, long.MaxValue);
        change.Percent = Code(FeedColumn.Percent, ["010", "020", "030"]) is { } percent ? Short(percent) : null;
        change.CertificateClass = Code(FeedColumn.CertificateClass, ["01", "02", "03"]);
        change.LimitClass = Code(FeedColumn.LimitClass, LimitClasses.Codes);
        change.Category = Code(FeedColumn.Disease, ["1", "2", "3"]) is { } category ? Short(category) : null;
        change.MonthlyLimitYen = Code(FeedColumn.MonthlyLimit, ["5000", "10000", "20000"]) is { } yen ? int.Parse(yen, CultureInfo.InvariantCulture) : null;
        change.IssuedOn = Date(FeedColumn.IssuedOn);
        change.ValidFrom = Date(FeedColumn.ValidFrom);
        change.ValidUntil = Date(FeedColumn.ValidUntil);
        change.LongTermOn = Date(FeedColumn.LongTermOn);
        var (first, firstName) = _kind.Fact == FactKind.EligibilityCertificate ? (change.IssuedOn, FeedColumn.IssuedOn) : (change.ValidFrom, FeedColumn.ValidFrom);
        if (change.ValidUntil < first) Fault(FeedColumn.ValidUntil, $"lies before {firstName.NameOf()}");
        if (_kind.Fact == FactKind.EligibilityCertificate && change.ValidUntil > first?.AddYears(DeliveryCheck.MaxCertificateYears))
            Fault(FeedColumn.ValidUntil, "lies more than five years after issued_on");
    }

    private void ReadTicket(Change change)
    {
        const int MostYen = 10_000_000;
        ReadWhatHangsOnACoverage(change);
        change.TreatmentMonth = Month(FeedColumn.TreatmentMonth);
        change.InstitutionCode = Institution(FeedColumn.Institution);
        change.PrescriberCode = Institution(FeedColumn.Prescriber);
        if (Has(FeedColumn.SelfPay, out var yen))
        {
            if (int.TryParse(yen, NumberStyles.None, CultureInfo.InvariantCulture, out var selfPay) && selfPay <= MostYen) change.SelfPayYen = selfPay;
            else Fault(FeedColumn.SelfPay, $"is no whole number of yen from 0 to {MostYen.ToString(CultureInfo.InvariantCulture)}");
        }
        change.Details = new TicketDetails
        {
            TicketType = Detail(FeedColumn.TicketType),
            IssueNumber = Detail(FeedColumn.IssueNumber),
            InstitutionFlag = Detail(FeedColumn.InstitutionFlag),
            InstitutionName = Detail(FeedColumn.InstitutionName),
            PrescriberName = Detail(FeedColumn.PrescriberName),
            Injury1 = Detail(FeedColumn.Injury1),
            Injury2 = Detail(FeedColumn.Injury2),
            Injury3 = Detail(FeedColumn.Injury3),
            TreatmentType = Detail(FeedColumn.TreatmentType),
            DistrictContact = Detail(FeedColumn.DistrictContact),
            HandlingContact = Detail(FeedColumn.HandlingContact),
            SingleOrCombined = Detail(FeedColumn.SingleOrCombined),
            SocialInsurance = Detail(FeedColumn.SocialInsurance),
            Consistency = Detail(FeedColumn.Consistency),
            Infection = Detail(FeedColumn.Infection),
            ElderlyCare = Detail(FeedColumn.ElderlyCare),
            PrefecturalExpenses = Detail(FeedColumn.PrefecturalExpenses),
            Remark1 = Detail(FeedColumn.Remark1),
            Remark2 = Detail(FeedColumn.Remark2),
            Remark3 = Detail(FeedColumn.Remark3),
        }.ToJson();
    }

    private string Detail(FeedColumn column) => Text(column, DeliveryCheck.MaxNameLength);

    private DateOnly? Month(FeedColumn column)
    {
        if (!Has(column, out var value)) return null;
        if (DateOnly.TryParseExact(value, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            || DateOnly.TryParseExact(value, "yyyyMM", CultureInfo.InvariantCulture, DateTimeStyles.None, out month)) return month;
        Fault(column, "is no month: write 2026-04 or 202604");
        return null;
    }

    private string? Institution(FeedColumn column)
    {
        if (!Has(column, out var value)) return null;
        if (InstitutionCode.TryParse(value.ToString(), out var code)) return code.ToString();
        Fault(column, "is no institution code: 10 digits with a right check digit");
        return null;
    }

    private FactKind Withdrawn()
    {
        if (RowKind.Parse(Value(FeedColumn.Withdraws)) is { Action: RowAction.State, Fact: not FactKind.Person } stated) return stated.Fact;
        if (Value(FeedColumn.Withdraws) is "coverage") return FactKind.Coverage;
        if (!Value(FeedColumn.Withdraws).IsEmpty) Fault(FeedColumn.Withdraws, "is one of coverage, burden, limit, specific-disease, certificate, limit-withheld, ticket");
        return default;
    }

    private ReadOnlySpan<char> Value(FeedColumn column) => header.ValueOf(_fields, column);

    /// <summary>The value where the row's kind takes one and has one.</summary>
    private bool Has(FeedColumn column, out ReadOnlySpan<char> value)
    {
        value = _kind.Takes(column) ? Value(column) : default;
        return !value.IsEmpty;
    }

    private long? Number(FeedColumn column, long most)
    {
        if (!Has(column, out var value)) return null;
        if (FeedValues.TryNumber(value, most, out var number)) return number;
        Fault(column, FeedValues.NumberFault(value, most, mayBeMyNumber: column == FeedColumn.Person));
        return null;
    }

    private DateOnly? Date(FeedColumn column)
    {
        if (!Has(column, out var value)) return null;
        if (!FeedDay.TryParse(value, out var date))
        {
            Fault(column, FeedValues.NoDay);
            return null;
        }
        if (date < Earliest) Fault(column, "lies before 1868");
        else if (date > _latest) Fault(column, "lies more than ten years ahead");
        return date;
    }

    private string? Code(FeedColumn column, ReadOnlySpan<string> known)
    {
        if (!Has(column, out var value)) return null;
        foreach (var code in known)
            if (value.SequenceEqual(code)) return code;
        Fault(column, "is none of " + string.Join(", ", known!));
        return null;
    }

    // A text that may be empty is empty, not null.
    private string Text(FeedColumn column, int maxLength)
    {
        if (!Has(column, out var value)) return "";
        var text = value.ToString();
        if (FeedValues.TextFault(text, maxLength) is { } fault) Fault(column, fault);
        WarnOfPrivateUse(column, text);
        return text;
    }

    private string Kana(FeedColumn column)
    {
        if (!Has(column, out var value)) return "";
        var delivered = value.ToString();
        var kana = HalfWidthKana.Of(delivered);
        if (FeedValues.TextFault(kana ?? delivered, DeliveryCheck.MaxNameLength) is { } fault) Fault(column, fault);
        else if (kana is null) Fault(column, FeedValues.NoKana);
        return kana ?? "";
    }

    private void WarnOfPrivateUse(FeedColumn column, string? text)
    {
        if (text is not null && WrittenText.HoldsPrivateUse(text)) tell(FeedFault.PrivateUse(_line, column.NameOf()));
    }

    private static short Short(string digits) => short.Parse(digits, CultureInfo.InvariantCulture);

    private void Fault(FeedColumn column, string reason, FindingCode code = FindingCode.Unfit)
    {
        _good = false;
        tell(FeedFault.Error(_line, column.NameOf(), reason, reason == FeedValues.MyNumber ? FindingCode.MyNumber : code));
    }
}
