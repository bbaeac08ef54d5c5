using System.Text.RegularExpressions;

namespace EligibilityGateway.Gateway.Tests;

/// <summary>Every Japanese text that people read, in the sources, the data and the documents: written as a clerk would, each word in one spelling.</summary>
public sealed partial class JapaneseTextTests
{
    /// <summary>A Japanese character, full-width forms among them.</summary>
    private const string Ja = @"[\u3005-\u30FF\u3400-\u9FFF\uFF01-\uFF9F\u2160-\u216B]";

    // What must not occur, and how it is written.
    private static readonly (string Pattern, string Rather)[] Spellings =
    [
        ("届け出", "届出"),
        ("無償", "無料"),
        ("運用者|オペレータ", "運営者"),
        ("かざ[さしすせ]", "置く"),
        ("切れ目", "資格の空白期間"),
        ("(?<!年間)上限", "自己負担限度額"),
        ("わから|わかり|解[らり]", "分から"),
        ("払戻", "払い戻し"),
        ("ヶ月|ケ月|カ月|ヵ月|箇月|[一二三四五六七八九十]か月", "3か月"),
        ("下さい|頂[きくけい]|出来[なまる]", "ください, いただく, できる"),
        ("(?:サーバ|ユーザ|コンピュータ|カードリーダ|プリンタ)(?!ー)", "with a long vowel: カードリーダー"),
        ("医療保険証|(?<!健康|被)保険証(?!明)", "健康保険証"),
        // A promise that is not kept: nobody sees such a history yet.
        ("履歴に残", "記録されます"),
        // Half-width brackets in a Japanese sentence; in an English one they have a space before them.
        ($@"(?<={Ja})\(|\)(?={Ja})", "（ ）"),
        // Figures and their units are written together.
        (@"[0-9}] (?:円|割|回|件|年|月|日|人|歳|か月|まで|から|取得|喪失|交付|現在)", "85,800円, 3割, 2件"),
        ($@"[0-9]{{4}}-[0-9]{{2}}(?:-[0-9]{{2}})?(?={Ja})|yyyy-MM(?:-dd)?\}}{Ja}", "2015年4月1日"),
    ];

    private static readonly string[] Places = ["src", "docs", "samples"];

    [Fact]
    public void Each_word_has_one_spelling()
    {
        var texts = Texts().ToList();
        Assert.True(texts.Count > 300, $"{texts.Count} lines are not all there are");
        Assert.Empty(
            from text in texts
            from spelling in Spellings
            where Regex.IsMatch(text.Line, spelling.Pattern)
            select $"{text.Place}: not {spelling.Pattern} but {spelling.Rather}: {text.Line.Trim()}");
    }

    [Theory]
    [InlineData("電話で届け出てください。")]
    [InlineData("保険者が資格確認書を無償で交付します。")]
    [InlineData("システムの運用者に連絡してください。")]
    [InlineData("もう一度かざしてください。")]
    [InlineData("診療日は資格の切れ目です。")]
    [InlineData("今月の上限は85,800円。")]
    [InlineData("わからなければ通常の負担割合で会計します。")]
    [InlineData("閲覧したことは本人の履歴に残ります。")]
    [InlineData("通常の負担割合(3割)で会計します。")]
    [InlineData("月 {0} 円")]
    [InlineData("2015-04-01取得")]
    [InlineData("$\"{day:yyyy-MM-dd}は有効です。\"")]
    public void A_text_as_it_was_is_found(string line) => Assert.Contains(Spellings, spelling => Regex.IsMatch(line, spelling.Pattern));

    [Theory]
    [InlineData("年間上限（8月から翌年7月まで）")]
    [InlineData("被保険者証, 資格証明書")]
    [InlineData("/// Insurer number (保険者番号): 8 digits.")]
    [InlineData("今月の自己負担限度額は85,800円。")]
    public void A_text_as_it_should_be_is_left_alone(string line) => Assert.DoesNotContain(Spellings, spelling => Regex.IsMatch(line, spelling.Pattern));

    private static IEnumerable<(string Place, string Line)> Texts()
    {
        var root = ProgramPath.Root;
        return
            from file in Places.SelectMany(place => new DirectoryInfo(Path.Combine(root.FullName, place)).EnumerateFiles("*", SearchOption.AllDirectories)).Concat(root.EnumerateFiles("README*.md"))
            let place = Path.GetRelativePath(root.FullName, file.FullName)
            where Kind().IsMatch(place) && !NotOurs().IsMatch(place)
            from line in File.ReadLines(file.FullName).Index()
            where Regex.IsMatch(line.Item, Ja)
            // A link's brackets are Markdown's.
            select ($"{place}:{line.Index + 1}", Link().Replace(line.Item, "]"));
    }

    [GeneratedRegex(@"\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\.(cs|resx|json|proto|md|py|html)$")]
    private static partial Regex Kind();

    // What was built, and the names of others' forms.
    [GeneratedRegex(@"(^|/)(bin|obj|generated)/|Expenses/Tables/(notice|statement)\.json$")]
    private static partial Regex NotOurs();
}
