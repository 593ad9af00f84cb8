using SkyPortal.Domain;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>In which quantities points are answered.</summary>
public enum PhotometryFormat
{
    Mag,
    Flux,
    Both,
    Plot,
}

/// <summary>How points are answered.</summary>
/// <param name="Format">Quantities.</param>
/// <param name="MagSystem">Magnitude system, as the caller named it.</param>
/// <param name="Owner">With who uploaded them.</param>
/// <param name="Streams">With their streams.</param>
/// <param name="Annotations">With their annotations.</param>
/// <param name="Validations">With their validations.</param>
public sealed record PhotometryOutput(PhotometryFormat Format, string MagSystem, bool Owner, bool Streams, bool Annotations, bool Validations)
{
    /// <summary>Reads format and magnitude system from a query.</summary>
    public static PhotometryOutput From(ApiQuery query, bool plot, string format = "mag") => new(
        (query.Text("format") ?? format) switch
        {
            "mag" => PhotometryFormat.Mag,
            "flux" => PhotometryFormat.Flux,
            "both" => PhotometryFormat.Both,
            "plot" when plot => PhotometryFormat.Plot,
            var other => throw Refusal.Invalid($"Invalid output format specified. Must be one of ['flux', 'mag', 'both']: {other}"),
        },
        System(query.Text("magsys") ?? MagnitudeSystems.Ab),
        query.Bool("includeOwnerInfo"),
        query.Bool("includeStreamInfo"),
        query.Bool("includeAnnotationInfo"),
        query.Bool("includeValidationInfo"));

    private static string System(string name) => MagnitudeSystems.Resolve(name) is not null
        ? name
        : throw Refusal.Invalid($"Invalid mag system: magsys must be one of {string.Join(", ", MagnitudeSystems.Names)}.");
}

/// <summary>Points as they appear on the wire.</summary>
public static class PhotometryWire
{
    /// <summary>All points of a view.</summary>
    public static List<Dictionary<string, object?>> Rows(PhotometryView view, PhotometryOutput output) =>
        view.Points.Select(point => Row(point, view, output)).ToList();

    /// <summary>One point.</summary>
    public static Dictionary<string, object?> Row(PointRecord point, PhotometryView view, PhotometryOutput output)
    {
        if (!MagnitudeSystems.TryZeroPointOffsetMag(output.MagSystem, point.Filter, out var offsetMag, out var error))
        {
            throw Refusal.Invalid($"Invalid mag system: {error}");
        }

        var row = output.Format == PhotometryFormat.Plot ? Slim(point) : Common(point, view, output);
        if (output.Format is PhotometryFormat.Mag or PhotometryFormat.Both or PhotometryFormat.Plot)
        {
            row["mag"] = StoredFlux.AbMag(point.Flux) + offsetMag;
            row["magerr"] = StoredFlux.ErrorMag(point.Flux, point.Fluxerr);
            row["limiting_mag"] = Limit(point, output.MagSystem, offsetMag);
        }

        if (output.Format is PhotometryFormat.Flux or PhotometryFormat.Both)
        {
            row["flux"] = point.Flux;
            row["fluxerr"] = point.Fluxerr;
            row["zp"] = StoredFlux.ZeroPointAbMag + offsetMag;
        }

        if (output.Format != PhotometryFormat.Plot)
        {
            row["magsys"] = output.MagSystem;
            AddReference(row, point, offsetMag);
        }

        return row;
    }

    private static Dictionary<string, object?> Slim(PointRecord point) => new()
    {
        ["id"] = point.Id,
        ["obj_id"] = point.ObjId,
        ["filter"] = point.Filter,
        ["mjd"] = point.Mjd,
        ["origin"] = point.Origin,
    };

    private static Dictionary<string, object?> Common(PointRecord point, PhotometryView view, PhotometryOutput output)
    {
        var row = new Dictionary<string, object?>
        {
            ["obj_id"] = point.ObjId,
            ["ra"] = point.Ra,
            ["dec"] = point.Dec,
            ["filter"] = point.Filter,
            ["mjd"] = point.Mjd,
            ["snr"] = point.Flux / point.Fluxerr,
            ["instrument_id"] = point.InstrumentId,
            ["instrument_name"] = point.InstrumentName,
            ["ra_unc"] = point.RaUnc,
            ["dec_unc"] = point.DecUnc,
            ["origin"] = point.Origin,
            ["id"] = point.Id,
            ["altdata"] = point.Altdata,
            ["created_at"] = point.CreatedAt,
            ["groups"] = point.GroupIds.Order().Where(view.Groups.ContainsKey).Select(id => view.Groups[id]),
        };
        if (output.Owner)
        {
            row["owner"] = view.Owners.GetValueOrDefault(point.OwnerId);
        }

        if (output.Streams)
        {
            row["streams"] = point.StreamIds.Order().Where(view.Streams.ContainsKey).Select(id => view.Streams[id]);
        }

        if (output.Annotations)
        {
            row["annotations"] = view.Annotations?[point.Id] ?? [];
        }

        if (output.Validations)
        {
            row["validations"] = view.Validations?[point.Id] ?? [];
        }

        return row;
    }

    private static double Limit(PointRecord point, string system, double offsetMag)
    {
        if (point.OriginalUserData is { ValueKind: System.Text.Json.JsonValueKind.Object } given
            && given.TryGetProperty("limiting_mag", out var limit) && limit.ValueKind == System.Text.Json.JsonValueKind.Number)
        {
            var named = given.TryGetProperty("magsys", out var magsys) ? magsys.GetString() : MagnitudeSystems.Ab;
            if (named == system)
            {
                return limit.GetDouble();
            }

            if (MagnitudeSystems.TryZeroPointOffsetMag(named, point.Filter, out var givenOffsetMag, out _))
            {
                return limit.GetDouble() - givenOffsetMag + offsetMag;
            }
        }

        return StoredFlux.LimitAbMag(point.Fluxerr) + offsetMag;
    }

    private static void AddReference(Dictionary<string, object?> row, PointRecord point, double offsetMag)
    {
        if (point.RefFlux is not { } reference)
        {
            return;
        }

        var total = reference > 0 && point.Flux > 0 ? reference + point.Flux : null;
        var totalError = total is null ? null : (double?)Math.Sqrt(((point.RefFluxerr ?? 0) * (point.RefFluxerr ?? 0)) + (point.Fluxerr * point.Fluxerr));
        row["ref_flux"] = reference;
        row["ref_fluxerr"] = point.RefFluxerr;
        row["tot_flux"] = total;
        row["tot_fluxerr"] = totalError;
        row["magref"] = StoredFlux.AbMag(reference) + offsetMag;
        row["e_magref"] = StoredFlux.ErrorMag(reference, point.RefFluxerr);
        row["magtot"] = StoredFlux.AbMag(total) + offsetMag;
        row["e_magtot"] = StoredFlux.ErrorMag(total, totalError);
    }
}
