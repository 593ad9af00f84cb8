using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Makes versions within the change that needs them.</summary>
internal static class FilterVersions
{
    /// <summary>Longest note [characters].</summary>
    public const int NoteLength = 2_000;

    /// <summary>Number for the next version. Holds the filter, so that two who save at once get two numbers.</summary>
    public static async Task<int> NextAsync(SkyPortalContext db, int filterId, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"select 1 from filters where id = {filterId} for no key update", ct);
        return 1 + (await db.Set<FilterVersion>().Where(version => version.FilterId == filterId).MaxAsync(version => (int?)version.Number, ct) ?? 0);
    }

    /// <summary>Adds a version; the caller saves.</summary>
    public static void Add(SkyPortalContext db, Filter filter, int number, string? expression, JsonElement? annotations, string? note) => db.Add(new FilterVersion
    {
        FilterId = filter.Id,
        Number = number,
        Expression = expression,
        AnnotationExpressions = annotations,
        Note = Checked(note),
        AuthorId = db.Viewer.UserId,
    });

    /// <summary>Whether a tracked filter has another text than it was read with.</summary>
    public static bool IsChanged(SkyPortalContext db, Filter filter)
    {
        var entry = db.Entry(filter);
        return entry.Property(row => row.Expression).OriginalValue != filter.Expression
            || Text(entry.Property(row => row.AnnotationExpressions).OriginalValue) != Text(filter.AnnotationExpressions);
    }

    private static string? Text(JsonElement? annotations) =>
        annotations is { } stored ? JsonSerializer.Serialize(FilterText.Read(stored)!.OrderBy(pair => pair.Key, StringComparer.Ordinal)) : null;

    private static string? Checked(string? note) => note?.Trim() switch
    {
        null or "" => null,
        { Length: > NoteLength } => throw Refusal.Invalid($"Invalid/missing parameters: note: String should have at most {NoteLength} characters"),
        var words => words,
    };
}

/// <summary>A version as its group sees it.</summary>
/// <param name="IsActive">Whether it is the one that new alerts are tried against.</param>
public sealed record FilterVersionRecord(
    int Number, string? Expression, JsonElement? Annotations, string? Note, int? AuthorId, string? Author, DateTime CreatedAt, bool IsActive);

/// <summary>The versions of a filter. One statement, and one for the filter.</summary>
public sealed class ListFilterVersions(Contexts contexts)
{
    /// <summary>Newest first.</summary>
    /// <exception cref="Refusal">The filter is not there for this viewer.</exception>
    public async Task<IReadOnlyList<FilterVersionRecord>> HandleAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        return await Rows(db, filter, null).ToListAsync(ct);
    }

    internal static async Task<FilterVersionRecord> OneAsync(SkyPortalContext db, Filter filter, int number, CancellationToken ct) =>
        await Rows(db, filter, number).SingleOrDefaultAsync(ct)
        ?? throw Refusal.NotFound($"Filter {filter.Id} has no version {number}.");

    private static IQueryable<FilterVersionRecord> Rows(SkyPortalContext db, Filter filter, int? number) =>
        from version in db.Set<FilterVersion>().AsNoTracking()
        where version.FilterId == filter.Id && (number == null || version.Number == number)
        orderby version.Number descending
        join user in db.Set<User>() on version.AuthorId equals (int?)user.Id into authors
        from author in authors.DefaultIfEmpty()
        select new FilterVersionRecord(
            version.Number, version.Expression, version.AnnotationExpressions, version.Note, version.AuthorId, author == null ? null : author.Username, version.CreatedAt,
            version.Number == filter.Version);
}

/// <summary>One version of a filter.</summary>
public sealed class GetFilterVersion(Contexts contexts)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="Refusal">The filter or the version is not there for this viewer.</exception>
    public async Task<FilterVersionRecord> HandleAsync(Viewer viewer, int filterId, int number, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        return await ListFilterVersions.OneAsync(db, filter, number, ct);
    }
}

/// <summary>A text to be kept as a version.</summary>
/// <param name="Expression">The condition.</param>
/// <param name="Annotations">Expressions by name; may be null.</param>
/// <param name="Note">Why, in the author's words; may be null.</param>
/// <param name="Activates">Whether new alerts are tried against it from now on.</param>
/// <param name="Override">Why a version that passes too much is activated all the same, by somebody who manages groups.</param>
public sealed record NewFilterVersion(string Expression, IReadOnlyDictionary<string, string>? Annotations, string? Note, bool Activates, string? Override = null);

/// <summary>Keeps a text of a filter as a version. Members may keep versions; to activate one takes an administrator of the group.</summary>
public sealed class SaveFilterVersion(Contexts contexts, ActivateFilterVersion activate)
{
    /// <summary>Keeps it and returns its number. The text of the newest version again makes no other.</summary>
    /// <exception cref="Refusal">The filter is not there for this viewer, who may not upload data, or the text has an error, whose place is told.</exception>
    public async Task<int> HandleAsync(Viewer viewer, int filterId, NewFilterVersion request, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        if (request.Activates)
        {
            ActivateFilterVersion.DemandAdmin(viewer, filter);
        }

        var stream = await db.Set<AlertStream>().AsNoTracking().SingleAsync(row => row.Id == filter.StreamId, ct);
        FilterText.Demand(stream, request.Expression, request.Annotations);
        int number;
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            number = await FilterVersions.NextAsync(db, filterId, ct);
            FilterVersions.Add(db, filter, number, request.Expression, FilterText.Stored(request.Annotations), request.Note);
            db.Record("filter.version_saved", filterId.ToString(CultureInfo.InvariantCulture), [filter.GroupId], new { number });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        if (request.Activates)
        {
            await activate.HandleAsync(viewer, filterId, number, request.Override, ct);
        }

        return number;
    }
}

/// <summary>Makes a version of a filter the one that new alerts are tried against.</summary>
public sealed class ActivateFilterVersion(Contexts contexts, FilterGate gate)
{
    /// <summary>Activates it; the filter is switched on.</summary>
    /// <param name="viewer">An administrator of the group, or somebody who manages groups.</param>
    /// <param name="filterId">The filter.</param>
    /// <param name="number">The version.</param>
    /// <param name="overrideNote">Why it is activated although it passes too much; taken from who manages groups only.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">Filter or version are not there, the viewer may not, or it would pass too much, of which the number is told.</exception>
    public async Task HandleAsync(Viewer viewer, int filterId, int number, string? overrideNote, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        DemandAdmin(viewer, filter);
        var version = await ListFilterVersions.OneAsync(db, filter, number, ct);
        var stream = await db.Set<AlertStream>().AsNoTracking().SingleAsync(row => row.Id == filter.StreamId, ct);
        await gate.CheckAsync(viewer, stream, filter.GroupId, version.Expression, overrideNote, ct);
        (filter.Expression, filter.AnnotationExpressions, filter.Version, filter.Active) = (version.Expression, version.Annotations, number, true);
        db.Record("filter.activated", filterId.ToString(CultureInfo.InvariantCulture), [filter.GroupId], new { number, overrideNote });
        await db.SaveChangesAsync(ct);
    }

    internal static void DemandAdmin(Viewer viewer, Filter filter)
    {
        if (!(viewer.Has(Acl.ManageGroups) || viewer.AdminGroupIds.Contains(filter.GroupId)))
        {
            throw Refusal.Forbidden("Insufficient permissions: you must be a group admin or system admin to change the filter.");
        }
    }
}
