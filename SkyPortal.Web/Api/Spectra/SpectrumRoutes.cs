using System.Text;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Spectra;
using SkyPortal.Web.Api.Discussion;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Spectra;

/// <summary>Spectra: upload, read, change, delete.</summary>
public static class SpectrumRoutes
{
    /// <summary>Maps the routes; those under the old name /api/spectrum too.</summary>
    public static void MapSpectra(this IEndpointRouteBuilder routes)
    {
        routes.MapUnder("/api/spectra", "");
        routes.MapUnder("/api/spectrum", "Old");
        routes.MapPost("/api/spectra/fits", PostFitsAsync).Needs(Acl.UploadData).WithName("PostSpectrumFits");
        routes.MapPost("/api/spectra/parse/fits", ParseFits).Needs(Acl.UploadData).WithName("ParseSpectrumFits");
        routes.MapPost("/api/spectra/bulk", TogetherAsync).SignedIn().WithName("GetSpectraTogether");
        routes.MapPost("/api/spectra/synthphot/{spectrumId}", MakePhotometryAsync).Needs(Acl.UploadData).WithName("MakeSyntheticPhotometry");
        routes.MapGet("/api/spectra/{spectrumId}/file", FileAsync).SignedIn().WithName("GetSpectrumFile");
        routes.MapGet("/api/sources/{objId}/spectra", OfSourceAsync).SignedIn().WithName("GetSourceSpectra");
        routes.MapGet("/api/sources/{objId}/spectra/files", FilesAsync).SignedIn().WithName("GetSourceSpectrumFiles");
    }

    private static void MapUnder(this IEndpointRouteBuilder routes, string path, string mark)
    {
        routes.MapPost(path, PostAsync).Needs(Acl.UploadData).WithName($"PostSpectrum{mark}");
        routes.MapGet(path, SpectrumSearchRoute.ListAsync).SignedIn().WithName($"ListSpectra{mark}");
        routes.MapGet(path + "/range", SpectrumSearchRoute.RangeAsync).SignedIn().WithName($"GetSpectraRange{mark}");
        routes.MapPost(path + "/ascii", PostAsciiAsync).Needs(Acl.UploadData).WithName($"PostSpectrumAscii{mark}");
        routes.MapPost(path + "/parse/ascii", ParseAscii).Needs(Acl.UploadData).WithName($"ParseSpectrumAscii{mark}");
        routes.MapGet(path + "/{spectrumId}", GetAsync).SignedIn().WithName($"GetSpectrum{mark}");
        routes.MapPut(path + "/{spectrumId}", PutAsync).Needs(Acl.UploadData).WithName($"EditSpectrum{mark}");
        routes.MapDelete(path + "/{spectrumId}", DeleteAsync).Needs(Acl.UploadData).WithName($"DeleteSpectrum{mark}");
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, PostSpectrum post, CancellationToken ct) =>
        ApiResults.Success(new { id = await post.HandleAsync(viewer, SpectrumBody.New(body), ct) });

    private static async Task<IResult> PostAsciiAsync(Viewer viewer, ApiBody body, PostSpectrum post, CancellationToken ct)
    {
        var text = body.RequiredText("ascii");
        return await PostFileAsync(viewer, body, AsciiSpectrum.Read(text, SpectrumBody.Columns(body)), Encoding.UTF8.GetBytes(text), post, ct);
    }

    private static async Task<IResult> PostFitsAsync(Viewer viewer, ApiBody body, PostSpectrum post, CancellationToken ct)
    {
        var bytes = Fits(body);
        return await PostFileAsync(viewer, body, FitsSpectrum.Read(bytes), bytes, post, ct);
    }

    private static async Task<IResult> PostFileAsync(Viewer viewer, ApiBody body, ParsedSpectrum parsed, byte[] bytes, PostSpectrum post, CancellationToken ct)
    {
        var id = await post.HandleAsync(viewer, SpectrumBody.FromFile(body, parsed, bytes), ct);
        return ApiResults.Success(parsed.SkippedRows == 0 ? new { id } : new { id, skipped_rows = parsed.SkippedRows });
    }

    private static IResult ParseAscii(Viewer viewer, ApiBody body)
    {
        var text = body.RequiredText("ascii");
        return ApiResults.Success(Unsaved(viewer, AsciiSpectrum.Read(text, SpectrumBody.Columns(body)), text));
    }

    private static IResult ParseFits(Viewer viewer, ApiBody body) => ApiResults.Success(Unsaved(viewer, FitsSpectrum.Read(Fits(body)), null));

    private static Dictionary<string, object?> Unsaved(Viewer viewer, ParsedSpectrum parsed, string? text)
    {
        var row = new Dictionary<string, object?>
        {
            ["obj_id"] = null,
            ["instrument_id"] = null,
            ["type"] = null,
            ["label"] = null,
            ["observed_at"] = parsed.ObservedAt,
            ["altdata"] = parsed.Header,
            ["wavelengths"] = parsed.Samples.WavelengthsAngstrom,
            ["fluxes"] = parsed.Samples.Fluxes,
            ["original_file_string"] = text,
            ["owner_id"] = viewer.UserId,
        };
        if (parsed.Samples.Errors is { } errors)
        {
            row["errors"] = errors;
        }

        if (parsed.Units is { } units)
        {
            row["units"] = units;
        }

        if (parsed.SkippedRows > 0)
        {
            row["skipped_rows"] = parsed.SkippedRows;
        }

        return row;
    }

