using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Outside;

/// <summary>What the platform asked other servers on the caller's behalf.</summary>
public static class OutsideRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapOutside(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/outside/transactions", ListAsync).SignedIn().WithName("ListOutsideTransactions");
        routes.MapGet("/api/outside/transactions/{transactionId}", GetAsync).SignedIn().WithName("GetOutsideTransaction");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadOutsideTransactions read, CancellationToken ct)
    {
        var (page, perPage) = query.Page(100);
        return ApiResults.Success(await read.HandleAsync(viewer, query.Text("service"), query.Text("objID"), (page - 1) * perPage, perPage, ct));
    }

    private static async Task<IResult> GetAsync(string transactionId, Viewer viewer, ReadOutsideTransactions read, CancellationToken ct)
    {
        var id = long.TryParse(transactionId, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : throw Refusal.Invalid($"Invalid transactionId: {transactionId}");
        return ApiResults.Success(await read.OneAsync(viewer, id, ct) ?? throw Refusal.NotFound($"There is no transaction {id}."));
    }
}
