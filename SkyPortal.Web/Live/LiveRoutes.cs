using SkyPortal.Domain.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Live;

/// <summary>The web socket for programs, and the token that opens it. Any origin may connect: the token says who is there, no cookie.</summary>
internal static class LiveRoutes
{
    public static void MapLiveSocket(this WebApplication app)
    {
        app.MapGet("/baselayer/socket_auth_token", (Viewer viewer, LiveSocket live) =>
            viewer.UserId is { } user ? Results.Json(new { token = live.TokenOf(user) }) : Results.Redirect("/")).Session().WithName("SocketAuthToken");
        app.MapGet("/websocket", ServeAsync).Public().WithName("WebSocket").ExcludeFromDescription();
    }

    private static async Task<IResult> ServeAsync(HttpContext context, LiveSocket live, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return Results.Text("A web socket is served here.", statusCode: 400);
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await live.RunAsync(socket, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The other side, or the node, is gone.
        }

        return Results.Empty;
    }
}
