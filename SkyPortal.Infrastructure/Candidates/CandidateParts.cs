using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>What a reply about candidates carries besides the objects and what always hangs on them.</summary>
public sealed record CandidateParts
{
    /// <summary>Filters that were passed, and when.</summary>
    public bool Alerts { get; init; }

    public bool Photometry { get; init; }

    /// <summary>With the photometry, the annotations of its points.</summary>
    public bool PointAnnotations { get; init; }

    public bool Comments { get; init; }
    public bool FollowupRequests { get; init; }
    public bool AssociatedObjs { get; init; } = true;
}

/// <summary>Points of several objects with the instruments that took them.</summary>
public sealed record CandidatePhotometry(PhotometryView View, IReadOnlyDictionary<int, InstrumentRecord> Instruments);

/// <summary>Adds the parts that were asked for to objects that the viewer may see; one statement each, photometry five or six, requests one or seven.</summary>
public sealed class AddCandidateParts(
    ReadPassings readPassings,
    ReadObjComments readComments,
    ReadPhotometry readPhotometry,
    ReadPhotometryAnnotations readAnnotations,
    ReadSuperObjs readSuperObjs,
    ReadFacilities facilities,
    FollowUp.ReadFollowups readFollowups)
{
    /// <summary>Adds them, and returns the photometry, whose wire form is the caller's; null where it was not asked for.</summary>
    public async Task<CandidatePhotometry?> HandleAsync(Viewer viewer, IReadOnlyCollection<ObjRecord> objs, CandidateParts parts, CancellationToken ct)
    {
        var ids = objs.Select(obj => obj.Id).ToArray();
        var passings = parts.Alerts ? await readPassings.ForAsync(viewer, ids, ct) : null;
        var comments = parts.Comments ? await readComments.ForAsync(viewer, ids, ct) : null;
        var asked = parts.FollowupRequests ? await readFollowups.OfObjectsAsync(viewer, ids, ct) : null;
        var tied = parts.AssociatedObjs ? await readSuperObjs.AssociatedAsync(viewer, objs, ct) : null;
        foreach (var obj in objs)
        {
            if (passings is not null)
            {
                obj.With("filter_ids", passings[obj.Id].Select(row => row.FilterId).Distinct().Order()).With("passing_alerts", passings[obj.Id]);
            }

            if (comments is not null)
            {
                obj.With("comments", comments[obj.Id]);
            }

            if (asked is not null)
            {
                obj.With("followup_requests", asked[obj.Id].ToList());
            }

            if (tied is not null)
            {
                obj.With("associated_objs", tied[obj.Id].ToList());
            }
        }

        if (!parts.Photometry)
        {
            return null;
        }

        var view = await readPhotometry.OfObjectsAsync(viewer, ids, ct);
        view = parts.PointAnnotations ? await readAnnotations.AddToAsync(viewer, view, ct) : view;
        var instruments = await facilities.InstrumentsByIdAsync(viewer, [.. view.Points.Select(point => point.InstrumentId).Distinct()], ct);
        return new CandidatePhotometry(view, instruments);
    }
}
