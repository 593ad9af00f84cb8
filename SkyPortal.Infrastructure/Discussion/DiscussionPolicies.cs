using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

internal sealed class CommentPolicy : AccessPolicy<Comment>
{
    protected override IReadOnlyList<Clause<Comment>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object",
            comment => comment.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == comment.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Comment>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the object",
            comment => comment.AuthorId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == comment.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Comment>> Update(SkyPortalContext db) =>
        [new("you wrote it", comment => comment.AuthorId == db.Viewer.UserId)];
}

internal sealed class SpectrumCommentPolicy : AccessPolicy<SpectrumComment>
{
    protected override IReadOnlyList<Clause<SpectrumComment>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the spectrum",
            comment => comment.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Spectrum>().Any(spectrum => spectrum.Id == comment.SpectrumId)),
    ];

    protected override IReadOnlyList<Clause<SpectrumComment>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the spectrum",
            comment => comment.AuthorId == db.Viewer.UserId && db.Set<Spectrum>().Any(spectrum => spectrum.Id == comment.SpectrumId)),
    ];

    protected override IReadOnlyList<Clause<SpectrumComment>> Update(SkyPortalContext db) =>
        [new("you wrote it", comment => comment.AuthorId == db.Viewer.UserId)];
}

internal sealed class AnnotationPolicy : AccessPolicy<Annotation>
{
    protected override IReadOnlyList<Clause<Annotation>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object",
            annotation => annotation.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Obj>().Any(obj => obj.Id == annotation.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Annotation>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the object",
            annotation => annotation.AuthorId == db.Viewer.UserId && db.Set<Obj>().Any(obj => obj.Id == annotation.ObjId)),
    ];

    protected override IReadOnlyList<Clause<Annotation>> Update(SkyPortalContext db) =>
        [new("you wrote it", annotation => annotation.AuthorId == db.Viewer.UserId)];
}

internal sealed class SpectrumAnnotationPolicy : AccessPolicy<SpectrumAnnotation>
{
    protected override IReadOnlyList<Clause<SpectrumAnnotation>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the spectrum",
            annotation => annotation.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)) && db.Set<Spectrum>().Any(spectrum => spectrum.Id == annotation.SpectrumId)),
    ];

    protected override IReadOnlyList<Clause<SpectrumAnnotation>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the spectrum",
            annotation => annotation.AuthorId == db.Viewer.UserId && db.Set<Spectrum>().Any(spectrum => spectrum.Id == annotation.SpectrumId)),
    ];

    protected override IReadOnlyList<Clause<SpectrumAnnotation>> Update(SkyPortalContext db) =>
        [new("you wrote it", annotation => annotation.AuthorId == db.Viewer.UserId)];
}

internal sealed class PhotometryAnnotationPolicy : AccessPolicy<PhotometryAnnotation>
{
    protected override IReadOnlyList<Clause<PhotometryAnnotation>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object and the point",
            annotation => annotation.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id))
                && db.Set<Obj>().Any(obj => obj.Id == annotation.ObjId)
                && db.Set<PhotometryPoint>().Any(point => point.Id == annotation.PhotometryId && point.ObjId == annotation.ObjId)),
    ];

    protected override IReadOnlyList<Clause<PhotometryAnnotation>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the object and the point",
            annotation => annotation.AuthorId == db.Viewer.UserId
                && db.Set<Obj>().Any(obj => obj.Id == annotation.ObjId)
                && db.Set<PhotometryPoint>().Any(point => point.Id == annotation.PhotometryId && point.ObjId == annotation.ObjId)),
    ];

    protected override IReadOnlyList<Clause<PhotometryAnnotation>> Update(SkyPortalContext db) =>
        [new("you wrote it", annotation => annotation.AuthorId == db.Viewer.UserId)];
}

internal sealed class ClassificationPolicy : AccessPolicy<Classification>
{
    protected override IReadOnlyList<Clause<Classification>> Read(SkyPortalContext db) =>
    [
        new(
            "it is shared with one of your groups and you may see the object and the taxonomy",
            classification => classification.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id))
                && db.Set<Obj>().Any(obj => obj.Id == classification.ObjId)
                && db.Set<Taxonomy>().Any(taxonomy => taxonomy.Id == classification.TaxonomyId)),
    ];

    protected override IReadOnlyList<Clause<Classification>> Create(SkyPortalContext db) =>
    [
        new(
            "it is yours and you may see the object and the taxonomy",
            classification => classification.AuthorId == db.Viewer.UserId
                && db.Set<Obj>().Any(obj => obj.Id == classification.ObjId)
                && db.Set<Taxonomy>().Any(taxonomy => taxonomy.Id == classification.TaxonomyId)),
    ];

    protected override IReadOnlyList<Clause<Classification>> Update(SkyPortalContext db) =>
    [
        new("you made it", classification => classification.AuthorId == db.Viewer.UserId),
        new(
            "you are an administrator of one of its groups",
            classification => classification.GroupIds.Any(id => db.Viewer.AdminGroupIds.Contains(id))),
    ];
}

internal sealed class ClassificationVotePolicy : AccessPolicy<ClassificationVote>
{
    protected override IReadOnlyList<Clause<ClassificationVote>> Read(SkyPortalContext db) =>
        [new("you may see the classification", vote => db.Set<Classification>().Any(row => row.Id == vote.ClassificationId))];

    protected override IReadOnlyList<Clause<ClassificationVote>> Create(SkyPortalContext db) =>
    [
        new(
            "it is your vote and you may see the classification",
            vote => vote.VoterId == db.Viewer.UserId && db.Set<Classification>().Any(row => row.Id == vote.ClassificationId)),
    ];

    protected override IReadOnlyList<Clause<ClassificationVote>> Update(SkyPortalContext db) => Create(db);
}

internal sealed class ClassificationEditPolicy : AccessPolicy<ClassificationEdit>
{
    protected override IReadOnlyList<Clause<ClassificationEdit>> Read(SkyPortalContext db) =>
        [new("you may see the classification", edit => db.Set<Classification>().Any(row => row.Id == edit.ClassificationId))];

    protected override IReadOnlyList<Clause<ClassificationEdit>> Create(SkyPortalContext db) =>
    [
        new(
            "you made the change and may see the classification",
            edit => edit.EditorId == db.Viewer.UserId && db.Set<Classification>().Any(row => row.Id == edit.ClassificationId)),
    ];
}

internal sealed class TaxonomyPolicy : AccessPolicy<Taxonomy>
{
    protected override IReadOnlyList<Clause<Taxonomy>> Read(SkyPortalContext db) =>
        [new("it is shared with one of your groups", taxonomy => taxonomy.GroupIds.Any(id => db.Viewer.GroupIds.Contains(id)))];

    protected override IReadOnlyList<Clause<Taxonomy>> Create(SkyPortalContext db) =>
        [new("you may post taxonomies", taxonomy => db.Viewer.Acls.Contains(Acl.PostTaxonomy))];

    protected override IReadOnlyList<Clause<Taxonomy>> Update(SkyPortalContext db) => Create(db);

    protected override IReadOnlyList<Clause<Taxonomy>> Delete(SkyPortalContext db) =>
        [new("you may delete taxonomies", taxonomy => db.Viewer.Acls.Contains(Acl.DeleteTaxonomy))];
}
