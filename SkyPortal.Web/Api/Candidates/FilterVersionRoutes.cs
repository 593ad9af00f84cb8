using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Versions of filters: additions of ours.</summary>
public static class FilterVersionRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFilterVersions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/filters/{filterId}/versions", ListAsync).SignedIn().WithName("ListFilterVersions");
        routes.MapGet("/api/filters/{filterId}/versions/{version}", GetAsync).SignedIn().WithName("GetFilterVersion");
        routes.MapGet("/api/filters/{filterId}/versions/{version}/compare/{other}", CompareAsync).SignedIn().WithName("CompareFilterVersions");
        routes.MapPost("/api/filters/{filterId}/versions", PostAsync).Needs(Acl.UploadData).WithName("PostFilterVersion");
        routes.MapPost("/api/filters/{filterId}/versions/{version}/activate", ActivateAsync).Needs(Acl.UploadData).WithName("ActivateFilterVersion");
    }

    private static async Task<IResult> ListAsync(string filterId, Viewer viewer, ListFilterVersions list, CancellationToken ct) =>
        ApiResults.Success(await list.HandleAsync(viewer, FilterRoutes.Id(filterId), ct));

    private static async Task<IResult> GetAsync(string filterId, string version, Viewer viewer, GetFilterVersion get, CancellationToken ct) =>
        ApiResults.Success(await get.HandleAsync(viewer, FilterRoutes.Id(filterId), Number(version), ct));

    private static async Task<IResult> CompareAsync(string filterId, string version, string other, Viewer viewer, CompareFilterVersions compare, CancellationToken ct)
    {
        var found = await compare.HandleAsync(viewer, FilterRoutes.Id(filterId), Number(version), Number(other), ct);
        return ApiResults.Success(new { found.Clauses, Lines = found.Lines.Select(line => new { Kind = line.Kind.ToString().ToLowerInvariant(), line.Text }) });
    }

    private static async Task<IResult> PostAsync(string filterId, Viewer viewer, ApiBody body, SaveFilterVersion save, CancellationToken ct)
    {
        body.AllowOnly("expression", "annotations", "note", "active", "override");
        var number = await save.HandleAsync(
            viewer,
            FilterRoutes.Id(filterId),
            new NewFilterVersion(body.RequiredText("expression"), FilterRoutes.Annotations(body), body.Text("note"), body.Bool("active") ?? false, body.Text("override")),
            ct);
        return ApiResults.Success(new { Number = number });
    }

    private static async Task<IResult> ActivateAsync(string filterId, string version, Viewer viewer, ApiBody body, ActivateFilterVersion activate, CancellationToken ct)
    {
        body.AllowOnly("override");
        await activate.HandleAsync(viewer, FilterRoutes.Id(filterId), Number(version), body.Text("override"), ct);
        return ApiResults.Success();
    }

    internal static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Refusal.Invalid($"Invalid version: {text}");
}
