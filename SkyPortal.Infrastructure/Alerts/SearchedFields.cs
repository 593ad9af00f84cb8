using System.Globalization;
using System.Text;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What the archive keeps of a packet beside its bytes, so that it can be searched for.</summary>
/// <param name="Band">Band letter; null where the packet tells none that is known.</param>
/// <param name="Mag">Magnitude of the absolute difference flux, AB.</param>
/// <param name="MagErr">One sigma, mag.</param>
/// <param name="IsPositive">Whether brighter than the reference.</param>
/// <param name="Singles">Array literal of the fields of <see cref="AlertFieldColumn.Singles"/>.</param>
/// <param name="Doubles">Array literal of the fields of <see cref="AlertFieldColumn.Doubles"/>.</param>
/// <param name="Integers">Array literal of the fields of <see cref="AlertFieldColumn.Integers"/>.</param>
public sealed record SearchedFields(string? Band, float? Mag, float? MagErr, bool? IsPositive, string Singles, string Doubles, string Integers)
{
    // ZTF and WINTER write -999 for "none"; kept as a number it would fit every upper limit.
    private const double Sentinel = -999;
    private const double NanoJanskyZeroPoint = 31.4;

    // 2.5 / ln 10: magnitude error per relative flux error.
    private const double MagnitudesPerRelativeError = 1.0857362047581294;

    /// <summary>Reads them from a packet.</summary>
    /// <param name="alert">The packet.</param>
    /// <param name="isOpen">Whether all who may read the packet may also read what a programme measured: only such points take part in computed fields.</param>
    public static SearchedFields Of(DecodedAlert alert, Func<int, bool> isOpen)
    {
        var record = alert.Packet.Record(AlertFields.RecordOf(alert.Survey) ?? "");
        if (record is null)
        {
            return new SearchedFields(null, null, null, null, "{}", "{}", "{}");
        }

        var (mag, error) = Magnitude(alert.Survey, record);
        var galactic = GalacticPosition.FromIcrs(new SkyPosition(alert.RaDegrees, alert.DecDegrees));
        double? Computed(string name) => name switch
        {
            AlertFields.GalacticLongitude => galactic.LongitudeDegrees,
            AlertFields.GalacticLatitude => galactic.LatitudeDegrees,
            AlertFields.DeltaMagLatest => DeltaMagLatest(alert, record, isOpen),
            AlertFields.DeltaMagRef => DeltaMagRef(alert.Survey, record, mag),
            _ => null,
        };
        var texts = new[] { new StringBuilder("{"), new StringBuilder("{"), new StringBuilder("{") };
        foreach (var field in AlertFields.Of(alert.Survey))
        {
            var text = texts[(int)field.Column];
            if (text.Length > 1)
            {
                text.Append(',');
            }

            Append(text, field, field.IsComputed ? Computed(field.Name) : record[field.Name]);
        }

        return new SearchedFields(
            BandOf(alert.Survey, record), (float?)mag, (float?)error, IsPositiveOf(record), $"{texts[0]}}}", $"{texts[1]}}}", $"{texts[2]}}}");
    }

    private static void Append(StringBuilder text, AlertField field, object? value)
    {
        switch (value, field.Column)
        {
            case (bool truth, _):
                text.Append(truth ? '1' : '0');
                break;
            case (long integer, _) when integer != Sentinel:
                text.Append(CultureInfo.InvariantCulture, $"{integer}");
                break;
            case (double number, AlertFieldColumn.Singles) when float.IsFinite((float)number) && number != Sentinel:
                text.Append(CultureInfo.InvariantCulture, $"{(float)number:R}");
                break;
            case (double number, AlertFieldColumn.Doubles) when double.IsFinite(number) && number != Sentinel:
                text.Append(CultureInfo.InvariantCulture, $"{number:R}");
                break;
            default:
                text.Append("NULL");
                break;
        }
    }

    private static string? BandOf(string survey, PacketRecord record) => (survey, record.Integer("fid")) switch
    {
        ("ZTF", 1) => "g",
        ("ZTF", 2) => "r",
        ("ZTF", 3) => "i",
        ("WINTER", 1) => "y",
        ("WINTER", 2) => "j",
        ("WINTER", 3) => "h",
        ("LSST" or "DECam", _) when record.Text("band") is [>= 'a' and <= 'z'] band => band,
        _ => null,
    };

    private static bool? IsPositiveOf(PacketRecord record) => (record["isNegative"], record["isdiffpos"]) switch
    {
        (bool negative, _) => !negative,
        (_, bool positive) => positive,
        (_, long number) => number != 0,
        (_, string text) => text is not ("f" or "0"),
        _ => null,
    };

    private static (double? Mag, double? Error) Magnitude(string survey, PacketRecord record)
    {
        if (survey is "ZTF" or "WINTER")
        {
            return (Known(record.Number("magpsf")), Known(record.Number("sigmapsf")));
        }

        var flux = record.Number("psfFlux");
        var mag = OfFlux(flux);
        return (mag, mag is not null && record.Number("psfFluxErr") is > 0 and var error ? MagnitudesPerRelativeError * error / Math.Abs(flux!.Value) : null);
    }

    private static double? DeltaMagLatest(DecodedAlert alert, PacketRecord record, Func<int, bool> isOpen)
    {
        var (history, time, band) = alert.Survey switch
        {
            "ZTF" or "WINTER" => ("prv_candidates", "jd", "fid"),
            "LSST" => ("prvDiaSources", "midpointMjdTai", "band"),
            _ => ("", "", ""),
        };
        var by = MagnitudeOf(alert.Survey, record);
        var now = Brightness(by, record);
        if (now is null || record.Number(time) is not { } at)
        {
            return null;
        }

        var (latest, before) = (double.NegativeInfinity, (double?)null);
        foreach (var previous in alert.Packet.Records(history))
        {
            if (previous.Number(time) is { } then && then < at && then > latest && Equals(previous[band], record[band])
                && Brightness(by, previous) is { } mag && isOpen((int)(previous.Integer("programid") ?? alert.Programme)))
            {
                (latest, before) = (then, mag);
            }
        }

        return now - before;
    }

    // ZTF's aperture magnitude, as its users know the change; that of the PSF where the packet has no other, as in WINTER's history.
    private static string? MagnitudeOf(string survey, PacketRecord record) => survey switch
    {
        "ZTF" when Known(record.Number("magap")) is not null => "magap",
        "ZTF" or "WINTER" => "magpsf",
        _ => null,
    };

    private static double? Brightness(string? magnitude, PacketRecord record) => magnitude is null ? OfFlux(record.Number("psfFlux")) : Known(record.Number(magnitude));

    private static double? DeltaMagRef(string survey, PacketRecord record, double? mag) => survey switch
    {
        "ZTF" or "WINTER" => Known(record.Number("magnr")) - (Known(record.Number("magap")) ?? Known(record.Number("magpsf"))),
        "LSST" => record.Number("templateFlux") is > 0 and var flux ? OfFlux(flux) - mag : null,
        _ => null,
    };

    private static double? OfFlux(double? nanoJansky) =>
        nanoJansky is { } flux && Math.Abs(flux) is > 0 and < double.PositiveInfinity and var size ? NanoJanskyZeroPoint - (2.5 * Math.Log10(size)) : null;

    private static double? Known(double? value) => value is { } number && number > Sentinel && double.IsFinite(number) ? value : null;
}
