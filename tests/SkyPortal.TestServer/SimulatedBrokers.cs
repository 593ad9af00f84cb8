using System.Text;
using System.Text.Json.Nodes;

namespace SkyPortal.TestServer;

/// <summary>
/// Brokers in the shapes that they were recorded in, with round numbers of our own. Every one knows an object near right ascension 150.1
/// and declination 2.2 degrees.
/// </summary>
public static class SimulatedBrokers
{
    /// <summary>The object of ZTF that brokers know.</summary>
    public const string ZtfName = "ZTF20aaaaaaa";

    /// <summary>The object of Rubin that brokers know.</summary>
    public const string LsstName = "170032915988086813";

    private static readonly Dictionary<string, Func<SimulatedRequest, SimulatedReply?>> ByName = new(StringComparer.Ordinal)
    {
        ["Antares"] = request => request.Path.EndsWith("/thumbnails", StringComparison.Ordinal)
            ? SimulatedReply.Json("""
                {"data":[{"attributes":{"filename":"s.fits","thumbnail_type":"science","src":"https://static.antares.noirlab.edu/thumbnails/s.fits"}},
                {"attributes":{"filename":"te.fits","thumbnail_type":"template","src":"https://static.antares.noirlab.edu/thumbnails/te.fits"}},
                {"attributes":{"filename":"dif.fits","thumbnail_type":"difference","src":"https://static.antares.noirlab.edu/thumbnails/dif.fits"}}]}
                """)
            : null,
        ["Alerce"] = Alerce,
        ["AlerceStamps"] = request => request.Path == "get_stamp" && request["oid"] == ZtfName ? Stamp(request["type"][0]) : null,
        ["AlerceLsst"] = AlerceLsst,
        ["Fink"] = Fink,
        ["FinkLsst"] = FinkLsst,
    };

    /// <summary>The answer; null where the service or the path is not known.</summary>
    public static SimulatedReply? Answer(SimulatedRequest request) => ByName.GetValueOrDefault(request.Service)?.Invoke(request) ?? SimulatedAccountBrokers.Answer(request) ?? SimulatedGoogle.Answer(request);

    /// <summary>A FITS cut-out of 21 by 21 pixels.</summary>
    /// <param name="seed">Makes it differ from others.</param>
    public static byte[] Fits(int seed)
    {
        const int side = 21;
        const int block = 2880;
        string[] cards = ["SIMPLE  =                    T", "BITPIX  =                  -32", "NAXIS   =                    2", $"NAXIS1  =                   {side}", $"NAXIS2  =                   {side}", "END"];
        var file = new byte[block * 2];
        Encoding.ASCII.GetBytes(string.Concat(cards.Select(card => card.PadRight(80))).PadRight(block)).CopyTo(file, 0);
        for (var i = 0; i < side * side; i++)
        {
            var pixel = (seed % 97) + (i * 37 % 101) + (i == side * side / 2 ? 5000 : 0);
            System.Buffers.Binary.BinaryPrimitives.WriteSingleBigEndian(file.AsSpan(block + (i * 4)), pixel);
        }

        return file;
    }

    /// <summary>A cut-out as a reply.</summary>
    public static SimulatedReply Stamp(int seed) => new(200, Fits(seed), "application/fits");

    /// <summary>The body of a request as JSON; an empty object where it is none.</summary>
    public static JsonObject Body(SimulatedRequest request) => request.Body.StartsWith('{') ? JsonNode.Parse(request.Body)!.AsObject() : [];

    private static SimulatedReply? Alerce(SimulatedRequest request) => request.Path switch
    {
        "objects/" => SimulatedReply.Json($$"""{"total":null,"next":2,"has_next":false,"prev":null,"has_prev":false,"items":[{{AlerceObject}}]}"""),
        $"objects/{ZtfName}" => SimulatedReply.Json(AlerceObject),
        $"objects/{ZtfName}/detections" => SimulatedReply.Json("""
            [{"tid":"ztf","mjd":59000.25,"candid":"1246250000000000001","fid":1,"pid":1,"diffmaglim":20.5,"isdiffpos":1,"nid":1,"distnr":0.5,"magpsf":18.9,"magpsf_corr":17.1,"sigmapsf":0.1,"sigmapsf_corr":0.05,"ra":150.10001,"dec":2.20001,"rb":0.8,"drb":0.99,"has_stamp":true,"corrected":true,"dubious":false,"parent_candid":null},
             {"tid":"ztf","mjd":59001.25,"candid":"1246250000000000002","fid":2,"pid":2,"diffmaglim":20.5,"isdiffpos":-1,"nid":2,"distnr":0.5,"magpsf":18.9,"sigmapsf":0.1,"ra":150.10001,"dec":2.20001,"rb":0.7,"drb":0.98,"has_stamp":true,"corrected":false,"dubious":false,"parent_candid":null}]
            """),
        $"objects/{ZtfName}/non_detections" => SimulatedReply.Json("""[{"tid":"ztf","fid":1,"mjd":59002.25,"diffmaglim":20.5}]"""),
        $"objects/{ZtfName}/probabilities" => SimulatedReply.Json("""
            [{"classifier_name":"lc_classifier","classifier_version":"1.1","class_name":"SNIa","probability":0.61,"ranking":1},
             {"classifier_name":"lc_classifier","classifier_version":"1.1","class_name":"SNII","probability":0.2,"ranking":2},
             {"classifier_name":"stamp_classifier","classifier_version":"1.0","class_name":"SN","probability":0.9,"ranking":1}]
            """),
        _ => null,
    };

