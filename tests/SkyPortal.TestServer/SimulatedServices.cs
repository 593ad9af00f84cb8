using SkyPortal.TestSupport;

namespace SkyPortal.TestServer;

/// <summary>What each simulated service answers where a test tells nothing else. Add an entry per service that a node may call.</summary>
internal static class SimulatedServices
{
    private static readonly Dictionary<string, Func<SimulatedRequest, SimulatedReply?>> ByName = new(StringComparer.Ordinal)
    {
        ["Irsa"] = request => request.Path switch
        {
            "cgi-bin/ZTF/nph_light_curves" => SimulatedReply.Text(RecordedReplies.Ztf, "text/csv"),
            "TAP/sync" when request["QUERY"].Contains("neowiser_p1bs_psd", StringComparison.Ordinal) => SimulatedReply.Text(RecordedReplies.Neowise, "text/csv"),
            "TAP/sync" when request["QUERY"].Contains("allwise_p3as_mep", StringComparison.Ordinal) => SimulatedReply.Text(RecordedReplies.Allwise, "text/csv"),
            "TAP/sync" when request["QUERY"].Contains("allwise_p3as_psd", StringComparison.Ordinal) => SimulatedReply.Text(RecordedReplies.AllwiseSource, "text/csv"),
            "TAP/sync" => SimulatedReply.Fault(400, "table not known"),
            _ => null,
        },
        ["Sesame"] = request => request.Path == "-oxp/SNV" ? SimulatedReply.Text(RecordedReplies.Sesame(Uri.UnescapeDataString(request.RawQuery.TrimStart('?'))), "text/xml") : null,
        ["GaiaAip"] = Gaia,
        ["GaiaEsa"] = Gaia,
        ["GaiaData"] = request => request["RETRIEVAL_TYPE"] == "EPOCH_PHOTOMETRY" ? SimulatedReply.Text(RecordedReplies.GaiaEpochs, "text/csv") : null,
        ["GaiaAlerts"] = request => request.Path switch
        {
            "alerts/alerts.csv" => SimulatedReply.Text(RecordedReplies.GaiaAlertsIndex, "text/csv"),
            "alerts/alert/Gaia21xyz/lightcurve.csv/" => SimulatedReply.Text(RecordedReplies.GaiaAlert, "text/csv"),
            _ => null,
        },
        ["Crts"] = request => request.Path == "getcssconedb_release_img.cgi" ? SimulatedReply.Text(RecordedReplies.Crts, "text/html") : null,
        ["Sdss"] = request => request.Path == "SkyServerWS/SearchTools/SqlSearch" ? SimulatedReply.Text(RecordedReplies.Sdss, "text/csv") : null,
        ["MastCatalogs"] = request => request.Path switch
        {
            "api/v0.1/panstarrs/dr2/mean.csv" => SimulatedReply.Text(RecordedReplies.PanStarrsMean, "text/csv"),
            "api/v0.1/panstarrs/dr2/detection.csv" => SimulatedReply.Text(RecordedReplies.PanStarrsDetections, "text/csv"),
            _ => null,
        },
        ["Linear"] = request => request.Path == "lightcurve" ? SimulatedReply.Text(RecordedReplies.Linear) : null,
        ["AsasSn"] = request => request.Path switch
        {
            "photometry.json" => SimulatedReply.Json(RecordedReplies.AsasSnIndex),
            "photometry/export_source/7df0eb29-0b68-57ef-8ce2-83dc7b5684da" => SimulatedReply.Text(RecordedReplies.AsasSn, "text/csv"),
            _ => null,
        },
        ["AtlasForced"] = AtlasForced,
        ["AtlasServer"] = request => !request.Headers.GetValueOrDefault("Authorization", "").StartsWith("Token ", StringComparison.Ordinal)
            ? SimulatedReply.Fault(401, """{"detail":"Authentication credentials were not provided."}""")
            : request.Path switch
            {
                "cone/" => SimulatedReply.Json("""[{"object":1100024010021200100,"separation":0.42}]"""),
                "objects/" => SimulatedReply.Json(RecordedReplies.AtlasObjects),
                "objectgroupslist/" => SimulatedReply.Json("""[{"transient_object_id":1100024010021200100,"object_group_id":72}]"""),
                "objectgroups/" => new SimulatedReply(201, System.Text.Encoding.UTF8.GetBytes($$"""{"objectgroupid":{{request["objectgroupid"]}},"info":"{{(request["objectgroupid"] == "999" ? "Object group ID does not exist." : "Row created.")}}"}"""), "application/json"),
                "objectgroupsdelete/" => SimulatedReply.Fault(204),
                _ => null,
            },
        ["Antares"] = request => request.Path switch
        {
            "loci" => SimulatedReply.Json(RecordedReplies.AntaresLoci),
            "loci/ANT2020abcde/alerts" => SimulatedReply.Json(RecordedReplies.AntaresAlerts),
            _ => null,
        },
        ["Vizier"] = request => request["-source"] switch
        {
            "VIII/92/first14" => SimulatedReply.Text(RecordedReplies.First, "text/tab-separated-values"),
            "VII/290" => SimulatedReply.Text(RecordedReplies.Quasars, "text/tab-separated-values"),
            "II/335/galex_ais" => SimulatedReply.Text(RecordedReplies.Galex, "text/tab-separated-values"),
            _ => SimulatedReply.Text("#\n#***No catalogue\n"),
        },
        ["DataLab"] = request => request["sql"] switch
        {
            var sql when sql.Contains("FROM ls_dr10.photo_z", StringComparison.Ordinal) => SimulatedReply.Text(RecordedReplies.PhotoZ, "text/csv"),
            var sql when sql.Contains("FROM desi_dr1.zpix", StringComparison.Ordinal) => SimulatedReply.Text(RecordedReplies.Desi, "text/csv"),
            _ => SimulatedReply.Fault(400, "Error: relation does not exist"),
        },
    };

    /// <summary>The answer; null where the service or the path is not known.</summary>
    public static SimulatedReply? Answer(SimulatedRequest request) => ByName.GetValueOrDefault(request.Service)?.Invoke(request) ?? SimulatedSky.Answer(request);

    private static SimulatedReply? Gaia(SimulatedRequest request) => request.Path != "sync" ? null
        : request["QUERY"].Contains("has_epoch_photometry", StringComparison.Ordinal) ? SimulatedReply.Text(RecordedReplies.GaiaSource, "text/csv")
        : request["QUERY"].Contains("phot_bp_mean_mag", StringComparison.Ordinal) ? SimulatedReply.Text(RecordedReplies.GaiaStars, "text/csv")
        : null;

    // A task is finished when it is asked for.
    private static SimulatedReply? AtlasForced(SimulatedRequest request) => request switch
    {
        { Path: "queue/", Method: "POST" } => new SimulatedReply(201, """{"url":"https://fallingstar-data.com/forcedphot/queue/17/","id":17}"""u8.ToArray(), "application/json"),
        { Path: "queue/17/" } => SimulatedReply.Json("""{"url":"https://fallingstar-data.com/forcedphot/queue/17/","starttimestamp":"2026-01-01T00:00:00Z","finishtimestamp":"2026-01-01T00:01:00Z","error_msg":null,"result_url":"https://fallingstar-data.com/forcedphot/static/results/job17.txt"}"""),
        { Path: "static/results/job17.txt" } => SimulatedReply.Text(RecordedReplies.AtlasForced),
        _ => null,
    };
}
