using System.Globalization;
using SkyPortal.Infrastructure.Spectra;
using SkyPortal.TestSupport;
using SkyPortal.Web.Pages.Sources;
using Xunit;

namespace SkyPortal.Web.Tests.Components;

/// <summary>What the headers of spectra's files tell.</summary>
public sealed class SpectrumHintsTests
{
    private static readonly (int, string, string[])[] Instruments =
        [(1, "SEDM", ["P60", "Palomar 1.5m"]), (2, "LRIS", ["Keck1", "Keck I"]), (3, "ALFOSC", ["NOT"]), (4, "EFOSC2", ["NTT"]), (5, "EFOSC2", ["ESO 3.6m"])];

    // The middle is half of EXPTIME after UTC in the first, and the second's own MJDMID 59107.4041822.
    [Theory]
    [InlineData("ZTF20abwdwoa_20200902_P60_v1.ascii", 1, "ZTF20abwdwoa", "2020-09-02T07:48:31")]
    [InlineData("ZTF20abpuxna_20200915_Keck1_v1.ascii", 2, "ZTF20abpuxna", "2020-09-15T09:42:01")]
    public void Of_RealFile_FindsInstrumentTargetAndTime(string file, int instrument, string target, string middle)
    {
        var hints = SpectrumHints.Of(AsciiSpectrum.Read(File.ReadAllText(SharedData.PathOrSkip($"spectra/{file}")), new SpectrumColumns()));

        Assert.Equal(instrument, hints.Match(Instruments));
        Assert.False(hints.IsOfAnother([target]));
        Assert.True(hints.IsOfAnother(["ZTF20abcdefg"]));
        Assert.Equal(middle, hints.ObservedAt?.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("SN 2023egs", "2023egs", false)]
    [InlineData("AT2023egs", "SN 2023egs", false)]
    [InlineData("AT2023egt", "SN 2023egs", true)]
    [InlineData("2023egs", "ZTF23aadqhae", true)]
    [InlineData(null, "ZTF23aadqhae", false)]
    public void IsOfAnother_NamesWrittenInManyWays_AreCompared(string? said, string name, bool isOther) =>
        Assert.Equal(isOther, new SpectrumHints(null, null, said, null).IsOfAnother([name]));

    [Theory]
    [InlineData("efosc2", "NTT", 4)]
    [InlineData("EFOSC2", null, null)]
    [InlineData("SEDMX", null, null)]
    [InlineData(null, "NTT", null)]
    public void Match_OfSeveralAlike_TakesTheOneOfTheTelescopeOrNone(string? instrument, string? telescope, int? id) =>
        Assert.Equal(id, new SpectrumHints(instrument, telescope, null, null).Match(Instruments));
}
