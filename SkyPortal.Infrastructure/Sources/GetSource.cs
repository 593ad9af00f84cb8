using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>What a reply about one source carries besides the object, its groups, annotations and classes.</summary>
public sealed record SourceIncludes
{
    public SaveKind Saves { get; init; }
    public bool Thumbnails { get; init; }
    public bool Comments { get; init; }
    public bool Annotations { get; init; } = true;
    public bool PhotometryExists { get; init; }
    public bool SpectrumExists { get; init; }
    public bool CommentExists { get; init; }
    public bool PeriodExists { get; init; }
    public bool Labellers { get; init; }
    public bool Candidates { get; init; }
    public bool ColorMagnitude { get; init; }
    public bool DetectionStats { get; init; }
    public bool Tags { get; init; } = true;
    public bool AssociatedObjs { get; init; } = true;

    /// <summary>With the galaxies near it, and its host.</summary>
    public bool Galaxies { get; init; } = true;

    /// <summary>With the other objects at its place.</summary>
    public bool Duplicates { get; init; } = true;

    /// <summary>With the requests that it be observed.</summary>
    public bool FollowupRequests { get; init; } = true;

    /// <summary>With what hangs on the other objects of its super-objects, too.</summary>
    public bool SuperObjs { get; init; }

    /// <summary>Refuse the object unless it has this TNS name.</summary>
    public string? TnsName { get; init; }

    internal bool AnyFlag => PhotometryExists || CommentExists || PeriodExists || SpectrumExists;
}

