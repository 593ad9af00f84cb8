using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;

namespace SkyPortal.Infrastructure.Discussion;

internal sealed class CommentMapping : IEntityTypeConfiguration<Comment>
{
    public void Configure(EntityTypeBuilder<Comment> entity)
    {
        entity.ToTable("comments");
        entity.HasIndex(comment => comment.ObjId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(comment => comment.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(comment => comment.AuthorId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SpectrumCommentMapping : IEntityTypeConfiguration<SpectrumComment>
{
    public void Configure(EntityTypeBuilder<SpectrumComment> entity)
    {
        entity.ToTable("comments_on_spectra");
        entity.HasIndex(comment => comment.SpectrumId);
        entity.HasOne<Spectrum>().WithMany().HasForeignKey(comment => comment.SpectrumId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(comment => comment.AuthorId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AnnotationMapping : IEntityTypeConfiguration<Annotation>
{
    public void Configure(EntityTypeBuilder<Annotation> entity)
    {
        entity.ToTable("annotations");
        entity.HasIndex(annotation => new { annotation.ObjId, annotation.Origin }).IsUnique();
        entity.HasIndex(annotation => new { annotation.Origin, annotation.Id });
        entity.HasOne<Obj>().WithMany().HasForeignKey(annotation => annotation.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(annotation => annotation.AuthorId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SpectrumAnnotationMapping : IEntityTypeConfiguration<SpectrumAnnotation>
{
    public void Configure(EntityTypeBuilder<SpectrumAnnotation> entity)
    {
        entity.ToTable("annotations_on_spectra");
        entity.HasIndex(annotation => new { annotation.SpectrumId, annotation.Origin }).IsUnique();
        entity.HasOne<Spectrum>().WithMany().HasForeignKey(annotation => annotation.SpectrumId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(annotation => annotation.AuthorId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Points cannot be referred to by a key, because their table is partitioned; a trigger removes the annotations of deleted points.</summary>
internal sealed class PhotometryAnnotationMapping : IEntityTypeConfiguration<PhotometryAnnotation>
{
    public void Configure(EntityTypeBuilder<PhotometryAnnotation> entity)
    {
        entity.ToTable("annotations_on_photometry");
        entity.HasIndex(annotation => new { annotation.PhotometryId, annotation.Origin }).IsUnique();
        entity.HasIndex(annotation => annotation.ObjId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(annotation => annotation.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(annotation => annotation.AuthorId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ClassificationMapping : IEntityTypeConfiguration<Classification>
{
    public void Configure(EntityTypeBuilder<Classification> entity)
    {
        entity.ToTable("classifications");
        entity.Property(classification => classification.ClassName).HasColumnName("classification");
        entity.HasIndex(classification => classification.ObjId);
        entity.HasOne<Obj>().WithMany().HasForeignKey(classification => classification.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Taxonomy>().WithMany().HasForeignKey(classification => classification.TaxonomyId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<User>().WithMany().HasForeignKey(classification => classification.AuthorId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ClassificationVoteMapping : IEntityTypeConfiguration<ClassificationVote>
{
    public void Configure(EntityTypeBuilder<ClassificationVote> entity)
    {
        entity.ToTable("classification_votes");
        entity.HasIndex(vote => new { vote.ClassificationId, vote.VoterId }).IsUnique();
        entity.HasOne<Classification>().WithMany().HasForeignKey(vote => vote.ClassificationId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(vote => vote.VoterId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ClassificationEditMapping : IEntityTypeConfiguration<ClassificationEdit>
{
    public void Configure(EntityTypeBuilder<ClassificationEdit> entity)
    {
        entity.ToTable("classification_edits");
        entity.HasIndex(edit => edit.ClassificationId);
        entity.HasOne<Classification>().WithMany().HasForeignKey(edit => edit.ClassificationId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TaxonomyMapping : IEntityTypeConfiguration<Taxonomy>
{
    public void Configure(EntityTypeBuilder<Taxonomy> entity)
    {
        entity.ToTable("taxonomies");
        entity.HasIndex(taxonomy => new { taxonomy.Name, taxonomy.Version }).IsUnique();
    }
}
