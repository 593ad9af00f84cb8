using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;

namespace SkyPortal.Infrastructure.Candidates;

internal sealed class FilterMapping : IEntityTypeConfiguration<Filter>
{
    public void Configure(EntityTypeBuilder<Filter> entity)
    {
        entity.ToTable("filters");
        entity.HasIndex(filter => filter.GroupId);
        entity.HasOne<Group>().WithMany().HasForeignKey(filter => filter.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<AlertStream>().WithMany().HasForeignKey(filter => filter.StreamId).OnDelete(DeleteBehavior.Cascade);
        entity.HasIndex(filter => filter.BrokerId);
        entity.HasOne<Broker>().WithMany().HasForeignKey(filter => filter.BrokerId).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class FilterVersionMapping : IEntityTypeConfiguration<FilterVersion>
{
    public void Configure(EntityTypeBuilder<FilterVersion> entity)
    {
        entity.ToTable("filter_versions");
        entity.HasIndex(version => new { version.FilterId, version.Number }).IsUnique();
        entity.HasOne<Filter>().WithMany().HasForeignKey(version => version.FilterId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(version => version.AuthorId).OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class CandidateMapping : IEntityTypeConfiguration<Candidate>
{
    public void Configure(EntityTypeBuilder<Candidate> entity)
    {
        entity.ToTable("candidates");
        entity.HasIndex(candidate => new { candidate.ObjId, candidate.FilterId, candidate.PassedAt }).IsUnique();
        entity.HasIndex(candidate => new { candidate.FilterId, candidate.PassedAt, candidate.ObjId }).IsDescending(false, true, false)
            // Lists that are gone on with leave out what came since: the index alone tells it.
            .IncludeProperties(candidate => candidate.Id);
        entity.HasOne<Obj>().WithMany().HasForeignKey(candidate => candidate.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<Filter>().WithMany().HasForeignKey(candidate => candidate.FilterId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class CandidateViewMapping : IEntityTypeConfiguration<CandidateView>
{
    public void Configure(EntityTypeBuilder<CandidateView> entity)
    {
        entity.ToTable("candidate_views");
        entity.HasIndex(view => new { view.ObjId, view.UserId }).IsUnique();
        entity.HasOne<Obj>().WithMany().HasForeignKey(view => view.ObjId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(view => view.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
