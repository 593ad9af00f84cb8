using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

internal sealed class ObjPolicy : AccessPolicy<Obj>
{
    protected override IReadOnlyList<Clause<Obj>> Read(SkyPortalContext db) =>
    [
        new(
            "it was saved to one of your groups or passed one of their filters",
            obj => obj.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id))),
        new("you made it", obj => obj.CreatedById != null && obj.CreatedById == db.Viewer.UserId),
    ];

    protected override IReadOnlyList<Clause<Obj>> Create(SkyPortalContext db) =>
        [new("you may upload data", obj => db.Viewer.Acls.Contains(Acl.UploadData))];

    protected override IReadOnlyList<Clause<Obj>> Update(SkyPortalContext db) => Read(db);

    protected override IReadOnlyList<Clause<Obj>> Delete(SkyPortalContext db) => [];
}

internal sealed class SourcePolicy : AccessPolicy<Source>
{
    protected override IReadOnlyList<Clause<Source>> Read(SkyPortalContext db) =>
        [new("you are a member of the group", source => db.Viewer.GroupIds.Contains(source.GroupId))];

    protected override IReadOnlyList<Clause<Source>> Create(SkyPortalContext db) =>
        [new("you may save to the group", source => db.Viewer.SaveGroupIds.Contains(source.GroupId))];

    protected override IReadOnlyList<Clause<Source>> Update(SkyPortalContext db) => Read(db);
}

internal sealed class SourceLabelPolicy : AccessPolicy<SourceLabel>
{
    protected override IReadOnlyList<Clause<SourceLabel>> Read(SkyPortalContext db) =>
    [
        new(
            "you are a member of the group and may see the object",
            label => db.Viewer.GroupIds.Contains(label.GroupId) && db.Set<Obj>().Any(obj => obj.Id == label.ObjId)),
    ];

    protected override IReadOnlyList<Clause<SourceLabel>> Create(SkyPortalContext db) =>
    [
        new(
            "it is your label in your group",
            label => label.LabellerId == db.Viewer.UserId && db.Viewer.GroupIds.Contains(label.GroupId)
                && db.Set<Obj>().Any(obj => obj.Id == label.ObjId)),
    ];

    protected override IReadOnlyList<Clause<SourceLabel>> Update(SkyPortalContext db) =>
        [new("it is your label", label => label.LabellerId == db.Viewer.UserId)];
}

internal sealed class ListingPolicy : AccessPolicy<Listing>
{
    protected override IReadOnlyList<Clause<Listing>> Read(SkyPortalContext db) =>
        [new("it is your list", listing => listing.UserId == db.Viewer.UserId)];

    protected override IReadOnlyList<Clause<Listing>> Create(SkyPortalContext db) =>
    [
        new(
            "it is your list and you may see the object",
            listing => listing.UserId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == listing.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Listing>> Update(SkyPortalContext db) => Read(db);
}

internal sealed class SourceViewPolicy : AccessPolicy<SourceView>
{
    protected override IReadOnlyList<Clause<SourceView>> Read(SkyPortalContext db) =>
        [new("you may see the object", view => db.Set<Obj>().Any(obj => obj.Id == view.ObjId))];

    protected override IReadOnlyList<Clause<SourceView>> Create(SkyPortalContext db) =>
    [
        new(
            "you looked at an object that you may see",
            view => view.UserId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == view.ObjId)),
    ];
}

internal sealed class ThumbnailPolicy : AccessPolicy<Thumbnail>
{
    protected override IReadOnlyList<Clause<Thumbnail>> Read(SkyPortalContext db) =>
        [new("you may see the object", thumbnail => db.Set<Obj>().Any(obj => obj.Id == thumbnail.ObjId))];

    protected override IReadOnlyList<Clause<Thumbnail>> Create(SkyPortalContext db) => Read(db);
}
