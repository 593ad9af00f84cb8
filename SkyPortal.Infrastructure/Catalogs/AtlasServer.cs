using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>An object of the ATLAS transient server near a position.</summary>
/// <param name="Id">Its key there.</param>
/// <param name="SeparationArcsec">How far from the position.</param>
public sealed record AtlasMatch(string Id, double SeparationArcsec);

/// <summary>
/// The ATLAS transient web server: cones, whole objects, and the site's own lists there. Needs a token of the site
/// (Outside:AtlasServer:Token). Answers of writes are read for their text: the server says 201 even where it did nothing.
/// </summary>
public sealed class AtlasServer(CallOutside call, OutsideSettings settings)
{
    /// <summary>Widest cone that the server searches, arcseconds.</summary>
    public const double MostRadiusArcsec = 1000;

    /// <summary>Most objects in one call.</summary>
    public const int MostObjects = 100;

    /// <summary>The server.</summary>
    public static OutsideService Service { get; } = new("AtlasServer", "ATLAS transient server", "https://psweb.mp.qub.ac.uk/sne/atlas4/api/") { TimeoutSeconds = 60 };

    /// <summary>Objects within a cone, the nearest first; empty where there are none.</summary>
    /// <exception cref="OutsideException">It did not answer.</exception>
    public async Task<IReadOnlyList<AtlasMatch>> ConeAsync(Viewer viewer, SkyPosition center, double radiusArcsec, string? subject, CancellationToken ct)
    {
        if (radiusArcsec is not (> 0 and <= MostRadiusArcsec))
        {
            throw new ArgumentOutOfRangeException(nameof(radiusArcsec), radiusArcsec, $"The server searches up to {MostRadiusArcsec} arcsec.");
        }

        // 400 is the answer to an empty cone.
        var reply = await PostAsync(viewer, "cone/", isRead: true, subject, [400], ct, new("ra", center.Ra()), new("dec", center.Dec()), new("radius", ArchiveText.Number(radiusArcsec)), new("requestType", "all"));
        var root = Json(reply.Text);
        if (reply.Status == 400)
        {
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out _)
                ? []
                : throw new OutsideException(Service, OutsideFailure.Refused, $"{Service.Title} refused the cone.") { Status = 400 };
        }

        return root.ValueKind == JsonValueKind.Array
            ? [.. root.EnumerateArray().Select(item => new AtlasMatch(TextOf(item, "object") ?? "", NumberOf(item, "separation") ?? double.MaxValue)).Where(match => match.Id.Length > 0).OrderBy(match => match.SeparationArcsec)]
            : throw OutsideException.Unreadable(Service, "a cone is not a list.");
    }

    /// <summary>Everything about some objects, one JSON object each, since a time; objects that it does not know are left out.</summary>
    /// <param name="viewer">On whose behalf.</param>
    /// <param name="ids">Keys, at most <see cref="MostObjects"/>.</param>
    /// <param name="sinceMjdDays">Measurements before are left out; 0 for all.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="OutsideException">It did not answer.</exception>
    public async Task<IReadOnlyList<JsonElement>> ObjectsAsync(Viewer viewer, IReadOnlyList<string> ids, double sinceMjdDays, string? subject, CancellationToken ct)
    {
        if (ids.Count is 0 or > MostObjects)
        {
            throw new ArgumentOutOfRangeException(nameof(ids), ids.Count, $"Between 1 and {MostObjects} objects.");
        }

        var reply = await PostAsync(viewer, "objects/", isRead: true, subject, [], ct, new("objects", string.Join(',', ids)), new("mjd", ArchiveText.Number(sinceMjdDays)));
        var root = Json(reply.Text);
        return root.ValueKind == JsonValueKind.Array
            ? [.. root.EnumerateArray().Where(item => item.TryGetProperty("object", out var about) && about.ValueKind == JsonValueKind.Object)]
            : throw OutsideException.Unreadable(Service, TextOf(root, "info") ?? "objects are not a list.");
    }

    /// <summary>Keys of the lists that hold an object.</summary>
    public async Task<IReadOnlyList<int>> ListsOfAsync(Viewer viewer, string id, string? subject, CancellationToken ct)
    {
        var root = Json((await PostAsync(viewer, "objectgroupslist/", isRead: true, subject, [], ct, new OutsideField("objectid", id))).Text);
        return root.ValueKind == JsonValueKind.Array
            ? [.. root.EnumerateArray().Select(item => NumberOf(item, "object_group_id")).OfType<double>().Select(number => (int)number).Order()]
            : throw OutsideException.Unreadable(Service, "lists are not a list.");
    }

    /// <summary>Puts an object on a list; one that is there stays.</summary>
    /// <exception cref="OutsideException">It did not confirm.</exception>
    public async Task AddToListAsync(Viewer viewer, string id, int list, string? subject, CancellationToken ct)
    {
        var reply = await PostAsync(viewer, "objectgroups/", isRead: false, subject, [], ct, new("objectid", id), new("objectgroupid", list.ToString(CultureInfo.InvariantCulture)));
        var info = TextOf(Json(reply.Text), "info") ?? "";
        if (!info.StartsWith("Row created", StringComparison.Ordinal) && !info.StartsWith("Duplicate row", StringComparison.Ordinal))
        {
            throw new OutsideException(Service, OutsideFailure.Refused, $"{Service.Title} did not put it on list {list}: {(info.Length == 0 ? "it said nothing" : info)}") { Status = reply.Status };
        }
    }

    /// <summary>Takes an object off a list.</summary>
    /// <exception cref="OutsideException">It did not confirm.</exception>
    public Task RemoveFromListAsync(Viewer viewer, string id, int list, string? subject, CancellationToken ct) =>
        PostAsync(viewer, "objectgroupsdelete/", isRead: false, subject, [], ct, new("objectid", id), new("objectgroupid", list.ToString(CultureInfo.InvariantCulture)));

    private async Task<OutsideReply> PostAsync(
        Viewer viewer, string path, bool isRead, string? subject, IReadOnlyList<int> alsoAnswers, CancellationToken ct, params OutsideField[] form)
    {
        var token = settings.Text(Service, "Token")
            ?? throw new OutsideException(Service, OutsideFailure.NotConfigured, $"This site has no account at the {Service.Title} (Outside:{Service.Name}:Token).");
        return await call.HandleAsync(
            viewer,
            new OutsideCall(Service, path)
            {
                Method = HttpMethod.Post,
                Form = form,
                Headers = [new("Authorization", $"Token {token}", IsSecret: true)],
                IsRead = isRead,
                AlsoAnswers = alsoAnswers,
                Subject = subject,
                // The rows of a list are unique there, so a repeated write does nothing.
                IdempotencyKey = isRead ? null : Guid.NewGuid().ToString("D"),
            },
            ct);
    }

    internal static JsonElement Json(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw OutsideException.Unreadable(Service, "it is not JSON.", error);
        }
    }

    internal static double? NumberOf(JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
            _ => null,
        }
        : null;

    internal static string? TextOf(JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null }
        : null;
}
