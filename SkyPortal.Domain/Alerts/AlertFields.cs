using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Domain.Alerts;

/// <summary>Which of the archive's arrays holds a field.</summary>
public enum AlertFieldColumn
{
    /// <summary>Single precision; truth values as 0 and 1.</summary>
    Singles,

    /// <summary>Double precision: times and positions.</summary>
    Doubles,

    /// <summary>64 bit integers, which no floating number holds exactly.</summary>
    Integers,
}

/// <summary>A numeric field of a survey's main record, as the archive holds it for searches.</summary>
/// <param name="Survey">Name of the survey.</param>
/// <param name="Name">Name as in the survey's schema.</param>
/// <param name="Column">The array that holds it.</param>
/// <param name="Position">Its place in that array, from 1.</param>
/// <param name="IsComputed">Whether the packet does not say it; it is computed when the packet comes in.</param>
public sealed record AlertField(string Survey, string Name, AlertFieldColumn Column, int Position, bool IsComputed)
{
    /// <summary>What it is, with its unit in brackets; null where only the survey's own documents tell.</summary>
    public string? Meaning => AlertFields.MeaningOf(Survey, Name);
}

/// <summary>
/// The numeric fields of the surveys' main records and their places in the arrays of the archive. Rows that are there already keep
/// their places: fields are added at the end of a table only, and none is ever taken away.
/// </summary>
public static class AlertFields
{
    /// <summary>Brightness now minus the last one before in the same band [mag]; positive where it faded.</summary>
    public const string DeltaMagLatest = "deltamaglatest";

    /// <summary>Brightness of the reference minus that of the difference [mag].</summary>
    public const string DeltaMagRef = "deltamagref";

    /// <summary>Galactic longitude [deg].</summary>
    public const string GalacticLongitude = "l";

    /// <summary>Galactic latitude [deg].</summary>
    public const string GalacticLatitude = "b";

    // A letter before the name: f single, d double, i integer, t truth value; + where computed here. Those that searches ask for most
    // come first. ZTF: public schema ztf-avro-alert 4.02. LSST: alert_packet 11.0. WINTER and DECam: the schemas in their packets.
    private const string Ztf = """
        f:magpsf f:rb f:drb f:distnr f:magap f:fwhm f:classtar f:nbad f:elong f:magnr f:sigmapsf f:fid +f:deltamaglatest +f:deltamagref
        f:ndethist f:ncovhist f:ssdistnr f:ssmagnr f:sgscore1 f:distpsnr1 f:nneg f:diffmaglim f:programid f:nid f:rcid f:field f:xpos f:ypos
        f:chipsf f:sigmagap f:sigmagnr f:chinr f:sharpnr f:sky f:magdiff f:mindtoedge f:magfromlim f:seeratio f:aimage f:bimage f:aimagerat
        f:bimagerat f:sumrat f:magapbig f:sigmagapbig f:sgmag1 f:sgmag2 f:sgmag3 f:srmag1 f:srmag2 f:srmag3 f:simag1 f:simag2 f:simag3 f:szmag1
        f:szmag2 f:szmag3 f:sgscore2 f:sgscore3 f:distpsnr2 f:distpsnr3 f:nmtchps f:tooflag f:nframesref f:dsnrms f:ssnrms f:dsdiff f:magzpsci
        f:magzpsciunc f:magzpscirms f:nmatches f:clrcoeff f:clrcounc f:zpclrcov f:zpmed f:clrmed f:clrrms f:neargaia f:neargaiabright f:maggaia
        f:maggaiabright f:exptime
        +d:l +d:b d:jdstarthist d:jdendhist d:scorr d:ranr d:decnr d:jdstartref d:jdendref
        i:objectidps1 i:objectidps2 i:objectidps3 i:pid i:tblid i:rfid
        """;

    private const string Lsst = """
        f:reliability f:psfFlux f:psfFluxErr f:snr f:extendedness +f:deltamaglatest +f:deltamagref f:scienceFlux f:scienceFluxErr f:templateFlux
        f:templateFluxErr f:apFlux f:apFluxErr t:isNegative t:isDipole f:trailLength f:detector f:raErr f:decErr f:ra_dec_Cov f:x f:xErr f:y f:yErr
        t:centroid_flag t:apFlux_flag t:apFlux_flag_apertureTruncated f:psfLnL f:psfChi2 f:psfNdata t:psfFlux_flag t:psfFlux_flag_edge
        t:psfFlux_flag_noGoodPixels f:trailFlux f:trailFluxErr f:trailRaErr f:trailDecErr f:trailLengthErr f:trailAngle f:trailAngleErr f:trailChi2
        f:trailNdata t:trail_flag_edge f:dipoleMeanFlux f:dipoleMeanFluxErr f:dipoleFluxDiff f:dipoleFluxDiffErr f:dipoleLength f:dipoleAngle
        f:dipoleChi2 f:dipoleNdata t:forced_PsfFlux_flag t:forced_PsfFlux_flag_edge t:forced_PsfFlux_flag_noGoodPixels f:ixx f:iyy f:ixy f:ixxPSF
        f:iyyPSF f:ixyPSF t:shape_flag t:shape_flag_no_pixels t:shape_flag_not_contained t:shape_flag_parent_source t:dipoleFitAttempted f:bboxSize
        t:pixelFlags t:pixelFlags_bad t:pixelFlags_cr t:pixelFlags_crCenter t:pixelFlags_edge t:pixelFlags_nodata t:pixelFlags_nodataCenter
        t:pixelFlags_interpolated t:pixelFlags_interpolatedCenter t:pixelFlags_offimage t:pixelFlags_saturated t:pixelFlags_saturatedCenter
        t:pixelFlags_suspect t:pixelFlags_suspectCenter t:pixelFlags_streak t:pixelFlags_streakCenter t:pixelFlags_injected
        t:pixelFlags_injectedCenter t:pixelFlags_injected_template t:pixelFlags_injected_templateCenter t:glint_trail
        +d:l +d:b d:midpointMjdTai d:timeProcessedMjdTai d:timeWithdrawnMjdTai d:trailRa d:trailDec
        i:diaObjectId i:ssObjectId i:parentDiaSourceId i:visit
        """;

