using System.Text.Json;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Web.Tests.Photometry;

/// <summary>Photometric series over the API.</summary>
public sealed class SeriesTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly double[] Mjd = [60000, 60000.001, 60000.002, 60000.003, 60000.004];
    private static readonly double[] Flux = [100, 110, 90, 105, 400];
    private static readonly double[] Error = [10, 10, 9, 7, 8];

    // numpy: mag = 23.9 - 2.5 * np.log10([100, 110, 90, 105, 400]); np.mean(mag), np.std(mag); the last is clipped (|m - median| > 3 * 1.4826 * mad);
    // np.median(mag[:4]), np.std(mag[:4]); snr = flux / error: median, max, min; 1 / (np.median(np.diff(mjd)) * 86400)
    [Fact]
    public async Task Series_Posted_HasTheStatisticsOfItsColumns()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var id = (await scene.Member.PostAsync("/api/photometric_series", Body(scene, "a"))).GetProperty("id").GetInt64();

        var row = await scene.Colleague.GetAsync($"/api/photometric_series/{id}");

        Assert.Equal(
            [
                "altdata", "assignment_id", "autodelete", "best_snr", "channel", "created_at", "data", "dec", "dec_unc", "exp_time", "filename", "filter", "followup_request_id", "frame_rate", "group_ids",
                "groups", "hash", "id", "instrument_id", "is_detected", "limiting_mag", "mag_first", "mag_last", "mag_last_detected", "maxima", "mean_mag", "median_snr", "medians", "minima", "mjd_first",
                "mjd_last", "mjd_last_detected", "mjd_mid", "modified", "num_exp", "obj_id", "origin", "owner_id", "ra", "ra_unc", "ref_flux", "ref_fluxerr", "rms_mag", "robust_mag", "robust_rms",
                "series_name", "series_obj_id", "stds", "stream_ids", "streams", "time_stamp_alignment", "worst_snr",
            ],
            PhotometryScene.Keys(row));
        Close(18.590558, row, "mean_mag");
        Close(0.602213, row, "rms_mag");
        Close(18.873513, row, "robust_mag");
        Close(0.080868, row, "robust_rms");
        Close(11, row, "median_snr");
        Close(50, row, "best_snr");
        Close(10, row, "worst_snr");
        Close(0.011574, row, "frame_rate");
        Close(18.9, row, "mag_first");
        Close(17.39485, row, "mag_last_detected");
        Assert.True(row.GetProperty("is_detected").GetBoolean());
        Assert.Equal((105.0, 400.0, 90.0), (row.GetProperty("medians").GetProperty("flux").GetDouble(), row.GetProperty("maxima").GetProperty("flux").GetDouble(), row.GetProperty("minima").GetProperty("flux").GetDouble()));
        Assert.Equal((10.5, 20.5, 30.0, 5), (row.GetProperty("ra").GetDouble(), row.GetProperty("dec").GetDouble(), row.GetProperty("exp_time").GetDouble(), row.GetProperty("num_exp").GetInt32()));
        Assert.Equal(Flux, row.GetProperty("data").GetProperty("flux").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(scene.GroupId, row.GetProperty("groups").EnumerateArray().First(group => !group.GetProperty("single_user_group").GetBoolean()).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Series_AsAnHdf5File_HasTheSameDataEitherWay()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = Body(scene, "file");
        (body["ra"], body["dec"], body["exp_time"]) = (10.5, 20.5, 30.0);
        body["data"] = Hdf5TableWriter.Write("phot", [new PandasColumn("mjd", Mjd, null), new PandasColumn("flux", Flux, null), new PandasColumn("fluxerr", Error, null), new PandasColumn("sky", null, ["a", "b", null, "d", "e"])]);
        var id = (await scene.Member.PostAsync("/api/photometric_series", body)).GetProperty("id").GetInt64();

        var row = await scene.Colleague.GetAsync($"/api/photometric_series/{id}");
        var file = (await scene.Colleague.GetAsync($"/api/photometric_series/{id}?dataFormat=hdf5")).GetProperty("data").GetBytesFromBase64();
        var listed = await scene.Colleague.GetAsync($"/api/photometric_series?dataFormat=hdf5&objectID={scene.ObjId}");
        var columns = PandasTable.Read(file);

        Assert.Equal(Flux, row.GetProperty("data").GetProperty("flux").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(["mjd", "flux", "fluxerr", "sky"], columns.Select(column => column.Name));
        Assert.Equal(Flux, columns[1].Numbers!);
        Assert.True(columns[3].Texts!.SequenceEqual(["a", "b", null, "d", "e"]));
        Assert.Equal(file, listed.GetProperty("series")[0].GetProperty("data").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("not base64", "HDF5 file in base64")]
    [InlineData("aGVsbG8=", "no HDF5 file")]
    [InlineData("iUhERg0KGgoAAAAAAAgIAAQAEAAAAAAA", "truncated")]
    public async Task Series_FileThatIsNone_Answers400ThatNamesIt(string data, string named)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = Body(scene, "file");
        body["data"] = data;

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometric_series", body);

        Assert.Equal(400, status);
        Assert.StartsWith("Unable to post photometric series: data: ", PhotometryScene.Message(envelope), StringComparison.Ordinal);
        Assert.Contains(named, PhotometryScene.Message(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Series_OfAGroup_IsHiddenFromOthersAndChangedByItsOwner()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var id = (await scene.Member.PostAsync("/api/photometric_series", Body(scene, "b"))).GetProperty("id").GetInt64();
        await scene.PostAsync([60000.0015]);

        var twice = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometric_series", Body(scene, "b"));
        var sameData = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometric_series", Body(scene, "other"));
        var outside = await scene.Outsider.SendAsync(HttpMethod.Get, $"/api/photometric_series/{id}");
        var listed = await scene.Outsider.GetAsync("/api/photometric_series");
        var foreign = await scene.Colleague.SendAsync(HttpMethod.Patch, $"/api/photometric_series/{id}", new { exp_time = 1 });
        var both = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry");
        var series = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry?individualOrSeries=series");
        var single = await scene.Colleague.GetAsync($"/api/sources/{scene.ObjId}/photometry?individualOrSeries=individual");
        await scene.Member.DataAsync(HttpMethod.Patch, $"/api/photometric_series/{id}", new { exp_time = 12, magref = 20.0, data = new { mjd = new[] { 60001 }, mag = new[] { 19.0 }, magerr = new[] { 0.1 } } });
        var changed = await scene.Member.GetAsync($"/api/photometric_series/{id}?dataFormat=none");
        var stolen = await scene.Colleague.SendAsync(HttpMethod.Delete, $"/api/photometric_series/{id}");
        await scene.Member.DataAsync(HttpMethod.Delete, $"/api/photometric_series/{id}");
        var gone = await scene.Member.SendAsync(HttpMethod.Get, $"/api/photometric_series/{id}");

        Assert.Equal((400, 400, 400, 400, 400, 400), (twice.Status, sameData.Status, outside.Status, foreign.Status, stolen.Status, gone.Status));
        Assert.Equal(0, listed.GetProperty("totalMatches").GetInt32());
        Assert.Equal((6, 5, 1), (both.GetArrayLength(), series.GetArrayLength(), single.GetArrayLength()));
        Assert.Equal([.. both.EnumerateArray().Select(point => point.GetProperty("mjd").GetDouble()).Order()], both.EnumerateArray().Select(point => point.GetProperty("mjd").GetDouble()));
        Assert.Equal(50, series[4].GetProperty("snr").GetDouble(), 9);
        Assert.Equal(($"camera-{scene.Mark}", "T"), (series[0].GetProperty("instrument").GetString(), series[0].GetProperty("telescope").GetString()));
        Assert.Equal((12.0, 1, JsonValueKind.Null), (changed.GetProperty("exp_time").GetDouble(), changed.GetProperty("num_exp").GetInt32(), changed.GetProperty("data").ValueKind));
        Close(36.3078055, changed, "ref_flux");
        // 1 / (0.1 * ln 10 / 2.5)
        Close(10.857362, changed, "best_snr");
    }

    [Fact]
    public async Task Series_ListedByConditions_AreThoseThatFit()
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        await scene.Member.PostAsync("/api/photometric_series", Body(scene, "one"));
        await scene.Member.PostAsync("/api/photometric_series", Body(scene, "two", 1000, "ztfr"));

        foreach (var (query, names) in new[]
        {
            ("sortBy=series_name&sortOrder=desc", "two one"), ("seriesName=one", "one"), ("filter=ztfr", "two"), ("magBrighterThan=15", "two"), ("magFainterThan=15&useRobustMagAndRMS=true", "one"),
            ("minBestSNR=1000", "two"), ("startAfter=2030-01-01", ""), ("startBefore=2023-03-01", "one two"), ("detected=false", ""), ("ra=10.5&dec=20.5&radius=0.1", "one two"), ("ra=10.5&dec=21.5&radius=0.1", ""),
            ("limitingMagIsNaN=true", "one two"), ("minNumExposures=6", ""), ("expTime=30", "one two"), ("maxRMS=0.1", ""), ("numPerPage=1&pageNumber=2&sortBy=series_name", "two"), ("sortBy=limiting_mag", "one two"),
            ($"instrumentID={scene.InstrumentId}&ownerID={scene.Member.UserId}", "one two"), ($"rejectedObjectIDs={scene.ObjId}", ""),
        })
        {
            var data = await scene.Member.GetAsync($"/api/photometric_series?objectID={scene.ObjId}&{query}");
            Assert.Equal($"{query}: {names}", $"{query}: {string.Join(' ', data.GetProperty("series").EnumerateArray().Select(row => row.GetProperty("series_name").GetString()))}");
        }
    }

    [Theory]
    [InlineData("data", "[1]", "object of columns")]
    [InlineData("data", """{"mjd": [1], "flux": [1, 2]}""", "same length")]
    [InlineData("data", """{"mjd": [1]}""", "flux")]
    [InlineData("data", """{"flux": [1]}""", "mjd")]
    [InlineData("data", """{"mjd": [null], "flux": [1]}""", "every time")]
    [InlineData("data", """{"mjd": [1, 2], "flux": [1e300, -1e300]}""", "data.flux[0]")]
    [InlineData("data", """{"mjd": [1, 2], "mag": [20, -1000]}""", "every magnitude")]
    [InlineData("filter", "\"nothing\"", "filter: nothing is not allowed")]
    [InlineData("time_stamp_alignment", "\"late\"", "time_stamp_alignment")]
    [InlineData("series_name", "null", "series_name")]
    [InlineData("instrument_id", "999999", "Invalid instrument ID")]
    [InlineData("obj_id", "\"nothing\"", "Invalid object ID")]
    [InlineData("more", "1", "more: Extra inputs")]
    public async Task Series_BadInput_SaysWhatIsWrong(string field, string value, string reason)
    {
        var scene = await PhotometryScene.MakeAsync(site.Node);
        var body = Body(scene, "bad");
        body[field] = JsonSerializer.Deserialize<JsonElement>(value);

        var (status, envelope) = await scene.Member.SendAsync(HttpMethod.Post, "/api/photometric_series", body);

        Assert.Equal(400, status);
        Assert.StartsWith("Unable to post photometric series: ", PhotometryScene.Message(envelope));
        Assert.Contains(reason, PhotometryScene.Message(envelope));
    }

    private static Dictionary<string, object?> Body(PhotometryScene scene, string name, double times = 1, string filter = "ztfg") => new()
    {
        ["obj_id"] = scene.ObjId,
        ["instrument_id"] = scene.InstrumentId,
        ["series_name"] = name,
        ["series_obj_id"] = "12",
        ["exp_time"] = 30,
        ["filter"] = filter,
        ["group_ids"] = new[] { scene.GroupId },
        ["data"] = new { mjd = Mjd, flux = Flux.Select(value => value * times), fluxerr = Error, ra = Enumerable.Repeat(10.5, 5), dec = Enumerable.Repeat(20.5, 5) },
    };

    private static void Close(double expected, JsonElement row, string field) => Assert.Equal(expected, row.GetProperty(field).GetDouble(), 5);
}
