using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>A user's own lists of objects.</summary>
public static class ListingRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapListings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/listing/{userId?}", ListAsync).SignedIn().WithName("ListListings");
        routes.MapPost("/api/listing", AddAsync).SignedIn().WithName("AddToList");
        routes.MapPatch("/api/listing/{listingId}", ChangeAsync).SignedIn().WithName("ChangeListEntry");
        routes.MapDelete("/api/listing/{listingId?}", RemoveAsync).SignedIn().WithName("RemoveFromList");
    }

    private static async Task<IResult> ListAsync(string? userId, Viewer viewer, ApiQuery query, ReadListings read, CancellationToken ct) =>
        ApiResults.Success(await read.HandleAsync(viewer, userId is null ? null : Id<int>(userId, "user_id"), query.Text("listName"), ct));

    private static async Task<IResult> AddAsync(Viewer viewer, ApiBody body, AddToList add, CancellationToken ct)
    {
        body.AllowOnly("obj_id", "list_name", "user_id", "params");
        var id = await add.HandleAsync(viewer, body.RequiredText("obj_id"), body.RequiredText("list_name"), body.Int("user_id"), body.Object("params"), ct);
        return ApiResults.Success(new { Id = id });
    }

    private static async Task<IResult> ChangeAsync(string listingId, Viewer viewer, ApiBody body, ChangeListEntry change, CancellationToken ct)
    {
        body.AllowOnly("obj_id", "list_name", "user_id", "params");
        await change.HandleAsync(viewer, Id<long>(listingId, "listing_id"), body.Text("obj_id"), body.Text("list_name"), body.Int("user_id"), body.Object("params"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> RemoveAsync(string? listingId, Viewer viewer, ApiBody body, RemoveFromList remove, CancellationToken ct)
    {
        if (listingId is not null)
        {
            await remove.HandleAsync(viewer, Id<long>(listingId, "listing_id"), ct);
        }
        else
        {
            await remove.HandleAsync(viewer, body.RequiredText("obj_id"), body.RequiredText("list_name"), body.Int("user_id"), ct);
        }

        return ApiResults.Success();
    }

    private static T Id<T>(string text, string name)
        where T : struct, ISpanParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid {name}: {text}");
}
