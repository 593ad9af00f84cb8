using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Reads the survey-independent view of a ZTF packet.</summary>
internal static class ZtfAlertSummary
{
    // ZTF lists the nearest body within 30 arcsec; within 12 the match is taken to be the source itself.
    private const double MovingWithinArcsec = 12;

    private const double MicroJanskyZeroPoint = 23.9;
    private const double MjdOffset = 2_400_000.5;

    // 2.5 / ln 10: magnitude error per relative flux error.
    private const double MagnitudesPerRelativeError = 1.0857362047581294;

    private const double ForcedDetectionSigma = 3;

    // "No value" is -999 in the candidate and -99999 in forced photometry.
    private const double CandidateSentinel = -999;
    private const double ForcedSentinel = -99_999;

    private static readonly PacketFieldReader Candidate = new("candidate");
    private static readonly PacketFieldReader Previous = new("prv_candidates");
    private static readonly PacketFieldReader Forced = new("fp_hists");
    private static readonly PacketFieldReader ObjectId = new("objectId");
    private static readonly PacketFieldReader Candid = new("candid");
    private static readonly PacketFieldReader PreviousCandid = new("candid");
    private static readonly PacketFieldReader ProgramId = new("programid");
    private static readonly PacketFieldReader FirstJd = new("jdstarthist");
    private static readonly PacketFieldReader DetectionCount = new("ndethist");
    private static readonly PacketFieldReader SolarSystemDistance = new("ssdistnr");
    private static readonly PacketFieldReader SolarSystemName = new("ssnamenr");
    private static readonly PacketFieldReader StarGalaxyScore = new("sgscore1");
    private static readonly PacketFieldReader StarDistance = new("distpsnr1");
    private static readonly PointReaders CandidateFields = new();
    private static readonly PointReaders PreviousFields = new();
    private static readonly PointReaders ForcedFields = new();
    private static readonly PacketFieldReader ForcedFlux = new("forcediffimflux");
    private static readonly PacketFieldReader ForcedFluxError = new("forcediffimfluxunc");
    private static readonly PacketFieldReader ForcedZeroPoint = new("magzpsci");
    private static readonly PacketFieldReader ForcedStatus = new("procstatus");

    public static AlertSummary Read(PacketRecord packet)
    {
        var candidate = Candidate.Record(packet);
        var current = Detection(CandidateFields, candidate);
        var points = new List<AlertPoint>();
        var candid = Candid.Value(packet);
        foreach (var item in Previous.Items(packet) ?? [])
        {
            // Some brokers repeat the alert's own detection in its history.
            if (item is PacketRecord previous && !(candid is not null && Equals(PreviousCandid.Value(previous), candid)))
            {
                points.Add(Detection(PreviousFields, previous));
            }
        }

        points.Add(current);
        var (firstMjd, count) = AlertSummary.Detections(
            points,
            Mjd(FirstJd.NumberOrNull(candidate)),
            DetectionCount.Value(candidate) as long?);
        foreach (var item in Forced.Items(packet) ?? [])
        {
            if (item is PacketRecord forced && ForcedPoint(forced) is { } point)
            {
                points.Add(point);
            }
        }

        var bodyDistance = Known(SolarSystemDistance.NumberOrNull(candidate), atLeast: 0);
        var bodyName = SolarSystemName.Text(candidate);
        return new AlertSummary
        {
            Survey = "ztf",
            ObjectId = ObjectId.Text(packet),
            ProgramId = ProgramId.Value(candidate) as long?,
            Current = current,
            History = AlertSummary.InOrder(points),
            FirstDetectionMjd = firstMjd,
            DetectionCount = count,
            SolarSystemDistanceArcsec = bodyDistance,
            SolarSystemName = bodyName is null or "null" or "" || bodyDistance is null ? null : bodyName,
            IsMoving = bodyDistance <= MovingWithinArcsec,
            StarGalaxyScore = Known(StarGalaxyScore.NumberOrNull(candidate), atLeast: 0),
            StarDistanceArcsec = Known(StarDistance.NumberOrNull(candidate), atLeast: 0),
        };
    }