    private const string Winter = """
        f:magpsf f:rb f:distnr f:magap f:fwhm f:classtar f:nbad f:elong f:magnr f:sigmapsf f:fid +f:deltamaglatest +f:deltamagref f:ndethist
        f:ssdistnr f:ssmagnr f:sgscore1 f:distpsnr1 f:nneg f:diffmaglim f:programid f:field f:xpos f:ypos f:chipsf f:sigmagap f:sigmagnr f:sky
        f:magdiff f:mindtoedge f:magfromlim f:seeratio f:aimage f:bimage f:aimagerat f:bimagerat f:sumrat f:magapbig f:sigmagapbig f:sgmag1 f:sgmag2
        f:sgmag3 f:srmag1 f:srmag2 f:srmag3 f:simag1 f:simag2 f:simag3 f:szmag1 f:szmag2 f:szmag3 f:sgscore2 f:sgscore3 f:distpsnr2 f:distpsnr3
        f:nmtchps t:tooflag f:dsnrms f:ssnrms f:dsdiff f:magzpsci f:magzpsciunc f:magzpscirms f:clrcoeff f:clrcounc f:zpclrcov f:zpmed f:clrmed
        f:clrrms f:neargaia f:neargaiabright f:maggaia f:maggaiabright f:exptime t:deprecated f:nmtchtm f:tmjmag1 f:tmhmag1 f:tmkmag1 f:tmjmag2
        f:tmhmag2 f:tmkmag2 f:tmjmag3 f:tmhmag3 f:tmkmag3
        +d:l +d:b d:jdstarthist d:jdendhist d:scorr d:psra1 d:psdec1
        """;

    private const string Decam = """
        f:psfFlux f:psfFluxErr f:reliability f:forcediffimflux f:forcediffimfluxunc f:forcediffimmag f:forcediffimmagunc f:diffmaglim
        +f:deltamaglatest +f:deltamagref
        +d:l +d:b
        """;

    private static readonly (string Survey, string Record, IReadOnlyList<AlertField> Fields)[] Surveys =
    [
        ("ZTF", "candidate", Parse("ZTF", Ztf)),
        ("LSST", "diaSource", Parse("LSST", Lsst)),
        ("WINTER", "candidate", Parse("WINTER", Winter)),
        ("DECam", "candidate", Parse("DECam", Decam)),
    ];

    private static readonly ILookup<string, AlertField> ByName =
        Surveys.SelectMany(survey => survey.Fields).ToLookup(field => field.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the surveys whose packets are archived.</summary>
    public static IReadOnlyList<string> SurveyNames { get; } = [.. Surveys.Select(survey => survey.Survey)];

    /// <summary>The fields of a survey, in the order of its table; none where the survey is not known.</summary>
    public static IReadOnlyList<AlertField> Of(string survey) => Array.Find(Surveys, known => known.Survey == survey).Fields ?? [];

    /// <summary>The fields of a name, one for each survey that has it; case does not matter. Empty where none has it.</summary>
    public static IReadOnlyList<AlertField> Named(string name) => [.. ByName[name]];

    /// <summary>Every name, each once.</summary>
    public static IEnumerable<string> Names => ByName.Select(fields => fields.Key);

    /// <summary>Known names that somebody may have meant, closest first.</summary>
    public static IEnumerable<string> Closest(string name, IEnumerable<string> more) => NameSuggestions.Closest(name, Names.Concat(more));

    /// <summary>Name of the field of a survey's packet that holds its main record; null where the survey is not known.</summary>
    public static string? RecordOf(string survey) => Array.Find(Surveys, known => known.Survey == survey).Record;

    /// <summary>What a field of the main record is, with its unit in brackets; null where only the survey's own documents tell.</summary>
    public static string? MeaningOf(string survey, string name) => name switch
    {
        DeltaMagLatest => "Magnitude now minus the last one before in the same band; positive where it faded [mag]",
        DeltaMagRef => "Magnitude of the reference minus that of the difference; positive where brighter than the reference [mag]",
        GalacticLongitude => "Galactic longitude [deg]",
        GalacticLatitude => "Galactic latitude [deg]",
        _ => FilterMeanings.Of($"{RecordOf(survey)}.{name}") ?? PacketMeanings.Of(survey, name),
    };

    private static IReadOnlyList<AlertField> Parse(string survey, string table)
    {
        var next = new int[3];
        return
        [
            .. table.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(entry =>
            {
                var isComputed = entry[0] == '+';
                var parts = entry.TrimStart('+').Split(':');
                var column = parts[0] switch { "d" => AlertFieldColumn.Doubles, "i" => AlertFieldColumn.Integers, _ => AlertFieldColumn.Singles };
                return new AlertField(survey, parts[1], column, ++next[(int)column], isComputed);
            }),
        ];
    }
}
