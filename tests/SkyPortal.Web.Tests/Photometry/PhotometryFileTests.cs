using System.Text.Json;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Uploads of comma-separated values, and uploads that are reported on row by row.</summary>
public sealed class PhotometryFileTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task PostFile_MagnitudesAndLimits_AreReadBack()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);

        var (status, envelope) = await scene.PostFileAsync(
            "\uFEFF,mjd,filter,mag,magerr,limiting_mag,origin,magsys\r\n0,58000.5,ztfg,18.5,0.1,20.5,\"a, \"\"b\"\"\",ab\r\n\r\n1,58001,ztfr,,nan,20.5,,ab\n2, 58002 ,ztfr,19,0.2,None,c,ab");
        var rows = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry");

        Assert.Equal((200, 3), (status, envelope.GetProperty("data").GetProperty("ids").GetArrayLength()));
        Assert.Equal([58000.5, 58001, 58002], rows.EnumerateArray().Select(row => row.GetProperty("mjd").GetDouble()));
        Assert.Equal(["a, \"b\"", "None", "c"], rows.EnumerateArray().Select(row => row.GetProperty("origin").GetString()));
        Assert.Equal(18.5, rows[0].GetProperty("mag").GetDouble(), 9);
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("mag").ValueKind);
        Assert.Equal(20.5, rows[1].GetProperty("limiting_mag").GetDouble());
    }

    [Theory]
    [InlineData("mjd,filter,magsys,mag,magerr,limiting_mag\n58000,ztfg,ab,x,0.1,20\n", "mag: row 0")]
    [InlineData("jd,band,magsys,magnitude,e_mag\n2458000,ztfg,ab,18,0.1\n", "jd (is it mjd, which is JD - 2400000.5?), band (is it filter?), magnitude (is it mag?), e_mag (is it magerr?)")]
    [InlineData("MJD,filter,magsys,mag,magerr,colour\n58000,ztfg,ab,18,0.1,red\n", "MJD (is it mjd?), colour.")]
    [InlineData("mjd,mag,magerr\n58000,18,0.1\n", "Missing column(s): filter, magsys")]
    [InlineData("mjd,filter,magsys,flux\n58000,ztfg,ab,18\n", "Missing column(s): fluxerr, zp")]
    [InlineData("mjd,filter,magsys\n58000,ztfg,ab\n", "mag and magerr, or flux, fluxerr and zp")]
    [InlineData("mjd,mjd,filter,magsys,limiting_mag\n58000,58000,ztfg,ab,20\n", "mjd is there twice")]
    [InlineData("obj_id,mjd,filter,magsys,limiting_mag\nA,58000,ztfg,ab,20\n", "obj_id: it is a column of the file and in the query")]
    [InlineData("mjd,filter,magsys,limiting_mag\n58000,ztfg,ab,20\n58001,ztfg,ab\n", "row 1: it has 3 values where the header has 4")]
    [InlineData("mjd,filter,magsys,limiting_mag\n58000,ztfg,ab,20,1\n", "row 0: it has more values")]
    [InlineData("mjd,filter,magsys,limiting_mag\n58000,\"ztfg,ab,20\n", "row 0: a quote is not closed")]
    [InlineData("mjd;filter;magsys;limiting_mag\n58000;ztfg;ab;20\n", "separated by semicolons; commas are expected")]
    [InlineData("mjd\tfilter\tmagsys\tlimiting_mag\n58000\tztfg\tab\t20\n", "separated by tabs; commas are expected")]
    [InlineData("mjd,filter,magsys,limiting_mag\n", "no rows")]
    [InlineData("", "empty")]
    [InlineData("mjd,filter,magsys,limiting_mag\n58000,zt\0fg,ab,20\n", "UTF-8")]
    public async Task PostFile_Wrong_Answers400ThatNamesIt(string file, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);

        var (status, envelope) = await scene.PostFileAsync(file);

        Assert.Equal(400, status);
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("14gqr_phot.csv", null)]
    [InlineData("AT2017gfo_optical.csv", null)]
    [InlineData("AT2017gfo_radio.csv", null)]
    [InlineData("AT2017gfo_xray.csv", null)]
    [InlineData("ZTF18aabcvnq_phot.csv", null)]
    [InlineData("ZTF21aaqjmps_phot.csv", null)]
    [InlineData("ZTFrlh6cyjh_ATLAS.csv", null)]
    [InlineData("ZTF21aaqjmps_spec.csv", "Unknown column(s): wavelengths, fluxes")]
    public async Task PostFile_RealOnes_AreTakenAsTheyAre(string name, string? refusal)
    {
        var path = SharedData.PathOrSkip($"photometry/{name}");
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var file = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;

        var (status, envelope) = await scene.PostFileAsync(file, "&report=true");

        if (refusal is not null)
        {
            Assert.Equal(400, status);
            Assert.StartsWith(refusal, PhotometryScene.Message(envelope), StringComparison.Ordinal);
            return;
        }

        Assert.True(status == 200, envelope.ToString());
        Assert.Equal(lines, envelope.GetProperty("data").GetProperty("rows").GetArrayLength());
        Assert.True(envelope.GetProperty("data").GetProperty("accepted").GetInt32() > 0.9 * lines, envelope.GetProperty("data").GetProperty("accepted").ToString());
    }

    [Fact]
    public async Task Report_NewAndKnownRows_NamesEachWithItsPoint()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var known = await scene.PostAsync([58001]);

        var data = await scene.Member.PostAsync("/api/photometry?report=true", scene.Flux([58000, 58001, 58000, 58002]));
        var rows = data.GetProperty("rows").EnumerateArray().ToList();
        var stat = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/phot_stat");
        var undone = await scene.Admin.DataAsync(HttpMethod.Delete, $"/api/photometry/bulk_delete/{data.GetProperty("upload_id").GetString()}");

        Assert.Equal(["accepted", "duplicate", "duplicate", "accepted"], rows.Select(row => row.GetProperty("outcome").GetString()));
        Assert.Equal([0, 1, 2, 3], rows.Select(row => row.GetProperty("row").GetInt32()));
        Assert.Equal(known[0], rows[1].GetProperty("id").GetInt64());
        Assert.Equal(rows[0].GetProperty("id").GetInt64(), rows[2].GetProperty("id").GetInt64());
        Assert.Equal((2, 2), (data.GetProperty("accepted").GetInt32(), data.GetProperty("duplicates").GetInt32()));
        Assert.Equal(3, stat.GetProperty("num_obs_global").GetInt32());
        Assert.Equal("Deleted 2 photometry point(s).", undone.GetString());
    }

    [Fact]
    public async Task Report_WrongRows_NamesAllOfThemAndWritesNothing()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = new Dictionary<string, object?>
        {
            ["obj_id"] = new[] { scene.ObjId, "nosuch", scene.ObjId, scene.ObjId, scene.ObjId, scene.ObjId, scene.ObjId, scene.ObjId },
            ["instrument_id"] = new[] { scene.InstrumentId, scene.InstrumentId, 999_999, scene.InstrumentId, scene.InstrumentId, scene.InstrumentId, scene.InstrumentId, scene.InstrumentId },
            ["mjd"] = new object?[] { 58000, 58001, 58002, "x", null, 58005, 58006, 58007 },
            ["filter"] = new[] { "ztfg", "ztfg", "ztfg", "ztfg", "ztfg", "nosuch", "ztfg", "ztfg" },
            ["magsys"] = "ab",
            ["mag"] = new double?[] { 18, 18, 18, 18, 18, 18, null, 18 },
            ["magerr"] = new double?[] { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, null, null },
            ["group_ids"] = new[] { scene.GroupId },
        };

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometry?report=true", body);
        var (plain, plainEnvelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometry", body);
        var errors = envelope.GetProperty("data").GetProperty("errors").EnumerateArray().ToList();
        var rows = await scene.Member.GetAsync($"/api/sources/{scene.ObjId}/photometry");

        Assert.Equal((400, 400), (status, plain));
        Assert.Empty(plainEnvelope.GetProperty("data").EnumerateObject());
        Assert.Equal(["field", "reason", "row"], PhotometryScene.Keys(errors[0]));
        Assert.Equal(
            ["1 obj_id", "2 instrument_id", "3 mjd", "4 mjd", "5 filter", "6 limiting_mag", "7 magerr"],
            errors.Select(error => $"{error.GetProperty("row")} {error.GetProperty("field")}"));
        Assert.All(errors, error => Assert.NotEmpty(error.GetProperty("reason").GetString()!));
        Assert.Equal(0, rows.GetArrayLength());
    }

    [Theory]
    [InlineData("fluxerr", 0.0)]
    [InlineData("zp", 1000.0)]
    public async Task Report_VeryManyWrongRows_NamesAHundred(string field, double bad)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = scene.Flux([.. Enumerable.Range(0, 500).Select(index => 58000.0 + index)]);
        body[field] = Enumerable.Repeat(bad, 500).ToArray();

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometry?report=true", body);
        var errors = envelope.GetProperty("data").GetProperty("errors").EnumerateArray().ToList();

        Assert.Equal((400, 100), (status, errors.Count));
        Assert.All(errors, error => Assert.Equal(field, error.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Report_WrongAsAWhole_SaysSo()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = scene.Flux([58000]);
        body["group_ids"] = new[] { 99999 };

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometry?report=true", body);
        var error = envelope.GetProperty("data").GetProperty("errors").EnumerateArray().Single();

        Assert.Equal(400, status);
        Assert.Equal(JsonValueKind.Null, error.GetProperty("row").ValueKind);
        Assert.Equal("Invalid group IDs: 99999", error.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Report_Outsider_LearnsAsMuchAsOfAnObjectThatIsNotThere()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.PostAsync([58000]);
        var (missing, hidden) = (scene.Flux([58000], withGroup: false), scene.Flux([58000], withGroup: false));
        missing["obj_id"] = "Z" + scene.Mark;

        var (status, envelope) = await scene.Outsider.SendAsync(HttpMethod.Post, "/api/photometry?report=true", hidden);
        var (none, noneEnvelope) = await scene.Outsider.SendAsync(HttpMethod.Post, "/api/photometry?report=true", missing);

        Assert.Equal((400, 400), (status, none));
        Assert.Equal(noneEnvelope.ToString().Replace("Z" + scene.Mark, scene.ObjId, StringComparison.Ordinal), envelope.ToString());
    }
}
