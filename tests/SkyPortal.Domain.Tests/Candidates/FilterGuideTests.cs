using System.Text.RegularExpressions;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

/// <summary>What docs/filters.md tells people to write must work, and must name everything there is.</summary>
public class FilterGuideTests
{
    private static readonly string Guide = Read();

    [Fact]
    public void Examples_InTheGuide_Compile()
    {
        var examples = Regex.Matches(Guide, "```filter(-ztf|-lsst)?\n(.*?)```", RegexOptions.Singleline);

        Assert.NotEmpty(examples);
        foreach (Match example in examples)
        {
            foreach (var environment in example.Groups[1].Value switch
            {
                "-ztf" => [FilterEnvironment.Ztf],
                "-lsst" => [FilterEnvironment.Lsst],
                _ => new[] { FilterEnvironment.Ztf, FilterEnvironment.Lsst },
            })
            {
                FilterCompiler.Compile(new FilterDefinition(example.Groups[2].Value), environment);
            }
        }
    }

    [Fact]
    public void Variables_AllOfThem_AreInTheGuide()
    {
        foreach (var variable in FilterEnvironment.Ztf.Variables)
        {
            Assert.Contains($"`{variable.Name}`", Guide, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Errors_InTheGuide_AreTheOnesGiven()
    {
        var errors = Regex.Matches(Guide, @"^\| `([^`]*)` \| ([0-9]+) \| (.*) \|$", RegexOptions.Multiline);

        Assert.NotEmpty(errors);
        foreach (Match row in errors)
        {
            var error = Alerts.Error(row.Groups[1].Value);
            Assert.Equal(row.Groups[3].Value, error.Message);
            Assert.Equal(row.Groups[2].Value, $"{error.Column}");
        }
    }

    private static string Read()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "docs", "filters.md");
            if (File.Exists(file))
            {
                return File.ReadAllText(file);
            }
        }

        throw new FileNotFoundException("docs/filters.md lies above no folder of the tests.");
    }
}
