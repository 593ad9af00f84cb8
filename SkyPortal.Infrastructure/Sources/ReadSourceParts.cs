using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Reads the sources of a page with all that a list shows of them: a statement for each kind of part, side by side.</summary>
public sealed class ReadSourceParts(
    ReadObjs objs,
    ReadObjGroups groups,
    ReadObjAnnotations annotations,
    ReadObjClassifications classifications,
    ReadObjThumbnails thumbnails,
    ReadObjComments comments,
    ReadObjLabels labels,
    ReadObjFlags flags,
    ReadPhotStats stats,
    ReadObjTags tags,
    Catalogs.ReadHosts hosts)
{
    /// <summary>The objects in the order of the names; those that the viewer may not see are left out.</summary>
    public async Task<IReadOnlyList<ObjRecord>> ForAsync(Viewer viewer, string[] ids, SaveKind saves, SourceListIncludes includes, CancellationToken ct)
    {
        var kind = saves == SaveKind.Active ? SaveKind.Active : SaveKind.ActiveOrRequested;
        var found = objs.ForAsync(viewer, ids, ct);
        var saved = If(includes.Nested && includes.Wants("groups"), () => groups.ForAsync(viewer, ids, kind, ct));
        var classes = If(includes.Nested && includes.Wants("classifications"), () => classifications.ForAsync(viewer, ids, withDetails: false, ct));
        var notes = If(includes.Nested && includes.Wants("annotations"), () => annotations.ForAsync(viewer, ids, withAuthor: false, ct));
        var pictures = If(includes.Nested && includes.Thumbnails && includes.Wants("thumbnails"), () => thumbnails.ForAsync(viewer, ids, ct));
        var remarks = If(includes.Comments && includes.Wants("comments"), () => comments.ForAsync(viewer, ids, ct));
        var known = If(includes.DetectionStats && includes.Wants("photstats"), () => stats.ForAsync(viewer, ids, ct));
        var labelled = If(includes.Labellers && includes.Wants("labellers"), () => labels.ForAsync(viewer, ids, ct));
        var has = If(includes.AnyFlag, () => flags.ForAsync(viewer, ids, ct));
        await Task.WhenAll(found, saved, classes, notes, pictures, remarks, known, labelled, has);

        var byName = await found;
        var page = ids.Where(byName.ContainsKey).Select(id => byName[id].WithInternalKey().WithDerived()).ToList();
        if (includes.Wants("tags"))
        {
            await tags.AddToAsync(viewer, page, ct);
        }

        if (includes.Hosts)
        {
            await hosts.AddToAsync(page, ct);
        }

        Hang(page, "groups", await saved);
        Hang(page, "classifications", await classes);
        Hang(page, "annotations", await notes);
        Hang(page, "thumbnails", await pictures);
        Hang(page, "comments", await remarks is { Count: > 0 } some ? some : null);
        if (await known is { } statistics)
        {
            page.ForEach(obj => obj.With("photstats", statistics.TryGetValue(obj.Id, out var stat) ? new[] { stat } : []));
        }

        if (await labelled is { } marks)
        {
            page.ForEach(obj => obj.With("labellers", marks[obj.Id].Select(row => row.Label).ToList()));
        }

        if (await has is { } exists)
        {
            page.ForEach(obj => AddFlags(obj, includes, exists[obj.Id]));
        }

        if (includes.ColorMagnitude)
        {
            var gaia = await notes ?? await annotations.ForAsync(viewer, ids, withAuthor: false, ct);
            page.ForEach(obj => obj.With("color_magnitude", ReadColorMagnitude.Of(gaia[obj.Id], new Domain.Astronomy.ColorMagnitudeKeys())));
        }

        return page;
    }

    private static async Task<T?> If<T>(bool isWanted, Func<Task<T>> read)
        where T : class => isWanted ? await read() : null;

    private static void Hang<T>(List<ObjRecord> page, string name, ILookup<string, T>? rows)
    {
        if (rows is not null)
        {
            page.ForEach(obj => obj.With(name, rows[obj.Id].ToList()));
        }
    }

    private static void AddFlags(ObjRecord obj, SourceListIncludes includes, ObjFlags has)
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
            obj.With("period", has.PeriodExists);
        }

        if (includes.SpectrumExists)
        {
            obj.With("spectrum_exists", has.SpectrumExists);
        }
    }
}
