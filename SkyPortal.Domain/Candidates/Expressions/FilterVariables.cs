using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>The survey-independent names, the same for every survey so that one filter text can serve all.</summary>
public static class FilterVariables
{
    /// <summary>Layout of the elements of <c>history</c>.</summary>
    public static PacketLayout History { get; } = LayoutTable.Parse(
        "history",
        """
        mjd double?; band string?; mag double?; magerr double?; flux_ujy double?; fluxerr_ujy double?; snr double?;
        limiting_mag double?; is_detection boolean; is_forced boolean; is_positive boolean?; drb double?;
        ra double?; dec double?
        """);

    /// <summary>The name that needs the site's own sources.</summary>
    public const string SourceDistance = "source_distance_arcsec";

    /// <summary>Layout of the elements of <c>watches</c>.</summary>
    public static PacketLayout Watches { get; } = LayoutTable.Parse("watches", "list string; label string?; distance_arcsec double?; is_name boolean");

    /// <summary>All names with their meaning.</summary>
    public static IReadOnlyList<FilterVariable> All { get; } =
    [
        Text("survey", "Survey that sent the alert: ztf or lsst", alert => alert.Survey),
        Text("object_id", "The survey's identifier of the object", alert => alert.ObjectId),
        new("program_id", PacketFieldKind.Integer, "Access programme; 1 is public", context => context.Summary.ProgramId),
        Number("mjd", "Time of the detection [MJD; ZTF UTC, LSST TAI]", alert => alert.Current.Mjd),
        Number("ra", "Right ascension, J2000 [deg]", alert => alert.Current.RaDeg),
        Number("dec", "Declination, J2000 [deg]", alert => alert.Current.DecDeg),
        Number(
            "galactic_latitude_deg",
            "Galactic latitude [deg]",
            alert => FilterRuntime.GalacticLatitudeDeg(alert.Current.RaDeg ?? double.NaN, alert.Current.DecDeg ?? double.NaN)),
        Text("band", "Band letter, such as g", alert => alert.Current.Band),
        Number("mag", "PSF magnitude of the difference [AB]", alert => alert.Current.MagnitudeAb),
        Number("magerr", "Its 1-sigma error [mag]", alert => alert.Current.MagnitudeError),
        Number("flux_ujy", "PSF flux of the difference, negative where fainter than the reference [uJy]", alert => alert.Current.FluxMicroJansky),
        Number("fluxerr_ujy", "Its 1-sigma error [uJy]", alert => alert.Current.FluxErrorMicroJansky),
        Number("snr", "Signal-to-noise of the detection", alert => alert.Current.SignalToNoise),
        Number("limiting_mag", "5-sigma limiting magnitude [AB]", alert => alert.Current.LimitingMagnitudeAb),
        Truth("is_positive", "Brighter than the reference", alert => alert.Current.IsPositive),
        Number("drb", "Real/bogus score, 0 to 1 (ZTF drb, else rb; LSST reliability)", alert => alert.Current.Score),
        new("n_detections", PacketFieldKind.Integer, "Detections so far, this one included", context => context.Summary.DetectionCount),
        Number("first_detection_mjd", "Time of the first detection [MJD]", alert => alert.FirstDetectionMjd),
        Number("age_days", "Time since the first detection [d]", alert => alert.AgeDays),
        Number("peak_mag", "Brightest positive detection in the packet [AB]", alert => alert.PeakMagnitudeAb),
        Truth("is_moving", "Belongs to a known solar-system body (ZTF: one within 12 arcsec)", alert => alert.IsMoving),
        Number("nearest_solar_system_arcsec", "Distance to the nearest known solar-system body [arcsec]", alert => alert.SolarSystemDistanceArcsec),
        Text("solar_system_name", "Name of that body", alert => alert.SolarSystemName),
        Number("star_galaxy_score", "Nearest catalogued source: star 1, galaxy 0 (ZTF only)", alert => alert.StarGalaxyScore),
        Number("star_distance_arcsec", "Distance to that source [arcsec] (ZTF only)", alert => alert.StarDistanceArcsec),
        Number("rise_rate", "Brightening in the band of the alert over the last ten days, negative while it fades [mag/d]", AlertTrends.RiseRateMagPerDay),
        Number("colour_g_r", "Latest g minus latest r magnitude, at most two days apart [mag]", AlertTrends.ColourGMinusRMag),
        new("history", PacketFieldKind.Array, "All measurements in the packet, this one included, in order of time", HistoryRecords, History),
        new(
            "watch_distance_arcsec",
            PacketFieldKind.Number,
            "Distance to the nearest position within its radius on a watch list of the group [arcsec]",
            context => context.Watches.Min(hit => hit.DistanceArcsec)),
        new(
            SourceDistance,
            PacketFieldKind.Number,
            "Distance to the nearest source saved to the group, itself included, at most 60 arcsec away [arcsec]",
            context => context.SourceDistanceArcsec),
        new("watches", PacketFieldKind.Array, "What it matches on watch lists of the group", WatchRecords, Watches),
    ];

    private static FilterVariable Number(string name, string description, Func<AlertSummary, double?> value) =>
        new(name, PacketFieldKind.Number, description, context => value(context.Summary));

    private static FilterVariable Text(string name, string description, Func<AlertSummary, string?> value) =>
        new(name, PacketFieldKind.Text, description, context => value(context.Summary));

    private static FilterVariable Truth(string name, string description, Func<AlertSummary, bool?> value) =>
        new(name, PacketFieldKind.Boolean, description, context => value(context.Summary));

    private static object?[] WatchRecords(FilterContext context) =>
        [.. context.Watches.Select(object? (hit) => new PacketRecord(
            Watches, [hit.Source.List?.Name, hit.Source.Label, hit.DistanceArcsec, hit.DistanceArcsec is null]))];

    private static object?[] HistoryRecords(FilterContext context) =>
        [.. context.Summary.History.Select(object? (point) => new PacketRecord(
            History,
            [
                point.Mjd, point.Band, point.MagnitudeAb, point.MagnitudeError, point.FluxMicroJansky,
                point.FluxErrorMicroJansky, point.SignalToNoise, point.LimitingMagnitudeAb, point.IsDetection,
                point.IsForced, point.IsPositive, point.Score, point.RaDeg, point.DecDeg,
            ]))];
}
