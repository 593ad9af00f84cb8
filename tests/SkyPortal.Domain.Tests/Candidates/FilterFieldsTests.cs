using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

/// <summary>The list of names that people may use is the one by which filters are checked.</summary>
public class FilterFieldsTests
{
    public static TheoryData<string> Surveys => ["ztf", "lsst"];

    [Theory]
    [MemberData(nameof(Surveys))]
    public void Of_EachName_CanBeWrittenAsItIsListed(string survey)
    {
        var environment = survey == "ztf" ? FilterEnvironment.Ztf : FilterEnvironment.Lsst;

        foreach (var field in FilterFields.Of(environment))
        {
            var test = field.Array is { } array ? $"any({array}, {field.Name} is not null)" : field.Kind == "array" ? $"count({field.Name}) > 0" : $"{field.Name} is not null";
            Assert.Empty(FilterCompiler.Check(new FilterDefinition(test), environment).Select(error => $"{field}: {error.Message}"));
        }
    }

    [Theory]
    [MemberData(nameof(Surveys))]
    public void Of_NamesOfAllSurveys_AllHaveAMeaning(string survey) => Assert.DoesNotContain(
        FilterFields.Of(survey == "ztf" ? FilterEnvironment.Ztf : FilterEnvironment.Lsst), field => !field.IsOfSurvey && string.IsNullOrEmpty(field.Meaning));

    [Theory]
    [InlineData("candidate.magpsf", null, "number", "PSF magnitude of the difference [mag]")]
    [InlineData("age_days", null, "number", "Time since the first detection [d]")]
    [InlineData("is_detection", "history", "truth value", "Seen: a detection of its own, or forced photometry above 3 sigma")]
    [InlineData("jd", "prv_candidates", "number", "Start of the exposure [JD, UTC]")]
    [InlineData("history", null, "array", "All measurements in the packet, this one included, in order of time")]
    public void Of_Ztf_TellsKindAndMeaning(string name, string? array, string kind, string meaning)
    {
        var field = Assert.Single(FilterFields.Of(FilterEnvironment.Ztf), field => field.Name == name && field.Array == array);

        Assert.Equal((kind, meaning), (field.Kind, field.Meaning));
    }

    [Fact]
    public void Of_Lsst_TellsTheStatisticsOfEachBand() => Assert.Equal(
        "Mean PSF flux of the differences in g [nJy]",
        FilterFields.Of(FilterEnvironment.Lsst).Single(field => field.Name == "diaObject.g_psfFluxMean").Meaning);
}
