using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Writes an object of a broker in one transaction: object and saves, light curve with its statistics, annotation, cut-outs, event.</summary>
public sealed class WriteImport(
    Contexts contexts, FileStore files, ReadIngestDirectory readDirectory, ImportRows imports, PhotometryWriter photometry, UpdatePhotStats photStats)
{
    private const int MostAnnotationBytes = 100_000;

    /// <summary>Saves it to groups.</summary>
    public Task<ImportResult> SaveAsync(Viewer viewer, FetchedObject fetched, int[] groupIds, CancellationToken ct) =>
        WriteAsync(viewer, fetched.Alert.ObjectId, fetched, groupIds, ct);

    /// <summary>Adds to an object that the viewer sees what is new of it.</summary>
    public Task<ImportResult> RefreshAsync(Viewer viewer, string objId, FetchedObject fetched, CancellationToken ct) => WriteAsync(viewer, objId, fetched, null, ct);

    private async Task<ImportResult> WriteAsync(Viewer viewer, string objId, FetchedObject fetched, int[]? groupIds, CancellationToken ct)
    {
        var directory = await readDirectory.HandleAsync(ct);
        var (rows, dropped) = await imports.OfAsync(directory, objId, fetched.Alert, ct);
        // The files first: a row never points to half a file.
        var pictures = new List<(FetchedPicture Picture, string Hash)>();
        foreach (var picture in fetched.Pictures)
        {
            pictures.Add((picture, await files.PutAsync(picture.Png, ct)));
        }

        // Groups and the sight of the object are checked; what a stream shows is decided by the stream and not by who fetched it.
        await using var db = contexts.For(Viewer.System);
        db.Viewer = Viewer.System with { UserId = viewer.UserId };
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (connection, raw) = ((NpgsqlConnection)db.Database.GetDbConnection(), (NpgsqlTransaction)transaction.GetDbTransaction());
        var shared = groupIds is null ? await HoldAsync(db, viewer, objId, ct) : await SaveAsync(db, viewer, fetched.Alert, groupIds, ct);
        var fresh = await ImportRows.NewAsync(connection, raw, objId, rows, ct);
        var written = await photometry.WriteAsync(connection, raw, fresh, ct);
        await photStats.HandleAsync(connection, raw, fresh, written, ct);
        var added = written.Count(point => point.Outcome == PhotometryOutcome.Accepted);
        var isAnnotated = await AnnotateAsync(db, viewer, objId, fetched, shared, ct);
        var shown = await ShowAsync(db, objId, fetched, pictures, ct);
        if (added > 0 || shown > 0 || isAnnotated)
        {
            db.Record("source.imported", objId, shared, new { broker = fetched.Broker.Name, points = added, pictures = shown });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new ImportResult(objId, fetched.Alert.Points.Count, added, dropped, shown, fetched.Warnings);
    }

    private static async Task<int[]> SaveAsync(SkyPortalContext db, Viewer viewer, BrokerAlert alert, int[] groupIds, CancellationToken ct)
    {
        var values = ObjChanges.FromJson(JsonSerializer.SerializeToElement(new { ra = alert.RaDegrees, dec = alert.DecDegrees, score = alert.Score, origin = alert.Survey }));
        var saved = await SaveSource.WithinAsync(db, viewer, [new SaveRequest(alert.ObjectId, values, groupIds)], ct);
        return [.. saved[0].SavedToGroups];
    }

    // The object stays until the end; what is noted of it is for those of the viewer's groups that keep it.
    private static async Task<int[]> HoldAsync(SkyPortalContext db, Viewer viewer, string objId, CancellationToken ct)
    {
        if (await db.Database.SqlQuery<string>($"select id as \"Value\" from objs where id = {objId} for no key update").ToListAsync(ct) is not [_])
        {
            throw Refusal.NotFound($"Could not find source {objId}.");
        }

        var groups = await db.Set<Source>().Where(source => source.ObjId == objId && source.Active).Select(source => source.GroupId).ToArrayAsync(ct);
        var mine = groups.Where(id => viewer.SeesAll || viewer.GroupIds.Contains(id)).Order().ToArray();
        return mine.Length > 0 ? mine : viewer.OwnGroupId is { } own ? [own] : [];
    }

    // One annotation of a broker on an object. What somebody else noted under its name stays as it is.
    private static async Task<bool> AnnotateAsync(SkyPortalContext db, Viewer viewer, string objId, FetchedObject fetched, int[] groupIds, CancellationToken ct)
    {
        var origin = Origin(fetched.Broker.Name);
        var data = JsonSerializer.SerializeToElement(fetched.Alert.Properties);
        if (fetched.Alert.Properties.Count == 0 || groupIds.Length == 0 || viewer.UserId is null || data.GetRawText().Length > MostAnnotationBytes)
        {
            return false;
        }

        var known = await db.Set<Annotation>().SingleOrDefaultAsync(row => row.ObjId == objId && row.Origin == origin, ct);
        if (known is null)
        {
            db.Add(new Annotation { ObjId = objId, Origin = origin, Data = data, AuthorId = viewer.UserId.Value, GroupIds = groupIds });
            return true;
        }

        var isSame = JsonElement.DeepEquals(known.Data, data);
        if ((isSame || known.AuthorId == viewer.UserId) && (!isSame || groupIds.Except(known.GroupIds).Any()))
        {
            known.Data = data;
            known.GroupIds = [.. known.GroupIds.Union(groupIds).Order()];
            return true;
        }

        return false;
    }

    // Origins begin with a letter, a digit or _.
    private static string Origin(string name) => char.IsLetterOrDigit(name[0]) || name[0] == '_' ? name : $"broker {name}";

    private static async Task<int> ShowAsync(SkyPortalContext db, string objId, FetchedObject fetched, IReadOnlyList<(FetchedPicture Picture, string Hash)> pictures, CancellationToken ct)
    {
        var (survey, origin, count) = (fetched.Alert.Survey, Origin(fetched.Broker.Name), 0);
        foreach (var (picture, hash) in pictures)
        {
            var known = await db.Set<Thumbnail>().Where(row => row.ObjId == objId && row.Type == picture.Type && row.Survey == survey && row.FileHash != null).ToListAsync(ct);
            if (known.Exists(row => row.FileHash == hash))
            {
                continue;
            }

            db.RemoveRange(known.Where(row => row.Origin == origin));
            db.Add(new Thumbnail { ObjId = objId, Type = picture.Type, Survey = survey, Origin = origin, FileHash = hash, IsGrayscale = picture.IsGrayscale });
            count++;
        }

        return count;
    }
}
