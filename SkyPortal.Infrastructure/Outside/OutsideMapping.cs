using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Outside;

internal sealed class OutsideTransactionMapping : IEntityTypeConfiguration<OutsideTransaction>
{
    public void Configure(EntityTypeBuilder<OutsideTransaction> entity)
    {
        entity.ToTable("outside_transactions");
        entity.HasIndex(row => new { row.UserId, row.Id });
        entity.HasOne<User>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class OutsideTransactionPolicy : AccessPolicy<OutsideTransaction>
{
    protected override IReadOnlyList<Clause<OutsideTransaction>> Read(SkyPortalContext db) =>
        [new("it was made on your behalf", row => row.UserId != null && row.UserId == db.Viewer.UserId)];
}
