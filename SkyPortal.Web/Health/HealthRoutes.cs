using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Health;

/// <summary>Whether the node lives, and whether it can serve.</summary>
public static class HealthRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Text("live")).Public().WithName("Live");
        routes.MapGet("/health/ready", ReadyAsync).Public().WithName("Ready");
    }

    private static async Task<IResult> ReadyAsync(Contexts contexts, CancellationToken ct)
    {
        try
        {
            await using var command = contexts.DataSource.CreateCommand("select 1");
            await command.ExecuteScalarAsync(ct);
            return Results.Text("ready");
        }
        catch (Npgsql.NpgsqlException)
        {
            return Results.Text("the database does not answer", statusCode: 503);
        }
    }
}
