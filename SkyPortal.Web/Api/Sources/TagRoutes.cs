using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Api.Access;
using SkyPortal.Web.Api.Discussion;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>The vocabulary of tags, and tags on objects.</summary>
internal static class TagRoutes
{
    public static void MapTags(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/objtagoption", ListOptionsAsync).SignedIn().WithName("ListTagOptions");
        routes.MapPost("/api/objtagoption", CreateOptionAsync).Needs(Acl.ManageSources).WithName("PostTagOption");
        routes.MapPatch("/api/objtagoption/{tagId}", ChangeOptionAsync).SignedIn().WithName("PatchTagOption");
        routes.MapDelete("/api/objtagoption/{tagId}", DeleteOptionAsync).Needs(Acl.ManageSources).WithName("DeleteTagOption");
        routes.MapGet("/api/objtag", ListAsync).SignedIn().WithName("ListObjTags");
        routes.MapPost("/api/objtag", PostAsync).SignedIn().WithName("PostObjTag");
        routes.MapDelete("/api/objtag/{associationId}", DeleteAsync).SignedIn().WithName("DeleteObjTag");
    }

    private static async Task<IResult> ListOptionsAsync(Viewer viewer, ListTagOptions list, CancellationToken ct) => ApiResults.Success(await list.HandleAsync(viewer, ct));

    private static async Task<IResult> CreateOptionAsync(Viewer viewer, ApiBody body, CreateTagOption create, CancellationToken ct)
    {
        body.AllowOnly("name", "color");
        return ApiResults.Success(await create.HandleAsync(viewer, body.RequiredText("name"), body.Text("color"), ct));
    }

    private static async Task<IResult> ChangeOptionAsync(string tagId, Viewer viewer, ApiBody body, ChangeTagOption change, CancellationToken ct)
    {
        body.AllowOnly("name", "color");
        return ApiResults.Success(await change.HandleAsync(viewer, PathIds.Id(tagId, "tag_id"), body.RequiredText("name"), body.Text("color"), ct));
    }

    private static async Task<IResult> DeleteOptionAsync(string tagId, Viewer viewer, DeleteTagOption delete, CancellationToken ct) =>
        ApiResults.Success($"Successfully deleted tag {await delete.HandleAsync(viewer, PathIds.Id(tagId, "tag_id"), ct)}.");

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadObjTags read, ReadSuperObjs supers, CancellationToken ct)
    {
        var objId = query.Text("obj_id");
        string[]? ids = objId is null ? null : query.Bool("includeSuperObjs") ? await supers.WithAssociatedAsync(viewer, objId, ct) : [objId];
        return ApiResults.Success(await read.ReadAsync(viewer, ids, query.StrictInt("objtagoption_id"), ct));
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, TagObject tag, ReadObjTags read, CancellationToken ct)
    {
        body.AllowOnly("objtagoption_id", "obj_id", "group_ids");
        var objId = body.RequiredText("obj_id");
        var done = await tag.HandleAsync(viewer, body.RequiredInt("objtagoption_id"), objId, body.Ints("group_ids"), ct);
        if (done.IsNew)
        {
            return ApiResults.Success((await read.ForAsync(viewer, [objId], ct))[objId].FirstOrDefault(row => row.Id == done.Id));
        }

        return done.AddedGroupIds.Length == 0
            ? ApiResults.Success()
            : ApiResults.Success(new { done.Id, Message = $"Added {done.AddedGroupIds.Length} group(s) to the existing tag." });
    }

    private static async Task<IResult> DeleteAsync(string associationId, Viewer viewer, ApiBody body, UntagObject untag, CancellationToken ct)
    {
        body.AllowOnly("group_ids");
        var gone = await untag.HandleAsync(viewer, DiscussionRoutes.Id("association_id", associationId), body.Ints("group_ids"), ct);
        return ApiResults.Success($"Successfully removed the tag from {gone.Length} group(s).");
    }
}