/// <summary>
/// One object with what hangs on it: eight statements (object, groups, annotations, classes, neighbours, galaxies,
/// tags, tied objects), one to seven for its requests, and one more for each of a host, thumbnails, comments, statistics, labellers, candidates and the flags of what exists.
/// </summary>
public sealed class GetSource(
    Contexts contexts,
    ReadObjs objs,
    ReadObjGroups groups,
    ReadObjAnnotations annotations,
    ReadObjClassifications classifications,
    ReadNearbySources nearby,
    ReadRelations relations,
    Catalogs.DustMap dust,
    ReadObjThumbnails thumbnails,
    ReadObjComments comments,
    ReadObjLabels labels,
    ReadObjFlags flags,
    ReadPhotStats stats,
    FollowUp.ReadFollowups followups)
{
    /// <summary>Objects within this radius may be the same thing.</summary>
    public const double DuplicateRadiusDegrees = 4 / 3600.0;

    // Index candidates (obj_id, filter_id, passed_at).
    private const string CandidatesSql = $"""
        select coalesce(json_agg(json_build_object(
                'id', c.id, 'obj_id', c.obj_id, 'filter_id', c.filter_id, 'passed_at', c.passed_at at time zone 'utc',
                'passing_alert_id', c.passing_alert_id, 'uploader_id', c.uploader_id, 'created_at', c.created_at at time zone 'utc',
                'modified', c.modified at time zone 'utc',
                'filter', json_build_object('id', f.id, 'name', f.name, 'stream_id', f.stream_id, 'group_id', f.group_id,
                    'created_at', f.created_at at time zone 'utc', 'modified', f.modified at time zone 'utc'))
            order by c.passed_at desc, c.id desc), '[]')
        from candidates c join objs o on o.id = c.obj_id join filters f on f.id = c.filter_id
        where c.obj_id = @id and {ViewerSql.SeesObj}
          and (@sees_all or (f.group_id = any(@viewer_groups) and f.stream_id = any(@viewer_streams)))
        """;

    /// <summary>The object; null where it is missing or hidden from the viewer.</summary>
    public async Task<ObjRecord?> HandleAsync(Viewer viewer, string objId, SourceIncludes includes, CancellationToken ct)
    {
        string[] ids = [objId];
        if (!(await objs.ForAsync(viewer, ids, ct)).TryGetValue(objId, out var obj) || (includes.TnsName is { } name && obj.TnsName != name))
        {
            return null;
        }

        obj.WithInternalKey().WithDerived().With("ebv", obj is { Ra: { } ra, Dec: { } dec } ? dust.ColourExcessMag(new SkyPosition(ra, dec)) : null);
        obj.With("assignments", Array.Empty<object>());
        if (includes.FollowupRequests)
        {
            obj.With("followup_requests", (await followups.OfObjectsAsync(viewer, ids, ct))[objId].ToList());
        }

        if (includes.Duplicates)
        {
            obj.With("duplicates", await DuplicatesAsync(viewer, obj, ct));
        }

        obj.With("groups", (await groups.ForAsync(viewer, ids, includes.Saves, ct))[objId].ToList());
        await relations.AddToAsync(viewer, obj, includes, ct);
        var all = includes.SuperObjs ? await relations.WithAssociatedAsync(viewer, objId, ct) : ids;
        if (includes.Annotations)
        {
            obj.With("annotations", Together(all, await annotations.ForAsync(viewer, all, withAuthor: true, ct)));
        }

        obj.With("classifications", Together(all, await classifications.ForAsync(viewer, all, withDetails: true, ct)));
        await AddOptionalAsync(viewer, obj, all, includes, ct);
        return obj;
    }

    private async Task AddOptionalAsync(Viewer viewer, ObjRecord obj, string[] all, SourceIncludes includes, CancellationToken ct)
    {
        string[] ids = [obj.Id];
        if (includes.Thumbnails)
        {
            obj.With("thumbnails", Together(all, await thumbnails.ForAsync(viewer, all, ct)));
        }

        if (includes.Comments)
        {
            obj.With("comments", Together(all, await comments.ForAsync(viewer, all, ct)));
        }

        if (includes.DetectionStats)
        {
            AddStats(obj, (await stats.ForAsync(viewer, ids, ct)).GetValueOrDefault(obj.Id));
        }

        if (includes.Labellers)
        {
            obj.With("labellers", (await labels.ForAsync(viewer, ids, ct))[obj.Id].Select(row => row.Labeller).DistinctBy(user => user.Id).ToList());
        }

        if (includes.AnyFlag && (await flags.ForAsync(viewer, ids, ct)).TryGetValue(obj.Id, out var has))
        {
            AddFlags(obj, includes, has);
        }

        if (includes.ColorMagnitude)
        {
            obj.With("color_magnitude", ReadColorMagnitude.Of((await annotations.ForAsync(viewer, ids, withAuthor: false, ct))[obj.Id], new ColorMagnitudeKeys()));
        }

        if (includes.Candidates)
        {
            await using var command = contexts.DataSource.CreateCommand(CandidatesSql).WithViewer(viewer).With("id", obj.Id);
            obj.With("candidates", (await command.ReadAllAsync(reader => reader.GetFieldValue<JsonElement>(0), ct)).Single());
        }
    }

    private static List<T> Together<T>(string[] objIds, ILookup<string, T> rows) => [.. objIds.SelectMany(id => rows[id])];

    private static void AddStats(ObjRecord obj, PhotStatRecord? stat)
    {
        obj.With("photstats", stat is null ? [] : new[] { stat });
        if (stat?.FirstDetectedMjd is { } first)
        {
            obj.With("first_detected", Iso(first));
        }

        if (stat?.LastDetectedMjd is { } last)
        {
            obj.With("last_detected", Iso(last));
        }
    }

    private static string Iso(double mjdUtc) =>
        Mjd.TimeOf(mjdUtc).ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static void AddFlags(ObjRecord obj, SourceIncludes includes, ObjFlags has)
    {
        if (includes.PhotometryExists)
        {
            obj.With("photometry_exists", has.PhotometryExists);
        }

        if (includes.CommentExists)
        {
            obj.With("comment_exists", has.CommentExists);
        }

        if (includes.PeriodExists)
        {
            obj.With("period_exists", has.PeriodExists);
        }

        if (includes.SpectrumExists)
        {
            obj.With("spectrum_exists", has.SpectrumExists);
        }
    }

    private async Task<IReadOnlyList<NearbySource>> DuplicatesAsync(Viewer viewer, ObjRecord obj, CancellationToken ct)
    {
        if (obj.IsRoid == true || obj is not { Ra: { } ra, Dec: { } dec })
        {
            return [];
        }

        var near = await nearby.HandleAsync(viewer, new SkyPosition(ra, dec), DuplicateRadiusDegrees, withRoids: false, ct);
        return [.. near.Where(other => other.ObjId != obj.Id)];
    }
}
