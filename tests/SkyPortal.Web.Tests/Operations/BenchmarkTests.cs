using SkyPortal.Benchmarks;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Web.Tests.Operations;

/// <summary>Every benchmark runs at a small scale, where only its answers count, so that none rots.</summary>
public sealed class BenchmarkTests
{
    public static TheoryData<string> Names => [.. BenchmarkRunner.All.Select(benchmark => benchmark.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_SmallScale_GivesFiguresWithRightAnswers(string name)
    {
        if (name == "avro-decode" && !Directory.Exists("/usr/lib/python3/dist-packages/avro"))
        {
            throw new SkipTestException("The peer, Debian's python3-avro, is not installed.");
        }

        if (name == "periodogram" && !Directory.Exists("/usr/lib/python3/dist-packages/astropy"))
        {
            throw new SkipTestException("The peer, Debian's python3-astropy, is not installed.");
        }

        if (name is "sources-list" or "scanning" && !Directory.Exists("/usr/lib/python3/dist-packages/tornado"))
        {
            throw new SkipTestException("The peer, Debian's python3-tornado, is not installed.");
        }

        var figures = await BenchmarkRunner.All.Single(benchmark => benchmark.Name == name)
            .RunAsync(BenchmarkScale.Small, TextWriter.Null, TestContext.Current.CancellationToken);

        Assert.NotEmpty(figures);
        Assert.All(figures, figure => Assert.True(figure.Ours > 0 && double.IsFinite(figure.Ours), figure.What));
    }
}