    private const string AlerceObject = $$"""
        {"oid":"{{ZtfName}}","ndethist":"2","ncovhist":12,"mjdstarthist":59000.25,"mjdendhist":59001.25,"corrected":true,"stellar":false,"ndet":2,"g_r_max":0.1,"firstmjd":59000.25,"lastmjd":59001.25,"deltajd":1.0,"meanra":150.10001,"meandec":2.20001,"sigmara":0.01,"sigmadec":0.01,"step_id_corr":"27.5"}
        """;

    private static SimulatedReply? AlerceLsst(SimulatedRequest request) => request.Path switch
    {
        "object_api/list_objects" => SimulatedReply.Json($$"""{"next":false,"has_next":false,"prev":false,"has_prev":false,"items":[{{AlerceLsstObject}}]}"""),
        "object_api/object" when request["oid"] == LsstName => SimulatedReply.Json(AlerceLsstObject),
        "lightcurve_api/detections" when request["oid"] == LsstName => SimulatedReply.Json($$"""
            [{"oid":"{{LsstName}}","measurement_id":170032915988086900,"mjd":61000.25,"band":2,"band_map":{"1":"g","2":"r","3":"i","4":"z","5":"y","6":"u"},"psfFlux":-1500.0,"psfFluxErr":250.0,"scienceFlux":9000.0,"ra":150.10001,"dec":2.20001,"has_stamp":true,"isNegative":true,"snr":6.0,"reliability":0.9},
             {"oid":"{{LsstName}}","measurement_id":170032915988086901,"mjd":61001.25,"band":6,"band_map":{"1":"g","2":"r","3":"i","4":"z","5":"y","6":"u"},"psfFlux":2000.0,"psfFluxErr":100.0,"scienceFlux":9000.0,"ra":150.10001,"dec":2.20001,"has_stamp":true,"isNegative":false,"snr":20.0,"reliability":0.95}]
            """),
        "stamps_api/stamp" when request["oid"] == LsstName => Stamp(request["stamp_type"][0] + 3),
        _ => null,
    };

    private const string AlerceLsstObject = $$"""
        {"oid":"{{LsstName}}","tid":1,"sid":1,"meanra":150.10001,"meandec":2.20001,"firstmjd":61000.25,"lastmjd":61001.25,"deltamjd":1.0,"n_det":2,"n_forced":0,"n_non_det":0}
        """;

    private static SimulatedReply? Fink(SimulatedRequest request)
    {
        var body = Body(request);
        return request.Path switch
        {
            "api/v1/classes" => SimulatedReply.Json("""{"Fink classifiers":["SN candidate","Kilonova candidate"]}"""),
            "api/v1/objects" when $"{body["objectId"]}" == ZtfName => SimulatedReply.Json($$"""
                [{{FinkRow(59001.25, 2, "f", 2)}},{{FinkRow(59000.25, 1, "t", 1)}},
                 {"i:jd":2459002.75,"i:fid":1,"i:magpsf":null,"i:sigmapsf":null,"i:diffmaglim":20.5,"i:objectId":"{{ZtfName}}","d:tag":"upperlim"}]
                """),
            "api/v1/objects" => SimulatedReply.Json("[]"),
            "api/v1/conesearch" => SimulatedReply.Json($"[{FinkRow(59001.25, 2, "f", 2)}]"),
            "api/v1/cutouts" when $"{body["objectId"]}" == ZtfName => Stamp($"{body["kind"]}"[0] + 7),
            _ => null,
        };
    }

    private static string FinkRow(double mjd, int fid, string sign, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
        {"i:objectId":"{{ZtfName}}","i:candid":124625000000000000{{number}},"i:jd":{{mjd + 2400000.5}},"i:fid":{{fid}},"i:magpsf":18.9,"i:sigmapsf":0.1,"i:isdiffpos":"{{sign}}","i:diffmaglim":20.5,"i:ra":150.10001,"i:dec":2.20001,"i:drb":0.98,"i:programid":1,"d:tag":"valid","d:cdsxmatch":"Unknown","d:rf_snia_vs_nonia":0.71,"d:snn_snia_vs_nonia":0.82,"d:lc_features_g":[0.1,0.2],"v:classification":"SN candidate","v:constellation":"Sextans"}
        """);

    private static SimulatedReply? FinkLsst(SimulatedRequest request)
    {
        var body = Body(request);
        return request.Path switch
        {
            "api/v1/tags" => SimulatedReply.Json("""["extragalactic_lt20mag_candidate"]"""),
            "api/v1/sources" when $"{body["diaObjectId"]}" == LsstName => SimulatedReply.Json($"[{FinkLsstRow(61000.25, "r", -1500, 250, 170032915988086900)},{FinkLsstRow(61001.25, "u", 2000, 100, 170032915988086901)}]"),
            "api/v1/sources" => SimulatedReply.Json("[]"),
            "api/v1/conesearch" => SimulatedReply.Json($"[{FinkLsstRow(61001.25, "u", 2000, 100, 170032915988086901)}]"),
            "api/v1/cutouts" => Stamp($"{body["kind"]}"[0] + 11),
            _ => null,
        };
    }

    private static string FinkLsstRow(double mjd, string band, double flux, double error, long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
        {"r:diaObjectId":{{LsstName}},"r:diaSourceId":{{id}},"r:midpointMjdTai":{{mjd}},"r:psfFlux":{{flux}},"r:psfFluxErr":{{error}},"r:band":"{{band}}","r:ra":150.10001,"r:dec":2.20001,"r:reliability":0.9,"f:main_label_class":"SN"}
        """);
}
