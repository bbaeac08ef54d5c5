using System.Text;
using System.Xml;
using EligibilityGateway.Contracts;
using EligibilityGateway.Rules.Expenses.Tables;

namespace EligibilityGateway.Gateway.Lists.Expenses;

/// <summary>The list as XML, by a layout that is data.</summary>
internal static class ExpenseXml
{
    private const string Unverified = " This layout was not compared with an official one: see docs/expenses.md. ";

    private static readonly XmlWriterSettings Form = new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    public static string TextOf(ExportRecord list, XmlLayout layout)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Form))
        {
            xml.WriteStartDocument();
            if (!layout.Verified) xml.WriteComment(Unverified);
            if (MonthsMissing(list) is { Length: > 0 } months) xml.WriteComment($" Not all is known of {months}. ");
            Write(xml, layout.Root, list, list, layout.Namespace);
            xml.WriteEndDocument();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <summary>Said in every layout, also in one that has no place for it: what is missing is not zero.</summary>
    private static string MonthsMissing(ExportRecord list) =>
        string.Join(", ", list.All.Where(record => record.Kind == RecordKind.Missing).Select(record => record[ExportColumns.Month]).Distinct().Order(StringComparer.Ordinal));

    private static void Write(XmlWriter xml, LayoutElement element, ExportRecord record, ExportRecord list, string space)
    {
        foreach (var one in element.Each is { } kind ? record.All.Where(part => part.Kind == kind) : [record])
        {
            var text = ValueOf(element.Text, one, list);
            if (element.Text is not null && text.Length == 0) continue;
            xml.WriteStartElement(element.Name, space);
            foreach (var (name, value) in element.Attributes ?? new Dictionary<string, string>()) xml.WriteAttributeString(name, ValueOf(value, one, list));
            if (text.Length > 0) xml.WriteString(text);
            foreach (var child in element.Children ?? []) Write(xml, child, one, list, space);
            xml.WriteEndElement();
        }
    }

    private static string ValueOf(string? text, ExportRecord record, ExportRecord list) => text switch
    {
        null => "",
        ['{', .. var column, '}'] => Writable(WrittenText.Shown(column is ExportColumns.Year or ExportColumns.CreatedOn ? list[column] : record[column])),
        _ => text,
    };

    /// <summary>XML has no way to write some characters that a text in the store may have.</summary>
    private static string Writable(string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException)
        {
            return string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString()));
        }
    }
}
