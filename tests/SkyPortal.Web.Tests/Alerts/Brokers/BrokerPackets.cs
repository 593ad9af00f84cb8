using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>Messages as brokers send them, with round numbers of our own: their schemas as far as they matter.</summary>
internal static class BrokerPackets
{
    private static readonly AvroSchema Boom = AvroSchema.Parse("""
        {"type":"record","name":"Alert","fields":[
          {"name":"candid","type":"long"},{"name":"objectId","type":"string"},{"name":"jd","type":"double"},{"name":"ra","type":"double"},{"name":"dec","type":"double"},
          {"name":"survey","type":{"type":"enum","name":"Survey","symbols":["Ztf","Lsst"]}},
          {"name":"filters","type":{"type":"array","items":{"type":"record","name":"FilterResults","fields":[
            {"name":"filter_id","type":"string"},{"name":"filter_name","type":"string"},{"name":"passed_at","type":"double"},{"name":"annotations","type":"string"}]}}},
          {"name":"classifications","type":{"type":"array","items":{"type":"record","name":"Classification","fields":[
            {"name":"classifier","type":"string"},{"name":"score","type":"double"},{"name":"distance_arcsec","type":["null","double"],"default":null}]}}},
          {"name":"photometry","type":{"type":"array","items":{"type":"record","name":"Photometry","fields":[
            {"name":"jd","type":"double"},{"name":"flux","type":["null","double"],"default":null},{"name":"flux_err","type":"double"},{"name":"band","type":"string"},
            {"name":"origin","type":{"type":"enum","name":"Origin","symbols":["Alert","ForcedPhot"]}},{"name":"programid","type":"int"},{"name":"survey","type":"Survey"},
            {"name":"ra","type":["null","double"],"default":null},{"name":"dec","type":["null","double"],"default":null}]}}},
          {"name":"cutoutScience","type":"bytes"},{"name":"cutoutTemplate","type":"bytes"},{"name":"cutoutDifference","type":"bytes"}]}
        """);

    private static readonly AvroSchema Babamul = AvroSchema.Parse("""
        {"type":"record","name":"BabamulZtfAlert","fields":[
          {"name":"candid","type":"long"},{"name":"objectId","type":"string"},
          {"name":"candidate","type":{"type":"record","name":"ZtfCandidate","fields":[
            {"name":"jd","type":"double"},{"name":"ra","type":"double"},{"name":"dec","type":"double"},{"name":"psfFlux","type":"double"},{"name":"psfFluxErr","type":"double"},
            {"name":"band","type":"string"},{"name":"isdiffpos","type":"boolean"},{"name":"programid","type":"int"},{"name":"drb","type":["null","double"],"default":null}]}},
          {"name":"prv_candidates","type":{"type":"array","items":{"type":"record","name":"Point","fields":[
            {"name":"jd","type":"double"},{"name":"psfFlux","type":"double"},{"name":"psfFluxErr","type":"double"},{"name":"band","type":"string"}]}}},
          {"name":"properties","type":{"type":"record","name":"Properties","fields":[{"name":"rock","type":"boolean"},{"name":"star","type":"boolean"}]}},
          {"name":"cutoutScience","type":["null","bytes"],"default":null}]}
        """);

    private const string FinkJson = """
        {"type":"record","name":"topLevelRecord","fields":[
          {"name":"objectId","type":["string","null"]},{"name":"candid","type":["long","null"]},
          {"name":"candidate","type":[{"type":"record","name":"candidate","namespace":"topLevelRecord","fields":[
            {"name":"jd","type":["double","null"]},{"name":"fid","type":["int","null"]},{"name":"programid","type":["int","null"]},{"name":"isdiffpos","type":["string","null"]},
            {"name":"ra","type":["double","null"]},{"name":"dec","type":["double","null"]},{"name":"magpsf","type":["float","null"]},{"name":"sigmapsf","type":["float","null"]},
            {"name":"drb","type":["float","null"]}]},"null"]},
          {"name":"cdsxmatch","type":["string","null"]},{"name":"rf_snia_vs_nonia","type":["double","null"]}]}
        """;

    private static readonly AvroSchema Fink = AvroSchema.Parse(FinkJson);

