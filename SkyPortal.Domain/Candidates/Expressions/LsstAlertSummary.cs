using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Reads the survey-independent view of a Rubin (LSST) packet. Times stay TAI, as in the packet.</summary>
internal static class LsstAlertSummary
{
    private const double NanoJanskyZeroPoint = 31.4;
    private const double NanoPerMicro = 1000;
    private const double MagnitudesPerRelativeError = 1.0857362047581294;
    private const double ForcedDetectionSigma = 3;
    private const double LimitSigma = 5;

    private static readonly PacketFieldReader Source = new("diaSource");
    private static readonly PacketFieldReader Previous = new("prvDiaSources");
    private static readonly PacketFieldReader Forced = new("prvDiaForcedSources");
    private static readonly PacketFieldReader DiaObject = new("diaObject");
    private static readonly PacketFieldReader SolarSystemSource = new("ssSource");
    private static readonly PacketFieldReader AlertSourceId = new("diaSourceId");
    private static readonly PacketFieldReader SourceId = new("diaSourceId");
    private static readonly PacketFieldReader SourceObjectId = new("diaObjectId");
    private static readonly PacketFieldReader ObjectId = new("diaObjectId");
    private static readonly PacketFieldReader SolarSystemId = new("ssObjectId");
    private static readonly PacketFieldReader FirstMjd = new("firstDiaSourceMjdTai");
    private static readonly PacketFieldReader SourceCount = new("nDiaSources");
    private static readonly PacketFieldReader BodyDistance = new("ephOffset");
    private static readonly PacketFieldReader BodyName = new("designation");
    private static readonly PointReaders SourceFields = new();
    private static readonly PointReaders ForcedFields = new();

    public static AlertSummary Read(PacketRecord packet)
    {
        var source = Source.Record(packet);
        var diaObject = DiaObject.Record(packet);
        var body = SolarSystemSource.Record(packet);
        var current = Point(SourceFields, source, forced: false);
        var points = new List<AlertPoint>();
        var id = AlertSourceId.Value(packet);
        foreach (var item in Previous.Items(packet) ?? [])
        {
            if (item is PacketRecord previous && !(id is not null && Equals(SourceId.Value(previous), id)))
            {
                points.Add(Point(SourceFields, previous, forced: false));
            }
        }

        points.Add(current);
        var (firstMjd, count) = AlertSummary.Detections(
            points,
            FirstMjd.NumberOrNull(diaObject),
            SourceCount.Value(diaObject) as long?);
        foreach (var item in Forced.Items(packet) ?? [])
        {
            if (item is PacketRecord forced)
            {
                points.Add(Point(ForcedFields, forced, forced: true));
            }
        }

        var objectId = ObjectId.Value(diaObject) as long? ?? SourceObjectId.Value(source) as long?;
        return new AlertSummary
        {
            Survey = "lsst",
            ObjectId = objectId is null or 0 ? null : FilterRuntime.Text(objectId),
            ProgramId = 1,
            Current = current,
            History = AlertSummary.InOrder(points),
            FirstDetectionMjd = firstMjd,
            DetectionCount = count,
            SolarSystemDistanceArcsec = BodyDistance.NumberOrNull(body),
            SolarSystemName = BodyName.Text(body),
            IsMoving = body is not null || SolarSystemId.Value(source) is long and not 0,
        };
    }

    private static AlertPoint Point(PointReaders fields, PacketRecord? record, bool forced)
    {
        var flux = fields.Flux.NumberOrNull(record);
        var error = fields.FluxError.NumberOrNull(record);
        error = error > 0 ? error : null;
        var signalToNoise = fields.SignalToNoise.NumberOrNull(record) ?? Absolute(flux) / error;
        var detected = forced ? signalToNoise > ForcedDetectionSigma : record is not null;
        var seen = detected && flux is not (null or 0);
        return new AlertPoint
        {
            Mjd = fields.Mjd.NumberOrNull(record),
            Band = fields.Band.Text(record),
            MagnitudeAb = seen ? NanoJanskyZeroPoint - (2.5 * Math.Log10(Math.Abs(flux!.Value))) : null,
            MagnitudeError = seen ? MagnitudesPerRelativeError * error / Absolute(flux) : null,
            FluxMicroJansky = flux / NanoPerMicro,
            FluxErrorMicroJansky = error / NanoPerMicro,
            LimitingMagnitudeAb = error is { } sigma ? NanoJanskyZeroPoint - (2.5 * Math.Log10(LimitSigma * sigma)) : null,
            SignalToNoise = signalToNoise,
            IsDetection = detected,
            IsForced = forced,
            IsPositive = fields.IsNegative.Truth(record) is { } negative ? !negative : flux is null ? null : flux > 0,
            Score = fields.Reliability.NumberOrNull(record),
            RaDeg = fields.Ra.NumberOrNull(record),
            DecDeg = fields.Dec.NumberOrNull(record),
        };
    }

    private static double? Absolute(double? signed) => signed is { } value ? Math.Abs(value) : null;

    private sealed class PointReaders
    {
        public PacketFieldReader Mjd { get; } = new("midpointMjdTai");

        public PacketFieldReader Band { get; } = new("band");

        public PacketFieldReader Flux { get; } = new("psfFlux");

        public PacketFieldReader FluxError { get; } = new("psfFluxErr");

        public PacketFieldReader SignalToNoise { get; } = new("snr");

        public PacketFieldReader IsNegative { get; } = new("isNegative");

        public PacketFieldReader Reliability { get; } = new("reliability");

        public PacketFieldReader Ra { get; } = new("ra");

        public PacketFieldReader Dec { get; } = new("dec");
    }
}
