using System.Globalization;
using System.Text.Json.Nodes;

namespace SkyPortal.TestServer;

/// <summary>Brokers that answer only who has an account: BOOM, Babamul, Kowalski, Lasair; and one of any make.</summary>
public static class SimulatedAccountBrokers
{
    /// <summary>Name of the account.</summary>
    public const string User = "night-owl";

    /// <summary>Password of the account.</summary>
    public const string Password = "pass\"word-of-the-night-17";

    /// <summary>Token that the servers give or gave.</summary>
    public const string Token = "token-of-the-night-0123456789abcdef";

    /// <summary>Who signs in with the password gets it.</summary>
    public const string RenewedToken = "renewed-token-of-the-night-42";

    private const string ZtfName = SimulatedBrokers.ZtfName;

    private static readonly Dictionary<string, Func<SimulatedRequest, SimulatedReply?>> ByName = new(StringComparer.Ordinal)
    {
        ["Boom"] = Boom,
        ["Babamul"] = Babamul,
        ["Kowalski"] = Kowalski,
        ["LasairZtf"] = request => IsSignedIn(request, "Token") ? LasairZtf(request) : Unauthorized,
        ["Lasair"] = request => IsSignedIn(request, "Token") ? LasairLsst(request) : Unauthorized,
        ["LasairPictures"] = request => request.Path.StartsWith("fits/", StringComparison.Ordinal) ? SimulatedBrokers.Stamp(request.Path.Length) : null,
        ["AntaresPictures"] = request => request.Path.StartsWith("thumbnails/", StringComparison.Ordinal) ? SimulatedBrokers.Stamp(request.Path.Length + 5) : null,
        ["RestBroker"] = request => IsSignedIn(request, "Bearer") ? Rest(request) : Unauthorized,
    };

    /// <summary>The answer; null where the service or the path is not known.</summary>
    public static SimulatedReply? Answer(SimulatedRequest request) => ByName.GetValueOrDefault(request.Service)?.Invoke(request);

    private static SimulatedReply Unauthorized => new(401, """{"status":"error","message":"auth required"}"""u8.ToArray(), "application/json");

    private static bool IsSignedIn(SimulatedRequest request, string scheme) => request.Headers.GetValueOrDefault("Authorization") is { } header && (header == $"{scheme} {Token}" || header == $"{scheme} {RenewedToken}");

