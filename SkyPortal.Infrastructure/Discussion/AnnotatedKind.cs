using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>A kind of thing that is annotated. Annotations of every kind are written, changed and removed by the same verbs.</summary>
public abstract class AnnotatedKind
{
    /// <summary>Sources; the key is the name.</summary>
    public static AnnotatedKind Sources { get; } = new AnnotatedSources();

    /// <summary>Spectra; the key is the number.</summary>
    public static AnnotatedKind Spectra { get; } = new AnnotatedSpectra();

    /// <summary>Points of photometry; the key is the number.</summary>
    public static AnnotatedKind Photometry { get; } = new AnnotatedPhotometry();

    /// <summary>First part of the names of events.</summary>
    internal abstract string EventName { get; }

    /// <summary>Name of the key in messages.</summary>
    internal abstract string KeyName { get; }

    /// <summary>The object that a thing belongs to; null where the viewer sees no such thing.</summary>
    internal abstract Task<string?> ObjIdAsync(SkyPortalContext db, string key, CancellationToken ct);

    /// <summary>What is said where the thing is missing or hidden.</summary>
    internal abstract Refusal Missing(string key);

    /// <summary>An annotation of the thing that the viewer may treat so; null where there is none.</summary>
    internal abstract Task<AnnotationBase?> FindAsync(SkyPortalContext db, AccessMode mode, string key, long id, CancellationToken ct);

    /// <summary>Those of the groups whose members may learn of an annotation that is shared with these: they see the thing, too.</summary>
    internal virtual Task<int[]> AudienceAsync(SkyPortalContext db, string key, int[] groupIds, CancellationToken ct) => Task.FromResult(groupIds);

    /// <summary>A new annotation.</summary>
    internal abstract AnnotationBase Make(string key, string objId, string origin);

    private protected static long Number(string key, string name) => long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw Refusal.Invalid($"Invalid {name}: {key}");
}

internal sealed class AnnotatedSources : AnnotatedKind
{
    internal override string EventName => "annotation";

    internal override string KeyName => "obj_id";

    internal override Task<string?> ObjIdAsync(SkyPortalContext db, string key, CancellationToken ct) =>
        db.Set<Obj>().Where(obj => obj.Id == key).Select(obj => obj.Id).SingleOrDefaultAsync(ct);

    internal override Refusal Missing(string key) => Refusal.NotFound($"Could not find source {key}.");

    internal override async Task<AnnotationBase?> FindAsync(SkyPortalContext db, AccessMode mode, string key, long id, CancellationToken ct) =>
        await db.Allowed<Annotation>(mode).SingleOrDefaultAsync(row => row.Id == id && row.ObjId == key, ct);

    internal override AnnotationBase Make(string key, string objId, string origin) => new Annotation { ObjId = objId, Origin = origin };
}

internal sealed class AnnotatedSpectra : AnnotatedKind
{
    internal override string EventName => "spectrum_annotation";

    internal override string KeyName => "spectrum_id";

    internal override Task<string?> ObjIdAsync(SkyPortalContext db, string key, CancellationToken ct)
    {
        var id = Number(key, KeyName);
        return db.Set<Spectrum>().Where(spectrum => spectrum.Id == id).Select(spectrum => spectrum.ObjId).SingleOrDefaultAsync(ct);
    }

    internal override Refusal Missing(string key) => Refusal.Forbidden($"Could not access spectrum {key}.");

    internal override async Task<AnnotationBase?> FindAsync(SkyPortalContext db, AccessMode mode, string key, long id, CancellationToken ct)
    {
        var spectrum = Number(key, KeyName);
        return await db.Allowed<SpectrumAnnotation>(mode).SingleOrDefaultAsync(row => row.Id == id && row.SpectrumId == spectrum, ct);
    }

    internal override Task<int[]> AudienceAsync(SkyPortalContext db, string key, int[] groupIds, CancellationToken ct) =>
        Audience.OfSpectrumAsync(db, Number(key, KeyName), groupIds, ct);

    internal override AnnotationBase Make(string key, string objId, string origin) => new SpectrumAnnotation { SpectrumId = Number(key, KeyName), Origin = origin };
}

internal sealed class AnnotatedPhotometry : AnnotatedKind
{
    internal override string EventName => "photometry_annotation";

    internal override string KeyName => "photometry_id";

    internal override Task<string?> ObjIdAsync(SkyPortalContext db, string key, CancellationToken ct)
    {
        var id = Number(key, KeyName);
        return db.Set<PhotometryPoint>().Where(point => point.Id == id && db.Set<Obj>().Any(obj => obj.Id == point.ObjId)).Select(point => point.ObjId).SingleOrDefaultAsync(ct);
    }

    internal override Refusal Missing(string key) => Refusal.Forbidden($"Could not access photometry {key}.");

    internal override async Task<AnnotationBase?> FindAsync(SkyPortalContext db, AccessMode mode, string key, long id, CancellationToken ct)
    {
        var point = Number(key, KeyName);
        return await db.Allowed<PhotometryAnnotation>(mode).SingleOrDefaultAsync(row => row.Id == id && row.PhotometryId == point, ct);
    }

    internal override async Task<int[]> AudienceAsync(SkyPortalContext db, string key, int[] groupIds, CancellationToken ct)
    {
        var id = Number(key, KeyName);
        return await Audience.OfBothAsync(db, groupIds, await db.Set<PhotometryPoint>().Where(point => point.Id == id).Select(point => point.GroupIds).SingleOrDefaultAsync(ct), ct);
    }

    internal override AnnotationBase Make(string key, string objId, string origin) =>
        new PhotometryAnnotation { PhotometryId = Number(key, KeyName), ObjId = objId, Origin = origin };
}
