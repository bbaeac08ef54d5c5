using System.Globalization;
using System.Text;
using System.Text.Json;
using EligibilityGateway.Gateway.Operator.Decide;
using FsCheck;
using FsCheck.Fluent;
using static EligibilityGateway.Gateway.Tests.Operator.Decide.Lines;

namespace EligibilityGateway.Gateway.Tests.Operator.Decide;

/// <summary>What holds for every input, whatever is on its lines. FsCheck prints the seed of a failure, which replays it.</summary>
public sealed class LinePropertyTests
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    [Fact]
    public void Each_line_has_its_answer_in_its_order_and_no_other_line_suffers() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, int.MaxValue - 1), 20).ToArbitrary(), seeds =>
        {
            var input = new SpoiltInput([.. seeds]);
            using var output = new MemoryStream();
            LineStream.RunAsync(new MemoryStream(input.Bytes), output, inJapanese: true, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            input.AssertAnswered(output.ToArray());
        }));

    [Fact]
    public async Task The_process_outlives_them_all()
    {
        var input = new SpoiltInput([.. Enumerable.Range(0, 3_000)]);
        await using var command = DecideProcess.Start();
        var answers = await command.AnswersToAsync(input.Bytes);
        Assert.Equal((0, ""), await command.EndAsync());
        input.AssertAnswered(answers);
    }

    /// <summary>Spoilt lines, with a good one behind each.</summary>
    private sealed class SpoiltInput
    {
        // Of each good line: its place among all.
        private readonly List<int> _good = [];
        private readonly int _lines;

        public SpoiltInput(IReadOnlyList<int> seeds)
        {
            using var bytes = new MemoryStream();
            foreach (var seed in seeds)
            {
                byte[] spoilt = [.. Mutations.Of(seed), (byte)'\n'];
                bytes.Write(spoilt);
                _lines += spoilt.Count(b => b == (byte)'\n');
                var good = Line("2026-08-10", [Member()], Bill(10_000, "2026-08-10"));
                good["id"] = _good.Count;
                bytes.Write(Encoding.UTF8.GetBytes(good.ToJsonString()));
                _good.Add(_lines++);
                // The last line has no end.
                if (_good.Count < seeds.Count) bytes.WriteByte((byte)'\n');
            }
            Bytes = bytes.ToArray();
        }

        public byte[] Bytes { get; }

        public void AssertAnswered(byte[] output)
        {
            var answers = Strict.GetString(output).Split('\n');
            Assert.Equal("", answers[^1]);
            Assert.Equal(_lines, answers.Length - 1);
            for (var i = 0; i < _lines; i++)
            {
                using var answer = JsonDocument.Parse(answers[i], new JsonDocumentOptions { AllowDuplicateProperties = false });
                var root = answer.RootElement;
                if (!root.TryGetProperty("error", out var error))
                {
                    Assert.True(root.TryGetProperty("validity", out _));
                    continue;
                }
                Assert.DoesNotContain("program", error.GetProperty("message").GetString(), StringComparison.Ordinal);
                if (root.GetProperty("id").ValueKind == JsonValueKind.Null) Assert.Equal(i + 1, root.GetProperty("line").GetInt32());
            }
            for (var i = 0; i < _good.Count; i++) Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{i},\"validity\":\"valid\","), answers[_good[i]], StringComparison.Ordinal);
        }
    }
}