    private static readonly AvroSchema Ampel = AvroSchema.Parse("""
        {"type":"record","name":"LSSTReport","fields":[
          {"name":"object","type":{"type":"record","name":"Object","fields":[{"name":"id","type":"long"},{"name":"ra","type":"double"},{"name":"dec","type":"double"},{"name":"source","type":"string"}]}},
          {"name":"state","type":"long"},
          {"name":"photometry","type":{"type":"array","items":{"type":"record","name":"Photometry","fields":[
            {"name":"id","type":"long"},{"name":"source","type":"string"},{"name":"time","type":"double"},{"name":"flux","type":"double"},{"name":"fluxerr","type":"double"},
            {"name":"band","type":"string"},{"name":"zp","type":"double"},{"name":"zpsys","type":"string"}]}}},
          {"name":"classification","type":{"type":"array","items":{"type":"record","name":"Classification","fields":[{"name":"name","type":"string"},{"name":"version","type":"string"},
            {"name":"models","type":{"type":"array","items":{"type":"record","name":"Model","fields":[{"name":"model","type":"string"},{"name":"probabilities","type":{"type":"map","values":"double"}}]}}}]}}},
          {"name":"host","type":{"type":"array","items":{"type":"record","name":"Host","fields":[{"name":"name","type":"string"},{"name":"source","type":"string"},{"name":"redshift","type":"double"},{"name":"distance","type":"double"}]}}},
          {"name":"features","type":{"type":"array","items":{"type":"record","name":"Features","fields":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"features","type":{"type":"map","values":["null","double"]}}]}}}]}
        """);

    /// <summary>The schema of Fink's messages, their key.</summary>
    public static byte[] FinkKey => System.Text.Encoding.UTF8.GetBytes(FinkJson);

    /// <summary>A message of BOOM: 100 microjansky in r, a forced limit, and a point of a proprietary programme.</summary>
    public static byte[] OfBoom(string objectId, long candid, string filterId, string annotations = """{"score":0.9}""", int programme = 1)
    {
        object? Point(double mjd, double? flux, double error, string origin, int of) => Boom.NewRecord("Photometry", Values(
            ("jd", mjd + 2400000.5), ("flux", flux * 1e9), ("flux_err", error * 1e9), ("band", "r"), ("origin", origin), ("programid", (long)of), ("survey", "Ztf"), ("ra", 150.10001), ("dec", 2.20001)));
        return AvroWriter.WriteContainer(Boom, [Boom.NewRecord("Alert", Values(
            ("candid", candid), ("objectId", objectId), ("jd", 59001.25 + 2400000.5), ("ra", 150.10001), ("dec", 2.20001), ("survey", "Ztf"),
            ("filters", new object?[] { Boom.NewRecord("FilterResults", Values(("filter_id", filterId), ("filter_name", "theirs"), ("passed_at", 1.0), ("annotations", annotations))) }),
            ("classifications", new object?[] { Boom.NewRecord("Classification", Values(("classifier", "btsbot"), ("score", 0.8))) }),
            ("photometry", new[] { Point(59001.25, 100, 9.2103, "Alert", programme), Point(59000.25, null, 4.5, "ForcedPhot", 1), Point(58999.25, 300, 10, "ForcedPhot", 9) }),
            ("cutoutScience", SimulatedBrokers.Fits(61)), ("cutoutTemplate", SimulatedBrokers.Fits(62)), ("cutoutDifference", SimulatedBrokers.Fits(63))))]);
    }

    /// <summary>A message of Babamul: -100 microjansky in r after 100 in g.</summary>
    public static byte[] OfBabamul(string objectId, long candid) => AvroWriter.WriteContainer(Babamul, [Babamul.NewRecord("BabamulZtfAlert", Values(
        ("candid", candid), ("objectId", objectId),
        ("candidate", Babamul.NewRecord("ZtfCandidate", Values(("jd", 59001.25 + 2400000.5), ("ra", 150.10001), ("dec", 2.20001), ("psfFlux", -100e9), ("psfFluxErr", 9.2103e9), ("band", "r"), ("isdiffpos", false), ("programid", 1L), ("drb", 0.98)))),
        ("prv_candidates", new object?[] { Babamul.NewRecord("Point", Values(("jd", 59000.25 + 2400000.5), ("psfFlux", 100e9), ("psfFluxErr", 9.2103e9), ("band", "g"))) }),
        ("properties", Babamul.NewRecord("Properties", Values(("rock", false), ("star", true)))),
        ("cutoutScience", SimulatedBrokers.Fits(64))))]);

