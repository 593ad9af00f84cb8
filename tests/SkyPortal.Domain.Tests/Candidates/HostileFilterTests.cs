using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

/// <summary>Ten thousand texts that mean harm or make no sense: each is refused with a place in it, or evaluates within its share of steps.</summary>
public class HostileFilterTests
{
    private const int Texts = 10_000;

    private static readonly string[] Pieces =
    [
        "and", " or ", "not ", "in [", "]", "is null", "between", "true", "null", "==", "!=", "<", ">=", "??", "+", "-", "*", "/", "%", "(", ")", ",", ".", "1", "0", "1e308", "9e999", "0.0",
        "'", "\"", "\\", "#", "\n", "\r", "\0", "\u202e", "\ud800", "é", "日本", "candidate.magpsf", "candidate", "history", "prv_candidates", "mag", "band", "drb", "is_moving",
        "count(", "any(history, ", "min(history, mag", "if(", "like(band, '", "text(", "pow(", "exp(", "sqrt(", "log10(", "separation_arcsec(", "packet.", "alert.", "no_such_field", "$", "{{", "'; drop table filters; --",
        "9007199254740993", "99999999999999999999999999", "cutoutScience", "candidate.candid",
    ];

    [Fact]
    public void TenThousandTexts_AreRefusedWithTheirPlaceOrEvaluateWithinBounds()
    {
        var random = new Random(20261121);
        var packets = new[] { Alerts.Ztf(), Alerts.Make(KnownLayouts.Ztf), Wide(200) };
        int refused = 0, ran = 0;
        for (var round = 0; round < Texts; round++)
        {
            var text = Text(random, round);
            if (Refusal(text) is { } error)
            {
                refused++;
                Assert.InRange(error.Span.Offset, 0, text.Length);
                Assert.InRange(error.Span.End, error.Span.Offset, Math.Max(text.Length, error.Span.Offset));
                Assert.InRange(error.Message.Length, 1, 1_000);
                continue;
            }

            ran++;
            var filter = FilterCompiler.Compile(new FilterDefinition(text), FilterEnvironment.Ztf);
            foreach (var packet in packets)
            {
                var context = FilterEnvironment.Ztf.CreateContext(packet);
                filter.Evaluate(context);
                Assert.InRange(context.Visited, 0, FilterLimits.VisitedElements + 1);
            }

            // What can be read can be shown, compared and written again.
            var tree = FilterTreeReader.Read(text);
            Assert.True(FilterTrees.Same(FilterParser.Parse(text), FilterParser.Parse(FilterTreeWriter.Write(tree))), text);
            Assert.Empty(FilterDiff.Clauses(text, text));
        }

        Assert.True(refused > Texts / 2 && ran > Texts / 20, $"{refused} were refused and {ran} ran");
    }

    [Fact]
    public void Evaluate_AggregatesOfAggregatesOverALongHistory_StopsAtItsShare()
    {
        var context = FilterEnvironment.Ztf.CreateContext(Wide(3_000));
        var filter = FilterCompiler.Compile(new FilterDefinition("count(history, count(history, mag > 0) > 1) > count(prv_candidates, count(prv_candidates) > 1)"), FilterEnvironment.Ztf);

        var outcome = filter.Evaluate(context);

        Assert.True(outcome is { Passed: false, IsExhausted: true });
        Assert.InRange(context.Visited, FilterLimits.VisitedElements, FilterLimits.VisitedElements + 10);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(16_000)]
    public void Like_PathologicalPattern_TakesNoMoreStepsThanItsLengthsMultiply(int length)
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", Math.Min(length, 8_000) / 2)) + "*b";

        Assert.False(FilterRuntime.Like(new string('a', length), pattern, out var steps));

        Assert.InRange(steps, 1, ((long)length * pattern.Length) + length + pattern.Length + 1);
    }

    [Fact]
    public void Compile_ListOfAsManyItemsAsFit_IsRefusedBeyondTheLimitAndEvaluatesWithinIt()
    {
        Assert.NotNull(Refusal($"mag in [{string.Join(", ", Enumerable.Range(0, 2_000))}]"));
        Assert.True(Alerts.Passes($"candidate.magpsf in [{string.Join(", ", Enumerable.Range(0, 900))}, 18.5]"));
    }

    private static FilterSyntaxException? Refusal(string text)
    {
        var errors = FilterCompiler.Check(new FilterDefinition(text), FilterEnvironment.Ztf);
        return errors.Count == 0 ? null : errors[0];
    }

    private static string Text(Random random, int round) => (round % 10) switch
    {
        0 => Deep(random),
        1 => new string((char)random.Next(0x20, 0x3000), random.Next(1, 20_000)),
        2 => Odd(random, 3),
        3 => $"mag > {random.NextDouble() * Math.Pow(10, random.Next(-320, 320)):R} or mag / 0 > 1 or 0 / 0 == null",
        4 => $"like(band, \"{string.Concat(Enumerable.Repeat("*?", random.Next(1, 3_000)))}\")",
        5 => $"mag in [{string.Join(",", Enumerable.Range(0, random.Next(1, 1_500)))}]",
        6 => $"count(history, any(prv_candidates, magpsf {"<>"[random.Next(2)]} mag)) > {random.Next(5)}",
        7 => Odd(random, 1) + new string('(', random.Next(200)) + "mag > 1" + new string(')', random.Next(200)),
        _ => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Pieces[random.Next(Pieces.Length)])),
    };

    private static string Deep(Random random)
    {
        var (open, close) = new[] { ("(", ")"), ("not ", ""), ("-", ""), ("abs(", ")"), ("if(true, ", ", 1)"), ("1 ?? ", ""), ("any(history, ", ")") }[random.Next(7)];
        var depth = random.Next(1, 3_000);
        return string.Concat(Enumerable.Repeat(open, depth)) + "mag" + string.Concat(Enumerable.Repeat(close, depth)) + " > 1";
    }

    /// <summary>Conditions that are right by their grammar and odd in their values.</summary>
    private static string Odd(Random random, int depth) => depth == 0
        ? new[] { "mag / 0 > 1", "sqrt(-1) is null", "exp(1e308) > 0", "-999 % 0 == null", "pow(0, -1) > 1", "candidate.candid > 1e18", "band == 'ü\u202e'", "log10(0) < mag", "(null ?? mag) > 1", "is_moving == null", "length(band) > -1" }[random.Next(11)]
        : random.Next(4) switch
        {
            0 => $"({Odd(random, depth - 1)} and {Odd(random, depth - 1)})",
            1 => $"({Odd(random, depth - 1)} or not {Odd(random, depth - 1)})",
            2 => $"any(history, {Odd(random, depth - 1)})",
            _ => $"if({Odd(random, depth - 1)}, {Odd(random, depth - 1)}, true)",
        };

    /// <summary>An alert with a long history.</summary>
    private static PacketRecord Wide(int points)
    {
        var packet = Alerts.Ztf();
        var previous = packet.Records("prv_candidates").ToArray();
        packet.Values[packet.Layout.IndexOf("prv_candidates")] = Enumerable.Range(0, points).Select(object? (index) => previous[index % previous.Length]).ToArray();
        return packet;
    }
}
