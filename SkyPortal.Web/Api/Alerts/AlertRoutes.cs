using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>Original packets, and pictures of cut-outs.</summary>
public static class AlertRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/alerts/{survey}/{alertId}/packet", GetPacketAsync).OpenWithArchive().WithName("GetAlertPacket");
        routes.MapGet("/api/internal/set_aside/{packetId}", GetSetAsideAsync).Needs(Acl.SystemAdmin).WithName("GetSetAsidePacket");
        routes.MapGet("/api/thumbnails/{thumbnailId}/image", GetPictureAsync).SignedIn().WithName("GetThumbnailImage");
        routes.MapGet("/thumbnails/{thumbnailId}.png", GetPictureAsync).SignedIn().WithName("GetThumbnailPicture");
    }

    private static async Task<IResult> GetPacketAsync(string survey, string alertId, Viewer viewer, ReadPacket readPacket, CancellationToken ct)
    {
        var id = Parse(alertId, "alert_id");
        var bytes = await readPacket.HandleAsync(viewer, survey, id, ct);
        return Results.File(bytes, "application/octet-stream", string.Create(CultureInfo.InvariantCulture, $"{id}.avro"));
    }

    private static async Task<IResult> GetSetAsideAsync(string packetId, Viewer viewer, ReadStreams read, CancellationToken ct)
    {
        var id = Parse(packetId, "packet_id");
        var bytes = await read.BytesAsync(viewer, id, ct) ?? throw Refusal.NotFound($"There is no set-aside packet {id}, or its bytes are gone.");
        return Results.File(bytes, "application/octet-stream", string.Create(CultureInfo.InvariantCulture, $"set_aside_{id}.bin"));
    }

    private static async Task<IResult> GetPictureAsync(string thumbnailId, HttpContext context, Viewer viewer, ApiQuery query, DrawThumbnail draw, CancellationToken ct)
    {
        var stretch = CutoutStretch.Of(query.Text("scale"), query.StrictNumber("low"), query.StrictNumber("high"));
        var bytes = await draw.HandleAsync(viewer, Parse(thumbnailId, "thumbnail_id"), stretch, ct);
        // A shared cache must not hand it to others, and who loses access must lose the picture soon.
        context.Response.Headers.CacheControl = "private, max-age=300";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(bytes, TypeOf(bytes));
    }

    internal static string TypeOf(ReadOnlySpan<byte> picture) =>
        picture.Length > 4 && picture[1..].StartsWith("PNG"u8) ? "image/png"
        : picture.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : "application/octet-stream";

    internal static long Parse(string text, string name) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid {name}: {text}");
}
