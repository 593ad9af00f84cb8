using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Scores;

internal sealed class ScoringModelMapping : IEntityTypeConfiguration<ScoringModel>
{
    public void Configure(EntityTypeBuilder<ScoringModel> entity)
    {
        entity.ToTable("scoring_models");
        entity.HasIndex(model => new { model.GroupId, model.Name }).IsUnique();
        entity.HasOne<Group>().WithMany().HasForeignKey(model => model.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<AlertStream>().WithMany().HasForeignKey(model => model.StreamId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ScoringModelPolicy : AccessPolicy<ScoringModel>
{
    protected override IReadOnlyList<Clause<ScoringModel>> Read(SkyPortalContext db) =>
    [
        new(
            "you are a member of its group and have its stream",
            model => db.Viewer.GroupIds.Contains(model.GroupId) && db.Viewer.StreamIds.Contains(model.StreamId)),
    ];

    protected override IReadOnlyList<Clause<ScoringModel>> Create(SkyPortalContext db) =>
        [new("you are an administrator of its group", model => db.Viewer.AdminGroupIds.Contains(model.GroupId) && db.Viewer.StreamIds.Contains(model.StreamId))];

    protected override IReadOnlyList<Clause<ScoringModel>> Update(SkyPortalContext db) => Create(db);

    protected override IReadOnlyList<Clause<ScoringModel>> Delete(SkyPortalContext db) => Create(db);
}