    /// <summary>A message of Fink without its schema: 18.9 mag in g.</summary>
    public static byte[] OfFink(string objectId, long candid) => AvroWriter.WriteDatum(Fink, Fink.NewRecord("topLevelRecord", Values(
        ("objectId", objectId), ("candid", candid),
        ("candidate", Fink.NewRecord("topLevelRecord.candidate", Values(("jd", 59000.25 + 2400000.5), ("fid", 1L), ("programid", 1L), ("isdiffpos", "t"), ("ra", 150.10001), ("dec", 2.20001), ("magpsf", 18.9), ("sigmapsf", 0.1), ("drb", 0.9)))),
        ("cdsxmatch", "Unknown"), ("rf_snia_vs_nonia", 0.71))));

    /// <summary>A report of AMPEL: -1.5 microjansky forced, 2 detected.</summary>
    public static byte[] OfAmpel(long objectId, long sourceId)
    {
        object? Point(long id, string source, double taiMjd, double flux, double error, string band) => Ampel.NewRecord("Photometry", Values(
            ("id", id), ("source", source), ("time", taiMjd + 2400000.5), ("flux", flux), ("fluxerr", error), ("band", band), ("zp", 31.4), ("zpsys", "ab")));
        return AvroWriter.WriteContainer(Ampel, [Ampel.NewRecord("LSSTReport", Values(
            ("object", Ampel.NewRecord("Object", Values(("id", objectId), ("ra", 150.10001), ("dec", 2.20001), ("source", "LSST")))),
            ("state", 17L),
            ("photometry", new[] { Point(1, "LSST_FP", 61000.25, -1500, 250, "lsstr"), Point(sourceId, "LSST_DP", 61001.25, 2000, 100, "lsstu") }),
            ("classification", new object?[] { Ampel.NewRecord("Classification", Values(("name", "ParsnipRisedecline"), ("version", "1"), ("models", new object?[]
            {
                Ampel.NewRecord("Model", Values(("model", "parsnip"), ("probabilities", new Dictionary<string, object?> { ["SNIa"] = 0.7, ["SNII"] = 0.3 }))),
            }))) }),
            ("host", new object?[] { Ampel.NewRecord("Host", Values(("name", "NGC 1"), ("source", "NED"), ("redshift", 0.05), ("distance", 3.5))) }),
            ("features", new object?[] { Ampel.NewRecord("Features", Values(("name", "risedecline"), ("version", "1"), ("features", new Dictionary<string, object?> { ["t_rise"] = 4.5, ["t_fall"] = null }))) })))]);
    }

    private static Dictionary<string, object?> Values(params (string Name, object? Value)[] values) => values.ToDictionary(pair => pair.Name, pair => pair.Value);

    /// <summary>A locus as ANTARES sends it, in the shape that its client reads; without tags where none is given.</summary>
    public static byte[] OfAntares(string ztfName, string? tag)
    {
        var properties = Bson(("num_alerts", 12), ("ztf_object_id", ztfName), ("newest_alert_observation_time", 59000.25), ("feature_amplitude_magn_r", double.NaN), ("is_corrected", true));
        var about = new List<(string, object?)> { ("htm16", 12_345_678_901L), ("ra", 150.1), ("dec", 2.2), ("properties", properties), ("catalogs", Bson()) };
        if (tag is not null)
        {
            about.Add(("tags", new List<string> { tag }));
        }

        return Packed(Bson(("data", Bson(("type", "locus"), ("id", "ANT2020aaaaaaa"), ("attributes", Bson([.. about])), ("relationships", null)))));
    }

    /// <summary>Bytes under zlib.</summary>
    public static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    // Encoded by hand after bsonspec.org; a document is given as its bytes.
    private static byte[] Bson(params (string Name, object? Value)[] fields)
    {
        using var body = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            var (type, bytes) = value switch
            {
                double number => ((byte)0x01, BitConverter.GetBytes(number)),
                string text => ((byte)0x02, [.. BitConverter.GetBytes(text.Length + 1), .. System.Text.Encoding.UTF8.GetBytes(text), 0]),
                byte[] document => ((byte)0x03, document),
                List<string> list => ((byte)0x04, Bson([.. list.Select((one, at) => ($"{at}", (object?)one))])),
                bool flag => ((byte)0x08, [(byte)(flag ? 1 : 0)]),
                int number => ((byte)0x10, BitConverter.GetBytes(number)),
                long number => ((byte)0x12, BitConverter.GetBytes(number)),
                _ => ((byte)0x0A, Array.Empty<byte>()),
            };
            body.WriteByte(type);
            body.Write(System.Text.Encoding.UTF8.GetBytes(name));
            body.WriteByte(0);
            body.Write(bytes);
        }

        return [.. BitConverter.GetBytes((int)body.Length + 5), .. body.ToArray(), 0];
    }
}
