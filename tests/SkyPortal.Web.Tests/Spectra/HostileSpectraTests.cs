using System.Text;
using System.Text.Json;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Web.Tests.Photometry;
using Xunit;

namespace SkyPortal.Web.Tests.Spectra;

/// <summary>Spectra as bodies, text and FITS that are wrong, or odd and right: a refusal names what is wrong and leaves nothing behind.</summary>
public sealed class HostileSpectraTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string Million = "[" + string.Join(',', Enumerable.Range(1, 1_000_000)) + "]";

    public static TheoryData<string, string, string> WrongBodies => new()
    {
        { "[1,2,3]", "[1,NaN,3]", "JSON" },
        { "[1,2,3]", "[1,Infinity,3]", "JSON" },
        { "[1,2,3]", "[1,\"inf\",3]", "fluxes[1]" },
        { "[1,2,3]", "[1,1e200,3]", "fluxes[1]" },
        { "[1,0,3]", "[1,2,3]", "wavelengths[1]" },
        { "[1,1e12,3]", "[1,2,3]", "wavelengths[1]" },
        { "[[1,2],[3,4]]", "[1,2]", "wavelengths[0]" },
        { "[]", "[]", "wavelengths" },
        { "[5000]", "[1]", "wavelengths" },
        { "[1,2,3]", "[]", "fluxes" },
        { "{\"0\":1,\"1\":2}", "[1,2]", "wavelengths" },
        { Million, Million, "wavelengths: a spectrum has at most 500000 samples, not 1000000" },
    };

    public static TheoryData<string, string> WrongTexts => new()
    {
        { "5000\n5001\n5002\n", "2 to 1000 columns" },
        { "5000 1\n5001\n", "line 2 has 1 columns" },
        { "5000 1\n5001 one\n", "line 2: the flux" },
        { "nan 1\n5001 1\n", "wavelengths[0]" },
        { "inf 1\n5001 1\n", "wavelengths[0]" },
        { "-5000 1\n5001 1\n", "wavelengths[0]" },
        { "0 1\n5001 1\n", "wavelengths[0]" },
        { "5000 nan\n5001 nan\n", "2 to 500000 samples, not 0" },
        { "5000 1\n", "2 to 500000 samples, not 1" },
        { "5000 1e300\n5001 1\n", "fluxes[0]" },
        { "", "no line of numbers" },
        { "# nothing\n\n", "no line of numbers" },
        { "wavelength flux\n", "no line of numbers" },
        { "<html><body>404</body></html>", "no line of numbers" },
        { "\u05D0 \u05D1\n\U0001F52D \U0001F52D\n", "line 2: the wavelength" },
        { string.Concat(Enumerable.Range(1, 600_000).Select(index => $"{index} 1\n")), "more than 500000 samples" },
        { new string('1', 11 << 20), "larger than 10 MB" },
        { string.Join(' ', Enumerable.Range(1, 2000)), "more than 1000 columns" },
    };

    public static TheoryData<string, string> WrongImages => new()
    {
        { "truncated", "" },
        { "header alone", "" },
        { "two rows", "64 x 2" },
        { "no wavelengths", "CRVAL1" },
        { "no step", "CRVAL1" },
        { "below zero", "wavelengths[0]" },
        { "velocity", "CTYPE1" },
        { "in hertz", "CUNIT1" },
        { "all missing", "2 to 500000 samples, not 0" },
        { "a lie", "" },
        { "random", "FITS" },
    };

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task Post_WrongSamples_Answers400ThatNamesThem(string wavelengths, string fluxes, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = $$"""{"obj_id":"{{scene.ObjId}}","instrument_id":{{scene.InstrumentId}},"observed_at":"2020-01-01","wavelengths":{{wavelengths}},"fluxes":{{fluxes}}}""";

        await RefusedAsync(scene, "/api/spectra", body, named);
    }

    [Theory]
    [MemberData(nameof(WrongTexts))]
    public async Task PostAscii_Wrong_Answers400ThatNamesIt(string text, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);

        await RefusedAsync(scene, "/api/spectra/ascii", JsonSerializer.Serialize(About(scene, "ascii", text)), named);
        var (status, _) = await scene.Member.SendAsync(HttpMethod.Post, "/api/spectra/parse/ascii", JsonSerializer.Serialize(new { ascii = text }));
        Assert.Equal(400, status);
    }

    [Theory]
    [MemberData(nameof(WrongImages))]
    public async Task PostFits_Wrong_Answers400ThatNamesIt(string kind, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);

        await RefusedAsync(scene, "/api/spectra/fits", JsonSerializer.Serialize(About(scene, "fits", Convert.ToBase64String(Image(kind)))), named);
    }

    [Fact]
    public async Task PostFits_CutAnywhere_IsReadOrRefused()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var whole = Image("right");
        for (var length = 0; length < whole.Length; length += 481)
        {
            var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/spectra/parse/fits", JsonSerializer.Serialize(new { fits = Convert.ToBase64String(whole[..length]) }));

            Assert.True(status is 200 or 400, $"{length} bytes: {status} {envelope}");
        }
    }

    [Fact]
    public async Task Post_UnsortedAndDoubled_AreKeptByWavelength()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.Member.PostAsync("/api/spectra", new
        {
            obj_id = scene.ObjId, instrument_id = scene.InstrumentId, observed_at = "2020-01-01", wavelengths = new[] { 5002.0, 5000, 5001, 5000 }, fluxes = new[] { 4.0, 1, 3, 2 }, group_ids = new[] { scene.GroupId },
        });
        await scene.Member.PostAsync("/api/spectra/ascii", About(scene, "ascii", "5002 4\n5000 1\nnan_row nan\n".Replace("nan_row", "5001.5", StringComparison.Ordinal) + "5001 3\n5000 2\n5003 inf\n"));
        var both = (await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/spectra")).GetProperty("spectra").EnumerateArray().ToList();

        Assert.Equal(2, both.Count);
        Assert.All(both, one =>
        {
            Assert.Equal([5000, 5000, 5001, 5002], one.GetProperty("wavelengths").EnumerateArray().Select(value => value.GetDouble()));
            Assert.Equal([1, 2, 3, 4], one.GetProperty("fluxes").EnumerateArray().Select(value => value.GetDouble()));
        });
    }

    private static Dictionary<string, object?> About(PhotometryScene scene, string field, string text) => new()
    {
        ["obj_id"] = scene.ObjId, ["instrument_id"] = scene.InstrumentId, ["observed_at"] = "2020-01-01", ["filename"] = "spectrum", [field] = text, ["group_ids"] = new[] { scene.GroupId },
    };

    private static async Task RefusedAsync(PhotometryScene scene, string path, string body, string named)
    {
        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, path, body);
        var kept = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/spectra");

        Assert.True(status == 400, $"{status} {envelope}");
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
        Assert.InRange(PhotometryScene.Message(envelope).Length, 1, 2000);
        Assert.Equal(0, kept.GetProperty("spectra").GetArrayLength());
    }

    private static byte[] Image(string kind)
    {
        if (kind == "random")
        {
            var noise = new byte[5760];
            new Random(1).NextBytes(noise);
            return noise;
        }

        var pixels = Enumerable.Range(0, kind == "two rows" ? 128 : 64).Select(index => kind == "all missing" ? float.NaN : index).ToArray();
        FitsCard[] cards =
        [
            .. kind == "no wavelengths" ? [] : new FitsCard[] { new("CRVAL1", kind == "below zero" ? -5000.0 : 5000.0), new("CDELT1", kind == "no step" ? 0.0 : 2.0) },
            .. kind == "velocity" ? new FitsCard[] { new("CTYPE1", "VELO") } : [],
            .. kind == "in hertz" ? new FitsCard[] { new("CUNIT1", "Hz") } : [],
        ];
        var file = FitsWriter.WriteImage(pixels, 64, kind == "two rows" ? 2 : 1, cards);
        return kind switch
        {
            "truncated" => file[..2900],
            "header alone" => file[..2880],
            "a lie" => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(file[..2880]).Replace("  64", "9999999999", StringComparison.Ordinal)[..2880]),
            _ => file,
        };
    }
}
