using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Api.Access;
using SkyPortal.Web.Api.Discussion;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>What ties objects to each other and to people: super-objects, similar objects and interests.</summary>
internal static class RelationRoutes
{
    private const int MostSimilar = 100;

    public static void MapRelations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/super_objs/{superObjId?}", ListAsync).SignedIn().WithName("ListSuperObjs");
        routes.MapPost("/api/super_objs", CreateAsync).SignedIn().WithName("PostSuperObj");
        routes.MapPatch("/api/super_objs/{superObjId}", ChangeAsync).SignedIn().WithName("PatchSuperObj");
        routes.MapDelete("/api/super_objs/{superObjId}", DeleteAsync).Needs(Acl.SystemAdmin).WithName("DeleteSuperObj");
        routes.MapGet("/api/sources/{objId}/interests", InterestsAsync).SignedIn().WithName("ListInterests");
        routes.MapPost("/api/sources/{objId}/interests", RegisterAsync).SignedIn().WithName("PostInterest");
        routes.MapDelete("/api/sources/{objId}/interests/{interestId}", WithdrawAsync).SignedIn().WithName("DeleteInterest");
        routes.MapGet("/api/sources/{objId}/similar", SimilarAsync).SignedIn().WithName("ListSimilarSources");
    }

    private static async Task<IResult> ListAsync(string? superObjId, Viewer viewer, ApiQuery query, ReadSuperObjs read, CancellationToken ct)
    {
        int? id = string.IsNullOrEmpty(superObjId) ? null : PathIds.Id(superObjId, "super_obj_id");
        bool? roid = query.Text("isRoid") is null ? null : query.Bool("isRoid");
        var rows = await read.HandleAsync(viewer, new SuperObjCriteria(id, query.Text("name"), roid, query.Text("objID")), ct);
        return id is not null && rows.Count == 0 ? throw Refusal.Invalid($"Cannot find super-object with ID {id}.") : ApiResults.Success(rows);
    }

    private static async Task<IResult> CreateAsync(Viewer viewer, ApiBody body, CreateSuperObj create, CancellationToken ct) =>
        ApiResults.Success(new { Id = await create.HandleAsync(viewer, body.Text("name"), body.Texts("obj_ids") ?? [], body.Bool("is_roid") ?? false, ct) });

    private static async Task<IResult> ChangeAsync(string superObjId, Viewer viewer, ApiBody body, ChangeSuperObj change, CancellationToken ct)
    {
        var wanted = new SuperObjChange(body.Text("name"), body.Bool("is_roid"), body.Texts("obj_ids"), body.Texts("add_obj_ids"), body.Texts("remove_obj_ids"));
        await change.HandleAsync(viewer, PathIds.Id(superObjId, "super_obj_id"), wanted, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string superObjId, Viewer viewer, DeleteSuperObj delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, PathIds.Id(superObjId, "super_obj_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> InterestsAsync(string objId, Viewer viewer, ListInterests list, CancellationToken ct) =>
        ApiResults.Success(await list.HandleAsync(viewer, objId, ct));

    private static async Task<IResult> RegisterAsync(string objId, Viewer viewer, ApiBody body, RegisterInterest register, CancellationToken ct)
    {
        body.AllowOnly("title", "description", "link");
        return ApiResults.Success(new { Id = await register.HandleAsync(viewer, objId, body.RequiredText("title"), body.Text("description"), body.Text("link"), ct) });
    }

    private static async Task<IResult> WithdrawAsync(string objId, string interestId, Viewer viewer, WithdrawInterest withdraw, CancellationToken ct)
    {
        await withdraw.HandleAsync(viewer, objId, DiscussionRoutes.Id("interest_id", interestId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> SimilarAsync(string objId, Viewer viewer, ApiQuery query, ReadSimilarSources read, CancellationToken ct)
    {
        var most = query.StrictInt("numItems") ?? 10;
        return most is < 1 or > MostSimilar
            ? throw Refusal.Invalid($"Invalid numItems: it must be 1 to {MostSimilar}.")
            : ApiResults.Success(await read.HandleAsync(viewer, objId, most, ct) ?? throw Refusal.NotFound("Source not found"));
    }
}
