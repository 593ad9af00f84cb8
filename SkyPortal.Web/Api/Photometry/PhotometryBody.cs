using System.Text.Json;
using Microsoft.Net.Http.Headers;
using SkyPortal.Domain;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>The columns of an upload, from a JSON object, or from a file of comma-separated values with the content type text/csv.</summary>
public sealed class PhotometryBody
{
    private PhotometryBody(JsonElement root) => Root = root;

    /// <summary>The columns.</summary>
    public JsonElement Root { get; }

    /// <summary>Reads the body of a request; of a file, what all rows share is read from the query.</summary>
    public static async ValueTask<PhotometryBody?> BindAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase))
        {
            return new PhotometryBody((await ApiBody.BindAsync(context))!.Root);
        }

        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.Invalid("Invalid Content-Type: a file of comma-separated values must be in UTF-8.");
        }

        var memory = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, 1 << 20));
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        return new PhotometryBody(PhotometryCsv.Read(memory.GetBuffer().AsMemory(0, (int)memory.Length), Shared(new ApiQuery(context.Request.Query))));
    }

    private static Dictionary<string, JsonElement> Shared(ApiQuery query)
    {
        var shared = PhotometryCsv.Shared.Where(field => query.Text(field) is not null)
            .ToDictionary(field => field, field => JsonSerializer.SerializeToElement(query.Text(field)));
        foreach (var field in new[] { "group_ids", "stream_ids" })
        {
            if (query.Text(field) is { } text)
            {
                shared[field] = field == "group_ids" && text == "all"
                    ? JsonSerializer.SerializeToElement(text)
                    : JsonSerializer.SerializeToElement(query.Ints(field, $"Invalid {field}: a list of integers is needed."));
            }
        }

        return shared;
    }
}
