using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

public class FilterErrorTests
{
    [Theory]
    [InlineData("", 0, 0, "empty")]
    [InlineData("  ", 0, 2, "empty")]
    [InlineData("1 +", 3, 0, "ends where a value")]
    [InlineData("1 + )", 4, 1, "Found ')'")]
    [InlineData("(mag > 1", 8, 0, "ends where ')'")]
    [InlineData("mag > 1 mag", 8, 3, "Found 'mag'")]
    [InlineData("1 < mag < 3", 8, 1, "chained")]
    [InlineData("mag = 3", 4, 1, "'=='")]
    [InlineData("mag > 1 && dec > 2", 8, 2, "'and'")]
    [InlineData("!is_moving", 0, 1, "'not'")]
    [InlineData("mag > 1.2.3", 6, 5, "not a number")]
    [InlineData("mag > 1e999", 6, 5, "too large")]
    [InlineData("mag > 19mag", 6, 5, "not a number")]
    [InlineData("band == \"g", 8, 2, "closing")]
    [InlineData("band == \"g\\n\"", 10, 1, "backslash")]
    [InlineData("mag > $", 6, 1, "'$'")]
    [InlineData("candidate.candid == 2000000000000000001", 20, 19, "text(name)")]
    [InlineData("candidate.magpfs > 1", 10, 6, "'candidate.magpsf'")]
    [InlineData("magpsf > 1", 0, 6, "'candidate.magpsf'")]
    [InlineData("candidate.drb.x > 1", 14, 1, "has no fields")]
    [InlineData("prv_candidates.magpsf > 1", 15, 6, "aggregate")]
    [InlineData("packet.objectid == \"x\"", 7, 8, "'packet.objectId'")]
    [InlineData("alert.agedays > 1", 6, 7, "'alert.age_days'")]
    [InlineData("squareroot(2) > 1", 0, 10, "Unknown function")]
    [InlineData("coun(prv_candidates) > 1", 0, 4, "'count'")]
    [InlineData("mag", 0, 3, "needs a truth value")]
    [InlineData("not mag", 4, 3, "needs a truth value")]
    [InlineData("band + 1 > 0", 0, 4, "needs a number")]
    [InlineData("band > \"g\"", 0, 10, "compares numbers")]
    [InlineData("mag == \"g\"", 0, 10, "cannot combine")]
    [InlineData("mag in [1, \"g\"]", 0, 14, "cannot combine")]
    [InlineData("mag in [1, null]", 11, 4, "cannot hold null")]
    [InlineData("mag in []", 8, 1, "where a value")]
    [InlineData("candidate == 1", 0, 14, "a record")]
    [InlineData("if(mag > 1, true)", 0, 17, "takes 3 arguments")]
    [InlineData("abs(1, 2) > 1", 0, 9, "takes 1 argument,")]
    [InlineData("count(mag) > 1", 6, 3, "array of records")]
    [InlineData("any(prv_candidates)", 0, 19, "a condition")]
    [InlineData("sum(prv_candidates) > 1", 0, 19, "a value")]
    [InlineData("any(prv_candidates, magpfs > 1)", 20, 6, "'magpsf'")]
    [InlineData("any(prv_candidates, magpsf)", 20, 6, "truth value")]
    [InlineData("first(prv_candidates, null) == 1", 22, 4, "null")]
    [InlineData("any(history, any(history, any(history, true)))", 26, 18, "nest at most 2")]
    public void Compile_WrongText_NamesTheFaultAndItsPlace(string text, int offset, int length, string part)
    {
        var error = Alerts.Error(text);

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal(new FilterSpan(offset, length), error.Span);
    }

    [Fact]
    public void Compile_ErrorOnThirdLine_ReportsLineAndColumn()
    {
        var error = Alerts.Error("mag > 1\nand # a cut > 3\n  magg < 2");

        Assert.Equal((3, 3), (error.Line, error.Column));
        Assert.Equal(new FilterSpan(26, 4), error.Span);
    }

    [Fact]
    public void Check_SeveralFaults_ReportsConditionAndEachAnnotation()
    {
        var annotations = new Dictionary<string, string> { ["good"] = "mag", ["bad"] = "candidate", [" "] = "mag" };

        var errors = FilterCompiler.Check(new FilterDefinition("magg > 1", annotations), FilterEnvironment.Ztf);

        Assert.Equal([null, "bad", " "], errors.Select(error => error.Annotation));
    }

    [Fact]
    public void Compile_FieldOfAnotherSurvey_IsUnknown()
    {
        Assert.Contains("'candidate'", Alerts.Error("candidate.drb > 0.5", FilterEnvironment.Lsst).Message, StringComparison.Ordinal);
        Assert.Contains("'diaSource'", Alerts.Error("diaSource.snr > 5").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_TextTooLong_IsRefused() =>
        Assert.Contains("characters long", Alerts.Error(new string(' ', FilterLimits.TextLength + 1)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(", ")")]
    [InlineData("not ", "")]
    [InlineData("- ", "")]
    [InlineData("abs(", ")")]
    [InlineData("mag ?? ", "")]
    [InlineData("if(", ")")]
    public void Compile_NestedTooDeep_IsRefused(string open, string close)
    {
        const int Depth = 2_000;
        var text = string.Concat(Enumerable.Repeat(open, Depth)) + "mag" + string.Concat(Enumerable.Repeat(close, Depth));

        Assert.Contains("nests deeper", Alerts.Error(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_TooManyParts_IsRefused() =>
        Assert.Contains("more than", Alerts.Error("1" + string.Concat(Enumerable.Repeat("+1", 600)) + "> 0").Message, StringComparison.Ordinal);

    [Fact]
    public async Task Compile_LongestChainsOnASmallStack_DoesNotOverflow()
    {
        var sum = "1" + string.Concat(Enumerable.Repeat("+1", 480)) + " == 481";
        var all = "true" + string.Concat(Enumerable.Repeat(" and true", 480));
        var done = new TaskCompletionSource<bool>();
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(Alerts.Passes(sum) && Alerts.Passes(all));
                }
                catch (FilterSyntaxException error)
                {
                    done.SetException(error);
                }
            },
            maxStackSize: 512 * 1024);
        thread.Start();

        Assert.True(await done.Task);
    }
}
