using System.Buffers.Text;
using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Scores;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Models that score what passes the filters of a group.</summary>
public static class ScoringRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapScoringModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/internal/scoring_models", ListAsync).SignedIn().WithName("GetScoringModels");
        routes.MapPost("/api/internal/scoring_models", PostAsync).Needs(Acl.UploadData).WithName("PostScoringModel");
        routes.MapPatch("/api/internal/scoring_models/{modelId}", PatchAsync).Needs(Acl.UploadData).WithName("PatchScoringModel");
        routes.MapDelete("/api/internal/scoring_models/{modelId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteScoringModel");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ListScoringModels list, CancellationToken ct) =>
        ApiResults.Success(await list.HandleAsync(viewer, ct));

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, AddScoringModel add, CancellationToken ct)
    {
        body.AllowOnly("name", "group_id", "stream_id", "model", "inputs", "outputs");
        var request = new NewScoringModel(
            body.RequiredText("name"),
            body.RequiredInt("group_id"),
            body.RequiredInt("stream_id"),
            File(body.RequiredText("model")),
            body.Object("inputs") ?? throw ApiBody.Wrong("inputs", "Field required"),
            body.Object("outputs") ?? throw ApiBody.Wrong("outputs", "Field required"));
        return ApiResults.Success(new { Id = await add.HandleAsync(viewer, request, ct) });
    }

    private static async Task<IResult> PatchAsync(string modelId, Viewer viewer, ApiBody body, SwitchScoringModel change, CancellationToken ct)
    {
        body.AllowOnly("active");
        await change.HandleAsync(viewer, Id(modelId), body.Bool("active") ?? throw ApiBody.Wrong("active", "Field required"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string modelId, Viewer viewer, DeleteScoringModel delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Id(modelId), ct);
        return ApiResults.Success();
    }

    private static byte[] File(string base64)
    {
        if (base64.Length / 4 * 3 > AddScoringModel.MostBytes)
        {
            throw ApiBody.Wrong("model", $"It may have at most {AddScoringModel.MostBytes >> 20} MiB");
        }

        return Base64.IsValid(base64) ? Convert.FromBase64String(base64) : throw ApiBody.Wrong("model", "It must be the file in base64");
    }

    private static int Id(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid model_id: {text}");
}