    private static AlertPoint Detection(PointReaders fields, PacketRecord? record)
    {
        var magnitude = Known(fields.Magnitude.NumberOrNull(record));
        var error = Known(fields.MagnitudeError.NumberOrNull(record), atLeast: 0);
        var limit = Known(fields.LimitingMagnitude.NumberOrNull(record));
        var positive = magnitude is null ? null : fields.IsPositive.Truth(record);
        var flux = magnitude is { } detected ? FluxMicroJansky(detected) : (double?)null;
        return new AlertPoint
        {
            Mjd = Mjd(fields.Jd.NumberOrNull(record)),
            Band = Band(fields.FilterId.Value(record)),
            MagnitudeAb = magnitude,
            MagnitudeError = magnitude is null ? null : error,
            FluxMicroJansky = positive == false ? -flux : flux,
            FluxErrorMicroJansky = flux is null
                ? limit is { } faintest ? FluxMicroJansky(faintest) / 5 : null
                : flux * error / MagnitudesPerRelativeError,
            LimitingMagnitudeAb = limit,
            SignalToNoise = magnitude is not null && error > 0 ? MagnitudesPerRelativeError / error : null,
            IsDetection = magnitude is not null,
            IsPositive = positive,
            Score = Known(fields.DeepScore.NumberOrNull(record) ?? fields.Score.NumberOrNull(record), atLeast: 0),
            RaDeg = fields.Ra.NumberOrNull(record),
            DecDeg = fields.Dec.NumberOrNull(record),
        };
    }

    /// <summary>A forced measurement; null where the survey marks it as failed.</summary>
    private static AlertPoint? ForcedPoint(PacketRecord record)
    {
        var counts = ForcedFlux.NumberOrNull(record);
        var countsError = ForcedFluxError.NumberOrNull(record);
        var zeroPoint = Known(ForcedZeroPoint.NumberOrNull(record));
        if (ForcedStatus.Text(record) is not (null or "0")
            || counts is not > ForcedSentinel
            || countsError is not > 0
            || zeroPoint is null)
        {
            return null;
        }

        var microJanskyPerCount = Math.Pow(10, -0.4 * (zeroPoint.Value - MicroJanskyZeroPoint));
        var flux = counts.Value * microJanskyPerCount;
        var error = countsError.Value * microJanskyPerCount;
        var detected = Math.Abs(flux) > ForcedDetectionSigma * error;
        return new AlertPoint
        {
            Mjd = Mjd(ForcedFields.Jd.NumberOrNull(record)),
            Band = Band(ForcedFields.FilterId.Value(record)),
            MagnitudeAb = detected ? MicroJanskyZeroPoint - (2.5 * Math.Log10(Math.Abs(flux))) : null,
            MagnitudeError = detected ? MagnitudesPerRelativeError * error / Math.Abs(flux) : null,
            FluxMicroJansky = flux,
            FluxErrorMicroJansky = error,
            LimitingMagnitudeAb = Known(ForcedFields.LimitingMagnitude.NumberOrNull(record)),
            SignalToNoise = Math.Abs(flux) / error,
            IsDetection = detected,
            IsForced = true,
            IsPositive = flux > 0,
        };
    }

    private static double FluxMicroJansky(double magnitudeAb) => Math.Pow(10, -0.4 * (magnitudeAb - MicroJanskyZeroPoint));

    private static double? Mjd(double? jd) => jd - MjdOffset;

    private static string? Band(object? filterId) => filterId switch
    {
        1L => "g",
        2L => "r",
        3L => "i",
        _ => null,
    };

    private static double? Known(double? value, double atLeast = CandidateSentinel + 1) => value >= atLeast ? value : null;

    /// <summary>One reader per field for each kind of record, so that each remembers the layout of its own.</summary>
    private sealed class PointReaders
    {
        public PacketFieldReader Jd { get; } = new("jd");

        public PacketFieldReader FilterId { get; } = new("fid");

        public PacketFieldReader Magnitude { get; } = new("magpsf");

        public PacketFieldReader MagnitudeError { get; } = new("sigmapsf");

        public PacketFieldReader LimitingMagnitude { get; } = new("diffmaglim");

        public PacketFieldReader IsPositive { get; } = new("isdiffpos");

        public PacketFieldReader DeepScore { get; } = new("drb");

        public PacketFieldReader Score { get; } = new("rb");

        public PacketFieldReader Ra { get; } = new("ra");

        public PacketFieldReader Dec { get; } = new("dec");
    }
}
