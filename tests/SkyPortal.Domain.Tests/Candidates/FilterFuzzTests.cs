using System.Globalization;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

public class FilterFuzzTests
{
    private static readonly string[] Words =
    [
        "and", "or", "not", "in", "is", "between", "true", "false", "null", "==", "!=", "<", "<=", ">", ">=", "??", "+", "-", "*", "/",
        "%", "(", ")", "[", "]", ",", ".", "1", "2.5", "1e3", "'g'", "\"x", "candidate", "candidate.drb", "prv_candidates", "magpsf",
        "history", "mag", "band", "is_moving", "cutoutScience", "count(", "any(", "min(", "first(", "if(", "abs(", "text(", "like(",
        "#", "\n", "é", "$", "=", "&&", "packet.", "alert.", "candidate.isdiffpos", "isnull(", "99999999999999999999",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Compile_RandomWords_ThrowsOnlySyntaxErrorsWithinTheText(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Words[random.Next(Words.Length)] + (random.Next(4) == 0 ? "" : " ")));
            foreach (var error in FilterCompiler.Check(new FilterDefinition(text), FilterEnvironment.Ztf))
            {
                Assert.InRange(error.Span.Offset, 0, text.Length);
                Assert.InRange(error.Span.End, error.Span.Offset, text.Length);
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Fact]
    public void Evaluate_RandomTypedExpressions_NeverThrowsAndRepeats()
    {
        var random = new Random(7);
        PacketRecord[] packets =
        [
            Alerts.Ztf(),
            Alerts.Make(KnownLayouts.Ztf),
            Alerts.Ztf(("magpsf", "not a number"), ("drb", true), ("isdiffpos", 1L), ("jd", null), ("ra", double.NaN)),
            new PacketRecord(KnownLayouts.Ztf, []),
            Alerts.Make(KnownLayouts.Ztf, ("candidate", 3L), ("prv_candidates", new object?[] { null, 1L, Alerts.Ztf() })),
        ];
        for (var round = 0; round < 400; round++)
        {
            var text = Truth(random, 4, inArray: false);
            var definition = new FilterDefinition(text, new Dictionary<string, string> { ["n"] = Number(random, 3, inArray: false) });
            var filter = FilterCompiler.Compile(definition, FilterEnvironment.Ztf);
            var again = FilterCompiler.Compile(definition, FilterEnvironment.Ztf);
            foreach (var packet in packets)
            {
                var first = filter.Evaluate(FilterEnvironment.Ztf.CreateContext(packet));
                var second = again.Evaluate(FilterEnvironment.Ztf.CreateContext(packet));
                Assert.Equal(first.Passed, second.Passed);
                Assert.Equal(first.Annotations, second.Annotations);
            }
        }
    }

    [Fact]
    public void Evaluate_RandomArithmetic_MatchesAnIndependentEvaluation()
    {
        var random = new Random(11);
        for (var round = 0; round < 400; round++)
        {
            var (text, expected) = Arithmetic(random, 5);
            var value = Alerts.Value(text);
            Assert.True(expected is { } number ? value is double actual && actual.Equals(number) : value is null, $"{text}: {value}, expected {expected}");
        }
    }

    private static string Truth(Random random, int depth, bool inArray) => depth == 0
        ? Pick(random, "true", "is_moving", "candidate.isdiffpos", "(candidate.drb is null)", inArray ? "isdiffpos" : "is_positive")
        : random.Next(9) switch
        {
            0 => $"({Truth(random, depth - 1, inArray)} and {Truth(random, depth - 1, inArray)})",
            1 => $"({Truth(random, depth - 1, inArray)} or {Truth(random, depth - 1, inArray)})",
            2 => $"(not {Truth(random, depth - 1, inArray)})",
            3 => $"({Number(random, depth - 1, inArray)} {Pick(random, "<", "<=", ">", ">=", "==", "!=")} {Number(random, depth - 1, inArray)})",
            4 => $"({Number(random, depth - 1, inArray)} {Pick(random, "", "not")} in [1, {Number(random, depth - 1, inArray)}])",
            5 => $"({Number(random, depth - 1, inArray)} {Pick(random, "", "not")} between {Number(random, depth - 1, inArray)} and 3)",
            6 when !inArray => $"{Pick(random, "any", "all")}(prv_candidates, {Truth(random, depth - 1, true)})",
            7 => $"(first(prv_candidates, magpsf > 1) ?? {Truth(random, depth - 1, inArray)})",
            _ => $"(if({Truth(random, depth - 1, inArray)}, {Truth(random, depth - 1, inArray)}, {Truth(random, depth - 1, inArray)}) == {Truth(random, depth - 1, inArray)})",
        };

    private static string Number(Random random, int depth, bool inArray) => depth == 0
        ? Pick(random, "1", "0", "mag", "candidate.drb", "candidate.classtar", "age_days", inArray ? "magpsf" : "n_detections")
        : random.Next(7) switch
        {
            0 => $"({Number(random, depth - 1, inArray)} {Pick(random, "+", "-", "*", "/", "%", "??")} {Number(random, depth - 1, inArray)})",
            1 => $"(-{Number(random, depth - 1, inArray)})",
            2 => $"{Pick(random, "abs", "sqrt", "log10", "exp", "floor")}({Number(random, depth - 1, inArray)})",
            3 when !inArray => $"{Pick(random, "min", "max", "mean", "sum", "first", "last")}(prv_candidates, {Number(random, depth - 1, true)}, {Truth(random, depth - 1, true)})",
            4 => $"count(prv_candidates, magpsf > {Number(random, 0, inArray)})",
            5 => $"max({Number(random, depth - 1, inArray)}, {Number(random, depth - 1, inArray)})",
            _ => $"if({Truth(random, depth - 1, inArray)}, {Number(random, depth - 1, inArray)}, null)",
        };

    private static (string Text, double? Value) Arithmetic(Random random, int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
        {
            var leaf = random.Next(5);
            return random.Next(6) == 0 ? ("null", null) : (leaf.ToString(CultureInfo.InvariantCulture), leaf);
        }

        var (left, a) = Arithmetic(random, depth - 1);
        var (right, b) = Arithmetic(random, depth - 1);
        return random.Next(6) switch
        {
            0 => ($"({left} + {right})", Finite(a + b)),
            1 => ($"({left} - {right})", Finite(a - b)),
            2 => ($"({left} * {right})", Finite(a * b)),
            3 => ($"({left} / {right})", Finite(a / b)),
            4 => ($"({left} ?? {right})", a ?? b),
            _ => ($"if({left} < {right}, {left}, {right})", a < b ? a : b),
        };
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