    // A number as the documents of BOOM hold it for ZTF: microjansky times a billion.
    private static string BoomPoint(double mjd, string band, double? flux, double error, int programme = 1) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"jd":{{mjd + 2400000.5}},"band":"{{band}}","psfFlux":{{(flux is { } value ? (value * 1e9).ToString("R", CultureInfo.InvariantCulture) : "null")}},"psfFluxErr":{{error * 1e9}},"ra":150.10001,"dec":2.20001,"programid":{{programme}}}
        """);

    private static string BoomCandidate(double mjd, string band, double flux, int programme = 1) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"jd":{{mjd + 2400000.5}},"band":"{{band}}","psfFlux":{{flux * 1e9}},"psfFluxErr":{{9.2103 * 1e9}},"magpsf":18.9,"sigmapsf":0.1,"isdiffpos":{{(flux > 0 ? "true" : "false")}},"ra":150.10001,"dec":2.20001,"programid":{{programme}},"drb":0.98,"ndethist":2}
        """);

    private static string BoomAlert => $$"""
        {"_id":1246250000000000002,"candid":1246250000000000002,"objectId":"{{ZtfName}}","candidate":{{BoomCandidate(59001.25, "r", -100)}},"properties":{"rock":false,"star":false,"near_brightstar":false,"stationary":true},"classifications":{"acai_h":0.91,"btsbot":0.8},"coordinates":{"l":238.1,"b":42.0} }
        """;

    // The third point of the forced photometry is of a proprietary programme, the fourth measured nothing.
    private static string BoomHistory => $$"""
        "prv_candidates":[{{BoomPoint(59000.25, "g", 100, 9.2103)}}],"prv_nondetections":[{{BoomPoint(59002.25, "g", null, 4.5817)}}],
        "fp_hists":[{{BoomPoint(59003.25, "g", 200, 10)}},{{BoomPoint(59004.25, "r", 5, 10)}},{{BoomPoint(59005.25, "g", 300, 10, 2)}},{"jd":2459006.75,"band":"g","psfFlux":-99999.0,"psfFluxErr":-99999.0,"programid":1}],
        "cross_matches":{"Gaia_DR3":[{"_id":"1","ra":150.1,"dec":2.2}]}
        """;

    private static SimulatedReply? Boom(SimulatedRequest request)
    {
        if (request.Path == "auth")
        {
            return request["username"] == User && request["password"] == Password
                ? SimulatedReply.Json($$"""{"access_token":"{{Token}}","token_type":"Bearer","expires_in":604800}""")
                : Unauthorized;
        }

        if (!IsSignedIn(request, "Bearer"))
        {
            return Unauthorized;
        }

        var body = SimulatedBrokers.Body(request);
        return (request.Path, $"{body["catalog_name"]}") switch
        {
            ("catalogs", _) => Data("""[{"name":"ZTF_alerts"},{"name":"Gaia_DR3"},{"name":"PS1_DR1"}]"""),
            ("queries/find", "ZTF_alerts") => Data(body["filter"]!.ToJsonString().Contains(ZtfName, StringComparison.Ordinal) || body["filter"]!["_id"] is not null ? $"[{BoomAlert}]" : "[]"),
            ("queries/find", "ZTF_alerts_aux") => Data($$"""[{"_id":"{{ZtfName}}",{{BoomHistory}}}]"""),
            ("queries/find", _) => Data("[]"),
            ("queries/cone_search", "ZTF_alerts") => Data($$"""{"here":[{{BoomAlert}}]}"""),
            ("queries/cone_search", "Gaia_DR3") => Data("""{"here":[{"_id":"3834567890123456789","ra":150.10001,"dec":2.20001,"phot_g_mean_mag":17.1}]}"""),
            ("queries/cone_search", _) => Data("""{"here":[]}"""),
            ("surveys/ZTF/cutouts", _) => Data($$"""{"candid":1246250000000000002,"cutoutScience":"{{Base64(21)}}","cutoutTemplate":"{{Base64(22)}}","cutoutDifference":"{{Base64(23)}}"}"""),
            _ => SimulatedBoomFilters.Answer(request),
        };
    }

    private static SimulatedReply Data(string json) => SimulatedReply.Json($$"""{"message":"ok","data":{{json}}}""");

    private static string Base64(int seed) => Convert.ToBase64String(SimulatedBrokers.Fits(seed));

    private static SimulatedReply? Babamul(SimulatedRequest request)
    {
        if (request.Path == "auth")
        {
            return request["password"] == Password ? SimulatedReply.Json($$"""{"access_token":"{{RenewedToken}}","token_type":"Bearer","expires_in":3600}""") : Unauthorized;
        }

        return !IsSignedIn(request, "Bearer") ? Unauthorized : request.Path switch
        {
            "profile" => SimulatedReply.Json("""{"username":"night-owl","email":"owl@example.org"}"""),
            "surveys/ZTF/alerts" => Data($"[{BoomAlert}]"),
            $"surveys/ZTF/objects/{ZtfName}" => Data(BoomAlert.TrimEnd()[..BoomAlert.TrimEnd().LastIndexOf('}')] + "," + BoomHistory + "}"),
            $"surveys/ZTF/objects/{ZtfName}/cross-matches" => Data("""{"Gaia_DR3":[{"_id":"1","ra":150.1,"dec":2.2}]}"""),
            "surveys/ZTF/cutouts" => Data($$"""{"candid":1246250000000000002,"cutoutScience":"{{Base64(31)}}","cutoutTemplate":"{{Base64(32)}}","cutoutDifference":"{{Base64(33)}}"}"""),
            _ => null,
        };
    }

    private static string KowalskiRow(double mjd, int fid, string sign, string rest) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"jd":{{mjd + 2400000.5}},"fid":{{fid}},"pid":1,"programid":1,"diffmaglim":20.5,"magpsf":18.9,"sigmapsf":0.1,"isdiffpos":"{{sign}}","ra":150.10001,"dec":2.20001,"rb":0.8,"drb":0.98{{rest}}}
        """);

    private static string KowalskiAlert => $$"""
        {"_id":{"$oid":"x"},"candid":1246250000000000002,"objectId":"{{ZtfName}}","schemavsn":"4.02","candidate":{{KowalskiRow(59001.25, 2, "f", ",\"ndethist\":2,\"sgscore1\":0.1")}},"classifications":{"braai":0.99,"acai_h":0.9} }
        """;

    private static SimulatedReply? Kowalski(SimulatedRequest request)
    {
        var body = SimulatedBrokers.Body(request);
        if (request.Path == "api/auth")
        {
            return $"{body["username"]}" == User && $"{body["password"]}" == Password ? SimulatedReply.Json($$"""{"status":"success","token":"{{Token}}"}""") : Unauthorized;
        }

        if (!IsSignedIn(request, "Bearer"))
        {
            return Unauthorized;
        }

        if (request.Path.StartsWith("api/cutouts/ztf/1246250000000000002/", StringComparison.Ordinal))
        {
            return SimulatedBrokers.Stamp(request.Path.Length);
        }

        if (request.Path != "api/queries")
        {
            return null;
        }

        var query = body["query"] as JsonObject ?? [];
        var catalog = query["catalog"]?.ToString() ?? (query["catalogs"] as JsonObject)?.Select(one => one.Key).FirstOrDefault();
        return ($"{body["query_type"]}", catalog) switch
        {
            ("info", _) => Mongo("""["ZTF_alerts","ZTF_alerts_aux","Gaia_DR3"]"""),
            ("find", "ZTF_alerts") => Mongo(query["filter"]!.ToJsonString().Contains(ZtfName, StringComparison.Ordinal) || query["filter"]!["candid"] is not null ? $"[{KowalskiAlert}]" : "[]"),
            ("find", "ZTF_alerts_aux") => Mongo($$"""
                [{"_id":"{{ZtfName}}","prv_candidates":[{{KowalskiRow(59000.25, 1, "t", "")}},{"jd":2459002.75,"fid":1,"pid":2,"programid":1,"diffmaglim":20.5,"magpsf":null},{{KowalskiRow(59007.25, 1, "t", "").Replace("\"programid\":1", "\"programid\":2", StringComparison.Ordinal)}}],
                "fp_hists":[{"jd":2459003.75,"fid":1,"programid":1,"forcediffimflux":1000.0,"forcediffimfluxunc":50.0,"magzpsci":26.4,"procstatus":"0","ranr":150.1,"decnr":2.2},
                            {"jd":2459004.75,"fid":1,"programid":1,"forcediffimflux":-99999.0,"forcediffimfluxunc":-99999.0,"magzpsci":26.4,"procstatus":"61"}],
                "cross_matches":{"Gaia_DR3":[]} }]
                """),
            ("cone_search", "ZTF_alerts") => Mongo($$"""{"ZTF_alerts":{"here":[{{KowalskiAlert}}]} }"""),
            ("cone_search", "Gaia_DR3") => Mongo("""{"Gaia_DR3":{"here":[{"_id":3834567890123456789,"ra":150.10001,"dec":2.20001}]}}"""),
            ("cone_search", { } other) => Mongo($$"""{"{{other}}":{"here":[]} }"""),
            _ => null,
        };
    }

    private static SimulatedReply Mongo(string json) => SimulatedReply.Json($$"""{"status":"success","message":"query executed","data":{{json}}}""");

    private static SimulatedReply? LasairZtf(SimulatedRequest request) => request.Path switch
    {
        "cone/" => SimulatedReply.Json($$"""[{"object":"{{ZtfName}}","separation":0.4}]"""),
        "object/" when request["objectId"] == ZtfName => SimulatedReply.Json($$"""
            {"objectId":"{{ZtfName}}","objectData":{"ramean":150.10001,"decmean":2.20001,"ncand":2},
            "candidates":[{"candid":1246250000000000002,"jd":2459001.75,"mjd":59001.25,"fid":2,"magpsf":18.9,"sigmapsf":0.1,"ra":150.10001,"dec":2.20001,"isdiffpos":"f","drb":0.98,
                "image_urls":{"Science":"https://lasair-ztf.lsst.ac.uk/fits/1_targ.fits","Template":"https://lasair-ztf.lsst.ac.uk/fits/1_ref_.fits","Difference":"https://lasair-ztf.lsst.ac.uk/fits/1_diff__.fits"} },
              {"candid":1246250000000000001,"jd":2459000.75,"mjd":59000.25,"fid":1,"magpsf":18.9,"sigmapsf":0.1,"ra":150.10001,"dec":2.20001,"isdiffpos":"t","drb":0.99},
              {"jd":2459002.75,"mjd":59002.25,"fid":1,"diffmaglim":20.5}],
            "sherlock":{"classification":"SN","description":"near a galaxy","separationArcsec":1.2},"TNS":{} }
            """),
        "object/" => new SimulatedReply(400, """{"error":"no such object"}"""u8.ToArray(), "application/json"),
        "query/" => LasairQuery(request, $$"""[{"objectId":"{{ZtfName}}","gmag":18.9},{"objectId":"ZTF20aaaaaab","gmag":19.2},{"objectId":"ZTF20aaaaaac","gmag":null}]"""),
        _ => null,
    };

    // A column that is named no_such_column is refused as the server does.
    private static SimulatedReply LasairQuery(SimulatedRequest request, string rows) => (request["selected"] + request["conditions"]).Contains("no_such_column", StringComparison.Ordinal)
        ? new SimulatedReply(400, """{"error":"Unknown column 'no_such_column' in 'where clause'"}"""u8.ToArray(), "application/json")
        : SimulatedReply.Json(new JsonArray([.. JsonNode.Parse(rows)!.AsArray().Skip(int.Parse("0" + request["offset"], CultureInfo.InvariantCulture))
            .Take(int.Parse(request["limit"], CultureInfo.InvariantCulture)).Select(row => row!.DeepClone())]).ToJsonString());

    private static SimulatedReply? LasairLsst(SimulatedRequest request) => request.Path switch
    {
        "cone/" => SimulatedReply.Json($$"""[{"object":{{SimulatedBrokers.LsstName}},"separation":0.4}]"""),
        "object/" when request["objectId"] == SimulatedBrokers.LsstName => SimulatedReply.Json($$"""
            {"diaObjectId":{{SimulatedBrokers.LsstName}},"diaObject":{"ra":150.10001,"decl":2.20001,"nDiaSources":2},
            "diaSourcesList":[{"diaSourceId":170032915988086900,"midpointMjdTai":61000.25,"band":"r","psfFlux":-1500.0,"psfFluxErr":250.0,"ra":150.10001,"decl":2.20001,"reliability":0.9},
                              {"diaSourceId":170032915988086901,"midpointMjdTai":61001.25,"band":"u","psfFlux":2000.0,"psfFluxErr":100.0,"ra":150.10001,"decl":2.20001,"reliability":0.95}],
            "diaForcedSourcesList":[],
            "lasairData":{"sherlock":{"classification":"SN"},"imageUrls":[{"diaSourceId":170032915988086901,"Science":"https://lasair.lsst.ac.uk/fits/a.fits","Template":"https://lasair.lsst.ac.uk/fits/ab.fits","Difference":"https://lasair.lsst.ac.uk/fits/abc.fits"}]} }
            """),
        "object/" => new SimulatedReply(400, """{"error":"no such object"}"""u8.ToArray(), "application/json"),
        "query/" => LasairQuery(request, $$"""[{"diaObjectId":{{SimulatedBrokers.LsstName}}}]"""),
        _ => null,
    };

    private static SimulatedReply? Rest(SimulatedRequest request)
    {
        const string alert = $$"""
            {"objectId":"{{ZtfName}}","candid":1246250000000000002,"jd":2459001.75,"survey":"ZTF","candidate":{"ra":150.10001,"dec":2.20001,"jd":2459001.75,"band":"r","magpsf":18.9,"sigmapsf":0.1,"isdiffpos":"f","drb":0.98},
            "prv_candidates":[{"jd":2459000.75,"band":"g","psfFlux":100000.0,"psfFluxErr":9210.3,"ra":150.10001,"dec":2.20001}],"prv_nondetections":[{"jd":2459002.75,"band":"g","diffmaglim":20.5}],"fp_hists":[],"properties":{"kind":"SN"} }
            """;
        return request.Path switch
        {
            "alerts" => Data($"[{alert}]"),
            $"alerts/{ZtfName}" => Data(alert),
            _ => null,
        };
    }
}
