using System.Xml;
using EligibilityGateway.Gateway.Expenses.Tables;

namespace EligibilityGateway.Gateway.Expenses.Export;

/// <summary>The list as XML, by a layout that is data.</summary>
internal static class ExpenseXml
{
    private const string Unverified = " This layout was not compared with an official one: see docs/expenses.md. ";

    public static async Task WriteAsync(ExportRecord list, XmlLayout layout, TextWriter output)
    {
        await using var xml = XmlWriter.Create(output, new XmlWriterSettings { Async = true, Indent = true, NewLineChars = "\n" });
        await xml.WriteStartDocumentAsync();
        if (!layout.Verified) await xml.WriteCommentAsync(Unverified);
        await WriteAsync(xml, layout.Root, list, list, layout.Namespace);
        await xml.WriteEndDocumentAsync();
        await xml.FlushAsync();
        await output.WriteAsync('\n');
    }

    private static async Task WriteAsync(XmlWriter xml, LayoutElement element, ExportRecord record, ExportRecord list, string space)
    {
        foreach (var one in element.Each is { } kind ? record.All.Where(part => part.Kind == kind) : [record])
        {
            var text = ValueOf(element.Text, one, list);
            if (element.Text is not null && text.Length == 0) continue;
            await xml.WriteStartElementAsync(null, element.Name, space);
            foreach (var (name, value) in element.Attributes ?? new Dictionary<string, string>()) await xml.WriteAttributeStringAsync(null, name, null, ValueOf(value, one, list));
            if (text.Length > 0) await xml.WriteStringAsync(text);
            foreach (var child in element.Children ?? []) await WriteAsync(xml, child, one, list, space);
            await xml.WriteEndElementAsync();
        }
    }

    private static string ValueOf(string? text, ExportRecord record, ExportRecord list) => text switch
    {
        null => "",
        ['{', .. var column, '}'] => Writable(column is ExportColumns.Year or ExportColumns.CreatedOn ? list[column] : record[column]),
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
