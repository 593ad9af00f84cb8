using System.Globalization;
using System.Text.Json;

namespace SkyPortal.Domain.Photometry;

/// <summary>
/// An upload of photometry, read from its columns in magnitudes or in fluxes, in any magnitude system and with any zero point,
/// and brought to the fluxes that are stored.
/// </summary>
/// <param name="Points">The points in the order of the rows; owner, groups, streams, upload and times are not set.</param>
/// <param name="GroupIds">Groups to share with.</param>
/// <param name="WithPublicGroup">Whether to share with the group that everybody joins.</param>
/// <param name="StreamIds">Streams to share with.</param>
/// <param name="MentionsGroups">Whether groups were given at all.</param>
/// <param name="IsExtinctionCorrected">Whether the values are what they would be without the dust of the Milky Way.</param>
public sealed record PhotometryUpload(
    IReadOnlyList<PhotometryPoint> Points,
    IReadOnlyList<int> GroupIds,
    bool WithPublicGroup,
    IReadOnlyList<int> StreamIds,
    bool MentionsGroups,
    bool IsExtinctionCorrected)
{
    /// <summary>Most rows in one upload.</summary>
    public const int MostRows = 1_000_000;

    private const double MostMag = 100;
    private const double MostFlux = 1e30;

    private static readonly HashSet<string> Unbroadcast = new(StringComparer.Ordinal) { "group_ids", "stream_ids", "altdata", "extinction_corrected" };

    // The contract has alert_id among the fields and keeps nothing of it.
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "alert_id",
        "obj_id", "instrument_id", "mjd", "filter", "magsys", "ra", "dec", "ra_unc", "dec_unc", "origin", "assignment_id", "altdata",
        "group_ids", "stream_ids", "extinction_corrected",
    };

    private static readonly HashSet<string> MagSpace = new(StringComparer.Ordinal) { "mag", "magerr", "limiting_mag", "limiting_mag_nsigma", "magref", "e_magref" };
    private static readonly HashSet<string> FluxSpace = new(StringComparer.Ordinal) { "flux", "fluxerr", "zp", "ref_flux", "ref_fluxerr", "ref_zp" };

    /// <summary>Reads an upload.</summary>
    /// <param name="body">A JSON object as sent.</param>
    /// <exception cref="Refusal">Something is wrong; the message names the field and, where it applies, the row.</exception>
    public static PhotometryUpload Read(JsonElement body)
    {
        CheckFields(body);
        var points = ReadPoints(new PhotometryColumns(body, Unbroadcast), body);
        var (groups, isPublic) = Groups(body);
        return new PhotometryUpload(points, groups, isPublic, Ids(body, "stream_ids"), groups.Length > 0 || isPublic || Mentions(body, "group_ids"), IsCorrected(body));
    }

    /// <summary>Reads the rows of an upload of which some are wrong; those are null.</summary>
    /// <param name="body">A JSON object as sent.</param>
    /// <param name="faults">Takes the rows that are wrong.</param>
    /// <exception cref="Refusal">Something is wrong with more than single rows, or too many rows are wrong.</exception>
    public static IReadOnlyList<PhotometryPoint?> ReadGood(JsonElement body, RowFaults faults)
    {
        CheckFields(body);
        return [.. ReadPoints(new PhotometryColumns(body, Unbroadcast, faults), body).Select((point, row) => faults.Has(row) ? null : point)];
    }

    private static void CheckFields(JsonElement body)
    {
        IsCorrected(body);
        var unknown = body.EnumerateObject().Select(property => property.Name)
            .Where(name => !Common.Contains(name) && !MagSpace.Contains(name) && !FluxSpace.Contains(name)).ToList();
        if (unknown.Count > 0)
        {
            throw Refusal.Invalid($"Invalid input format: unknown field(s): {string.Join(", ", unknown)}.");
        }
    }

    private static bool IsCorrected(JsonElement body) => body.TryGetProperty("extinction_corrected", out var given) && given.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        JsonValueKind.String when given.GetString()!.ToLowerInvariant() is "true" or "false" => bool.Parse(given.GetString()!),
        _ => throw Refusal.Invalid("extinction_corrected: it must be true or false."),
    };

    private static PhotometryPoint[] ReadPoints(PhotometryColumns columns, JsonElement body)
    {
        var hasMag = body.EnumerateObject().Any(property => MagSpace.Contains(property.Name));
        var hasFlux = body.EnumerateObject().Any(property => FluxSpace.Contains(property.Name));
        var fluxFirst = columns.Mentions("flux") && !columns.Mentions("mag");
        var inMag = (Name: "mag", Wanted: hasMag || !hasFlux, Read: (Func<PhotometryColumns, JsonElement, PhotometryPoint[]>)ReadMags);
        var inFlux = (Name: "flux", Wanted: hasFlux, Read: (Func<PhotometryColumns, JsonElement, PhotometryPoint[]>)ReadFluxes);
        var failures = new List<string>();
        foreach (var space in fluxFirst ? new[] { inFlux, inMag } : [inMag, inFlux])
        {
            if (!space.Wanted)
            {
                continue;
            }

            try
            {
                return space.Read(columns, body);
            }
            catch (Refusal refusal) when (!columns.Collects)
            {
                failures.Add($"Tried to parse data in {space.Name} space, got: \"{refusal.Message}\"");
            }
        }

        throw Refusal.Invalid("Invalid input format: " + string.Join(" ", failures));
    }

    private static PhotometryPoint[] ReadMags(PhotometryColumns columns, JsonElement body)
    {
        Reject(body, FluxSpace);
        var (points, offsetsMag) = ReadCommon(columns);
        if (!columns.Mentions("mag") && !columns.Mentions("limiting_mag"))
        {
            throw Refusal.Invalid("Error parsing packet: missing required field mag.");
        }

        var mags = columns.Numbers("mag", -MostMag, MostMag);
        var errors = columns.Numbers("magerr", 0, MostMag);
        var limits = columns.Numbers("limiting_mag", -MostMag, MostMag);
        var sigmas = columns.Numbers("limiting_mag_nsigma", 1e-3, 1e3);
        var references = columns.Numbers("magref", -MostMag, MostMag);
        var referenceErrors = columns.Numbers("e_magref", 0, MostMag);
        var systems = columns.RequiredTexts("magsys");
        var limitless = Enumerable.Range(0, points.Length).Where(row => mags[row] is null && limits[row] is null && !columns.IsBad(row)).ToList();
        if (columns.Collects)
        {
            limitless.ForEach(row => columns.Refuse("limiting_mag", row, "a non-detection (mag=null) requires a limiting_mag"));
        }
        else if (limitless.Count > 0)
        {
            throw Refusal.Invalid(
                $"Non-detections (mag=null) require a limiting_mag. Affected row(s) at MJD: {string.Join(", ", limitless.Take(20).Select(row => Text(points[row].Mjd)))}");
        }

        for (var row = 0; row < points.Length; row++)
        {
            if (columns.IsBad(row))
            {
                continue;
            }

            var point = points[row];
            if (mags[row] is null != errors[row] is null)
            {
                columns.Refuse(mags[row] is null ? "mag" : "magerr", row, "mag and magerr must both be null or both be set");
                continue;
            }

            var sigma = sigmas[row] ?? StoredFlux.DetectionSignalToNoise;
            if (mags[row] is { } mag)
            {
                point.Flux = StoredFlux.MicroJanskyOfAbMag(mag - offsetsMag[row]);
                point.Fluxerr = StoredFlux.ErrorMicroJansky(point.Flux.Value, errors[row]!.Value);
                if (!(point.Fluxerr > 0))
                {
                    columns.Refuse("magerr", row, "must be positive (non-zero)");
                }
            }
            else
            {
                point.Fluxerr = StoredFlux.MicroJanskyOfAbMag(limits[row]!.Value - offsetsMag[row]) / sigma;
            }

            if (references[row] is { } reference)
            {
                point.RefFlux = StoredFlux.MicroJanskyOfAbMag(reference - offsetsMag[row]);
                point.RefFluxerr = referenceErrors[row] is { } error ? StoredFlux.ErrorMicroJansky(point.RefFlux.Value, error) : null;
            }
        }

        if (!columns.Collects)
        {
            KeepLimits(points, limits, systems, sigmas);
        }

        return points;
    }

    // One document for all rows: a document per row costs more than the rest of the reading.
    private static void KeepLimits(PhotometryPoint[] points, double?[] limits, string[] systems, double?[] sigmas)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            for (var row = 0; row < points.Length; row++)
            {
                if (limits[row] is { } limit)
                {
                    json.WriteStartObject();
                    json.WriteNumber("limiting_mag", limit);
                    json.WriteString("magsys", systems[row]);
                    json.WriteNumber("limiting_mag_nsigma", sigmas[row] ?? StoredFlux.DetectionSignalToNoise);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
        }

        using var kept = JsonDocument.Parse(buffer.WrittenMemory).RootElement.EnumerateArray();
        for (var row = 0; row < points.Length; row++)
        {
            points[row].OriginalUserData = limits[row] is not null && kept.MoveNext() ? kept.Current : null;
        }
    }

    private static PhotometryPoint[] ReadFluxes(PhotometryColumns columns, JsonElement body)
    {
        Reject(body, MagSpace);
        var (points, offsetsMag) = ReadCommon(columns);
        var fluxes = columns.Numbers("flux", -MostFlux, MostFlux);
        var errors = columns.RequiredNumbers("fluxerr", -MostFlux, MostFlux);
        var zeroPoints = columns.RequiredNumbers("zp", -MostMag, MostMag);
        var references = columns.Numbers("ref_flux", -MostFlux, MostFlux);
        var referenceErrors = columns.Numbers("ref_fluxerr", 0, MostFlux);
        var referenceZeroPoints = columns.Numbers("ref_zp", -MostMag, MostMag);
        for (var row = 0; row < points.Length; row++)
        {
            if (columns.IsBad(row))
            {
                continue;
            }

            var point = points[row];
            if (errors[row] <= 0)
            {
                columns.Refuse("fluxerr", row, "Invalid value: fluxerr must be positive (non-zero)");
                continue;
            }

            var factor = StoredFlux.MicroJanskyPerUnit(zeroPoints[row] - offsetsMag[row]);
            point.Flux = fluxes[row] * factor;
            point.Fluxerr = errors[row] * factor;
            if (!(point.Fluxerr > 0))
            {
                columns.Refuse("fluxerr", row, "is too small for its zero point");
            }

            if (references[row] is { } reference)
            {
                var referenceFactor = referenceZeroPoints[row] is { } zeroPoint ? StoredFlux.MicroJanskyPerUnit(zeroPoint - offsetsMag[row]) : factor;
                point.RefFlux = reference * referenceFactor;
                point.RefFluxerr = referenceErrors[row] * referenceFactor;
            }
        }

        return points;
    }

    private static (PhotometryPoint[] Points, double[] OffsetsMag) ReadCommon(PhotometryColumns columns)
    {
        var objIds = columns.RequiredTexts("obj_id");
        var instruments = columns.RequiredKeys("instrument_id");
        var mjds = columns.RequiredNumbers("mjd", -100_000, 200_000);
        var filters = columns.RequiredTexts("filter");
        var systems = columns.RequiredTexts("magsys");
        var refused = filters.Where(name => Bandpasses.Find(name) is null).Distinct(StringComparer.Ordinal).Take(20).ToList();
        if (columns.Collects)
        {
            for (var row = 0; row < filters.Length; row++)
            {
                if (!columns.IsBad(row) && Bandpasses.Find(filters[row]) is null)
                {
                    columns.Refuse("filter", row, $"{filters[row]} is not allowed");
                }
            }
        }
        else if (refused.Count > 0)
        {
            var meant = refused.Count == 1 ? Bandpasses.AllowedNames.Where(name => name.EndsWith(refused.First(), StringComparison.OrdinalIgnoreCase)).Take(8).ToList() : [];
            var hint = meant.Count > 0 && refused.First().Length > 0 ? $". Is it one of {string.Join(", ", meant)}?" : "";
            throw Refusal.Invalid($"Filter(s) {{{string.Join(", ", refused)}}} is not allowed. Allowed filters are: {string.Join(", ", Bandpasses.AllowedNames)}{hint}");
        }

        var origins = columns.Texts("origin");
        var assignments = columns.Keys("assignment_id");
        var ra = columns.Numbers("ra", 0, 360);
        var dec = columns.Numbers("dec", -90, 90);
        var raUnc = columns.Numbers("ra_unc", 0, 1e6);
        var decUnc = columns.Numbers("dec_unc", 0, 1e6);
        var altdata = columns.Objects("altdata");
        var points = new PhotometryPoint[columns.Count];
        var offsetsMag = new double[columns.Count];
        for (var row = 0; row < points.Length; row++)
        {
            if (columns.IsBad(row))
            {
                continue;
            }

            if (!MagnitudeSystems.TryZeroPointOffsetMag(systems[row], filters[row], out offsetsMag[row], out var error))
            {
                columns.Refuse("magsys", row, error.TrimEnd('.'));
                continue;
            }

            points[row] = new PhotometryPoint
            {
                ObjId = objIds[row],
                InstrumentId = instruments[row],
                Filter = filters[row],
                Mjd = mjds[row],
                Origin = origins[row] ?? "None",
                AssignmentId = assignments[row],
                Ra = ra[row],
                Dec = dec[row],
                RaUnc = raUnc[row],
                DecUnc = decUnc[row],
                Altdata = altdata[row],
            };
        }

        return (points, offsetsMag);
    }

    private static void Reject(JsonElement body, HashSet<string> fields)
    {
        var found = body.EnumerateObject().Select(property => property.Name).Where(fields.Contains).ToList();
        if (found.Count > 0)
        {
            throw Refusal.Invalid($"field(s) of the other space: {string.Join(", ", found)}");
        }
    }

    private static (int[] GroupIds, bool IsPublic) Groups(JsonElement body) =>
        body.TryGetProperty("group_ids", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() == "all"
            ? ([], true)
            : (Ids(body, "group_ids"), false);

    private static int[] Ids(JsonElement body, string field)
    {
        if (!Mentions(body, field))
        {
            return [];
        }

        var given = body.GetProperty(field);
        if (given.ValueKind != JsonValueKind.Array)
        {
            throw Refusal.Invalid($"Invalid {field}: a list of integers is needed.");
        }

        return
        [
            .. given.EnumerateArray().Select((item, index) => item.ValueKind switch
            {
                JsonValueKind.Number when item.TryGetInt32(out var id) => id,
                JsonValueKind.String when int.TryParse(item.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) => id,
                _ => throw Refusal.Invalid($"Invalid {field}: item {index} is not an integer."),
            }).Distinct(),
        ];
    }

    private static bool Mentions(JsonElement body, string field) =>
        body.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
