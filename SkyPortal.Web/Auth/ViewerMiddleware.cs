using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Web.Api;

namespace SkyPortal.Web.Auth;

/// <summary>Finds out on whose behalf a request comes, and refuses it where the route demands more.</summary>
public sealed class ViewerMiddleware(RequestDelegate next, ReadViewer readViewer, OpenArchive openArchive)
{
    private const string Malformed = "HTTP 401: Unauthorized (Credentials malformed; expected form \"Authorization: token abc123\")";
    private const string Unauthorized = "HTTP 401: Unauthorized";

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        // A cookie travels with what a page of the same host, but of another port, sends; such a page must not act for anybody.
        if (context.Request.Path.StartsWithSegments("/_blazor") && !SameOrigin.Holds(context.Request))
        {
            context.Response.StatusCode = 403;
            return;
        }

        var requirement = context.GetEndpoint()?.Metadata.GetMetadata<AccessRequirement>();
        if (requirement is null || !IsForPrograms(context.Request.Path))
        {
            await BrowserAsync(context, requirement ?? context.GetEndpoint()?.Metadata.GetMetadata<PageRequirementAttribute>()?.Requirement);
            return;
        }

        var header = context.Request.Headers.Authorization.ToString();
        var hasToken = header.StartsWith("token ", StringComparison.Ordinal);
        var answer = hasToken
            ? await readViewer.ByTokenAsync(header["token ".Length..], context.RequestAborted)
            : await readViewer.OfSessionAsync(context.User, context.RequestAborted);
        if (answer is { Viewer: not null, Expired: true } && requirement.Kind != SignInKind.Public)
        {
            await ApiResults.Error(403, "HTTP 403: Forbidden (User account expired)").ExecuteAsync(context);
            return;
        }

        var viewer = answer is { Viewer: { } found, Expired: false } ? found : Viewer.Nobody;
        if (viewer is { IsAuthenticated: true, TokenId: null } && !IsRead(context.Request.Method) && !SameOrigin.Holds(context.Request))
        {
            await ApiResults.Error(403, "The request does not come from this site.").ExecuteAsync(context);
            return;
        }

        viewer = await AdmitAsync(viewer, requirement, hasToken, context.RequestAborted);
        context.SetViewer(viewer);
        if (requirement.Kind != SignInKind.Public && !IsOfArchive(viewer, requirement))
        {
            if (!viewer.IsAuthenticated)
            {
                await ApiResults.Error(401, hasToken || header.Length == 0 ? Unauthorized : Malformed).ExecuteAsync(context);
                return;
            }

            if ((requirement.Kind == SignInKind.Session && viewer.TokenId is not null) || !requirement.Acls.All(viewer.Has))
            {
                await ApiResults.Error(401, Unauthorized).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    // Who lacks a permission is told by the page itself, who is not signed in is sent to do so.
    private async Task BrowserAsync(HttpContext context, AccessRequirement? requirement)
    {
        var viewer = await readViewer.OfSessionAsync(context.User, context.RequestAborted) is { Viewer: { } known, Expired: false } ? known : Viewer.Nobody;
        viewer = await AdmitAsync(viewer, requirement, hasToken: false, context.RequestAborted);
        context.SetViewer(viewer);
        if (requirement is null or { Kind: SignInKind.Public } || viewer.IsAuthenticated || IsOfArchive(viewer, requirement))
        {
            if (requirement is not null && !requirement.Acls.All(viewer.Has))
            {
                context.Response.StatusCode = 403;
            }

            await next(context);
            return;
        }

        context.Response.Redirect($"/sign-in?return={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}");
    }

    // A wrong token is no way to read as nobody: its sender believes to be somebody.
    private async Task<Viewer> AdmitAsync(Viewer viewer, AccessRequirement? requirement, bool hasToken, CancellationToken ct) =>
        requirement?.Kind == SignInKind.Archive && !viewer.IsAuthenticated && !hasToken ? await openArchive.HandleAsync(ct) ?? viewer : viewer;

    private static bool IsOfArchive(Viewer viewer, AccessRequirement? requirement) => requirement?.Kind == SignInKind.Archive && viewer.StreamIds.Length > 0;

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // Programs fetch the pictures that replies name, with the token of the API.
    private static bool IsForPrograms(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/thumbnails");
}

/// <summary>Keeps the viewer of a request.</summary>
public static class ViewerOfRequest
{
    private static readonly object Key = new();

    /// <summary>The viewer; nobody where the middleware has not run.</summary>
    public static Viewer Viewer(this HttpContext context) => context.Items[Key] as Viewer ?? Domain.Access.Viewer.Nobody;

    internal static void SetViewer(this HttpContext context, Viewer viewer) => context.Items[Key] = viewer;
}
