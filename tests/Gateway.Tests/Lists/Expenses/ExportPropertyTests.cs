using System.Globalization;
using System.Text;
using System.Xml;
using EligibilityGateway.Gateway.Lists.Expenses;
using EligibilityGateway.Rules.Expenses;
using EligibilityGateway.Rules.Expenses.Tables;
using FsCheck;
using FsCheck.Fluent;

namespace EligibilityGateway.Gateway.Tests.Lists.Expenses;

/// <summary>What holds for every list, in both forms. FsCheck prints the seed of a failure, which replays it.</summary>
public sealed class ExportPropertyTests
{
    private const int Year = 2026;

    private static readonly string[] SumColumns =
        ["total_cost", "insurer_paid", "public_paid", "patient_paid", "reimbursed", "paid_in_year", "reimbursed_in_year", "net_in_year"];

    private static readonly ExpensePerson[] Persons = [new(7, "=1+1"), new(8, "見本, \"花\" 子"), new(9, "見本　太郎")];

    [Fact]
    public void Totals_are_the_sums_of_their_rows() => Holds(list =>
    {
        var rows = Rows(Csv(list));
        return SumColumns.All(column =>
            Sum(rows, column, "expense") == Sum(rows, column, "person-total")
            && Sum(rows, column, "expense") == Sum(rows, column, "total")
            && Persons.All(person => Sum(rows.Where(row => row["person"] == $"{person.Id}"), column, "expense") == Sum(rows.Where(row => row["person"] == $"{person.Id}"), column, "person-total")))
            && Sum(rows, "paid_in_year", "payee") == Sum(rows, "paid_in_year", "total")
            && Sum(rows, "reimbursed_in_year", "payee") == Sum(rows, "reimbursed_in_year", "total");
    });

    [Fact]
    public void The_order_of_facts_changes_nothing() => Holds(list =>
    {
        var shuffled = new List<Expense>(list);
        new Random(list.Count).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(shuffled));
        return Csv(list) == Csv(shuffled);
    });

    [Fact]
    public void The_xml_holds_the_same_as_the_csv() => Holds(list =>
    {
        var rows = Rows(Csv(list));
        var notice = Xml(list, "notice");
        var statement = Xml(list, "statement");
        return notice.Elements("医療費情報明細").Count == rows.Count(row => row["record"] == "expense")
            && notice.Elements("支払先別合計").Count == rows.Count(row => row["record"] == "payee")
            && notice.Elements("氏名").SequenceEqual(rows.Where(row => row["record"] == "person-total").Select(row => row["name"].TrimStart('\'')))
            && Last(notice, "窓口相当負担額") == Sum(rows, "patient_paid", "total")
            && Last(notice, "その年に支払った額") == Sum(rows, "paid_in_year", "total")
            && Last(notice, "補填される金額") == Sum(rows, "reimbursed_in_year", "total")
            && Last(notice, "差引額") == Sum(rows, "net_in_year", "total")
            && statement.Elements("DHC00080").Select(Number).SequenceEqual(rows.Where(row => row["record"] == "payee").Select(row => Number(row["paid_in_year"])))
            && Last(statement, "DHD00010") == Sum(rows, "paid_in_year", "total")
            && Last(statement, "DHD00030") == Sum(rows, "net_in_year", "total");
    });

    private static void Holds(Func<List<Expense>, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Lists().ToArbitrary(), property));

    private static Gen<List<Expense>> Lists() => Facts().ListOf().Select(list => list.Select((expense, i) => expense with { Id = i }).ToList());

    private static Gen<Expense> Facts() =>
        from person in Gen.Elements(Persons)
        from insurer in Gen.Elements(new ExpenseInsurer("06139992", "一組合"), new ExpenseInsurer("01130012", "@協会"))
        from month in Gen.Choose(-2, 12)
        from paidAfter in Gen.Frequency((1, Gen.Constant((int?)null)), (2, Gen.Choose(0, 70).Select(days => (int?)days)))
        from setting in Gen.Elements(Enum.GetValues<CareSetting>())
        from payee in Gen.Elements("見本病院", "+薬局", "a\"b,c")
        from paid in Gen.Choose(-20_000, 300_000)
        from reimbursed in Gen.Choose(0, 100_000)
        let first = new DateOnly(Year, 1, 1).AddMonths(month)
        select new Expense(
            person.Id, insurer, 0, first, "", payee, setting, 1, paid * 3L, paid, paid, paid, paid < 0 ? -reimbursed : reimbursed, paidAfter is { } days ? first.AddDays(days) : null);

    private static ExportRecord List(IReadOnlyCollection<Expense> expenses, Func<CareSetting, string> word) =>
        new ExportList(word, ExportTexts.Japanese).Of(YearOfExpenses.Of(Year, Persons, expenses, [], 5_000_000), new DateOnly(2027, 2, 1));

    private static string Csv(IReadOnlyCollection<Expense> expenses) => ExpenseCsv.TextOf(List(expenses, CareSettings.NameOf));

    private static Dictionary<string, List<string>> Xml(IReadOnlyCollection<Expense> expenses, string name)
    {
        var layout = XmlLayout.All[name];
        var text = ExpenseXml.TextOf(List(expenses, setting => layout.Settings[setting]), layout);
        var elements = new Dictionary<string, List<string>>();
        using var reader = XmlReader.Create(new StringReader(text));
        var open = new Stack<string>();
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                Assert.Equal(layout.Namespace, reader.NamespaceURI);
                if (!elements.ContainsKey(reader.LocalName)) elements[reader.LocalName] = [];
                elements[reader.LocalName].Add("");
                if (!reader.IsEmptyElement) open.Push(reader.LocalName);
            }
            else if (reader.NodeType == XmlNodeType.Text)
            {
                elements[open.Peek()][^1] = reader.Value;
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                open.Pop();
            }
        }
        return elements;
    }

    /// <summary>By the reader that insurers' files go through.</summary>
    private static List<Dictionary<string, string>> Rows(string csv)
    {
        using var lines = new FeedLines(new MemoryStream(Encoding.UTF8.GetBytes(csv)));
        var fields = new FeedFields();
        var rows = new List<Dictionary<string, string>>();
        while (lines.Next(out var line, out var fault))
        {
            Assert.Null(fault);
            Assert.Null(fields.Split(line));
            Assert.Equal(ExportColumns.All.Count, fields.Count);
            var row = new Dictionary<string, string>();
            for (var i = 0; i < fields.Count; i++) row[ExportColumns.All[i]] = fields[i].ToString();
            rows.Add(row);
        }
        Assert.Equal(ExportColumns.All, rows[0].Values);
        return rows[1..];
    }

    private static long Sum(IEnumerable<Dictionary<string, string>> rows, string column, string record) => rows.Where(row => row["record"] == record).Sum(row => Number(row[column]));

    private static long Last(Dictionary<string, List<string>> elements, string name) => Number(elements[name][^1]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

file static class ElementsByName
{
    /// <summary>Empty where the document has none of that name.</summary>
    public static List<string> Elements(this Dictionary<string, List<string>> elements, string name) => elements.GetValueOrDefault(name, []);
}