    private static async Task<IResult> GetAsync(string spectrumId, Viewer viewer, ApiQuery query, ReadSpectra read, ReadSpectrumFile files, CancellationToken ct)
    {
        var key = Key(spectrumId);
        var view = await read.OneAsync(viewer, key, ct);
        if (view.Spectra is not [var spectrum])
        {
            return ApiResults.Error(403, $"Could not access spectrum {key}.");
        }

        var row = SpectrumWire.Full(spectrum, view);
        if (query.Bool("includeOriginalFile"))
        {
            row["original_file_string"] = await files.TextAsync(spectrum.OriginalFileHash, ct);
        }

        return ApiResults.Success(row);
    }

    private static async Task<IResult> PutAsync(string spectrumId, Viewer viewer, ApiBody body, EditSpectrum edit, CancellationToken ct)
    {
        await edit.HandleAsync(viewer, Key(spectrumId), SpectrumBody.Change(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string spectrumId, Viewer viewer, DeleteSpectrum delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(spectrumId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> FileAsync(string spectrumId, HttpContext context, Viewer viewer, ReadSpectrumFile read, CancellationToken ct)
    {
        var key = Key(spectrumId);
        var file = await read.HandleAsync(viewer, key, ct) ?? throw Refusal.NotFound($"Could not access an original file of spectrum {key}.");
        // A file from one user must never run in another's session.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.File(file.Bytes.ToArray(), "application/octet-stream", file.Name);
    }

    private static async Task<IResult> FilesAsync(string objId, Viewer viewer, ReadSpectrumFile read, CancellationToken ct) =>
        Results.File(await read.OfObjectAsync(viewer, objId, ct), "application/zip", $"{objId}-spectra.zip");

    private static async Task<IResult> OfSourceAsync(
        string objId, Viewer viewer, ApiQuery query, FindObject find, ReadSpectra read, ReadSpectrumFile files, CancellationToken ct)
    {
        var sortBy = OneOf(query, "sortBy", "observed_at", "created_at");
        var sortOrder = OneOf(query, "sortOrder", "asc", "desc");
        if (query.Text("normalization") is { } other and not "median")
        {
            throw Refusal.Invalid($"Invalid \"normalization\" value: {other}. Must be median.");
        }

        if (!await find.IsVisibleAsync(viewer, objId, ct))
        {
            return ApiResults.Error(400, "Invalid object ID.");
        }

        var view = await read.OfObjectAsync(viewer, objId, ct);
        IEnumerable<SpectrumRecord> spectra = sortBy == "created_at" ? view.Spectra.OrderBy(spectrum => spectrum.CreatedAt) : view.Spectra;
        var rows = new List<Dictionary<string, object?>>();
        foreach (var spectrum in sortOrder == "desc" ? spectra.Reverse() : spectra)
        {
            var row = SpectrumWire.OfSource(query.Text("normalization") is null ? spectrum : Normalized(spectrum), view);
            if (query.Bool("includeOriginalFile"))
            {
                row["original_file_string"] = await files.TextAsync(spectrum.OriginalFileHash, ct);
            }

            rows.Add(row);
        }

        return ApiResults.Success(new { obj_id = objId, spectra = rows });
    }

    private static SpectrumRecord Normalized(SpectrumRecord spectrum)
    {
        var sorted = spectrum.Fluxes.Select(Math.Abs).Order().ToArray();
        var median = sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        var scale = median > 0 ? median : 1e-20;
        return spectrum with { Fluxes = Array.ConvertAll(spectrum.Fluxes, flux => flux / scale) };
    }

    private static async Task<IResult> TogetherAsync(Viewer viewer, ApiBody body, ReadSpectraTogether read, CancellationToken ct)
    {
        var most = body.Int("maxSources") ?? 200;
        if (most is < 1 or > ReadSpectraTogether.MostSources)
        {
            throw ApiBody.Wrong("maxSources", $"Input should be 1 to {ReadSpectraTogether.MostSources}");
        }

        if (body.Int("group_id") is { } group && !viewer.SeesAll && !viewer.GroupIds.Contains(group))
        {
            throw Refusal.Invalid($"group_id: {group} is not one of your groups.");
        }

        return ApiResults.Success(await read.HandleAsync(
            viewer,
            new SpectraOfMany
            {
                GroupId = body.Int("group_id"),
                ObjIds = Texts(body, "obj_ids"),
                Classes = Texts(body, "classifications"),
                LeastProbability = body.Number("classificationProbThreshold"),
                MostSources = most,
            },
            ct));
    }

    private static async Task<IResult> MakePhotometryAsync(string spectrumId, Viewer viewer, ApiBody body, ApiQuery query, MakeSyntheticPhotometry make, CancellationToken ct)
    {
        var filters = Texts(body, "filters") ?? query.List("filters") ?? throw ApiBody.Wrong("filters", "Field required");
        await make.HandleAsync(viewer, Key(spectrumId), filters, ct);
        return ApiResults.Success();
    }

    private static string[]? Texts(ApiBody body, string field) => body.Element(field) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : body.Texts(field);

    private static byte[] Fits(ApiBody body)
    {
        var text = body.RequiredText("fits");
        var comma = text.StartsWith("data:", StringComparison.Ordinal) ? text.IndexOf(',', StringComparison.Ordinal) : -1;
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text[(comma + 1)..], buffer, out var length) && length is > 0 and <= FitsSpectrum.MostBytes
            ? buffer[..length]
            : throw ApiBody.Wrong("fits", $"Input should be a file of at most {FitsSpectrum.MostBytes >> 20} MB in base64");
    }

    private static string OneOf(ApiQuery query, string name, params string[] allowed) =>
        query.Text(name) is not { } text ? allowed[0] : allowed.Contains(text) ? text : throw Refusal.Invalid($"Invalid {name}: {text}. Must be one of: {string.Join(", ", allowed)}.");

    private static long Key(string spectrumId) => DiscussionRoutes.Id("spectrum_id", spectrumId);
}
