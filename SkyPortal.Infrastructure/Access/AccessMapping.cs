using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Access;

internal sealed class UserMapping : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> entity)
    {
        entity.ToTable("users");
        entity.HasIndex(user => user.Username).IsUnique();
        entity.HasIndex(user => user.OauthUid).IsUnique();
    }
}

internal sealed class ApiTokenMapping : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> entity)
    {
        entity.ToTable("tokens");
        entity.HasIndex(token => token.SecretHash).IsUnique();
        entity.HasIndex(token => token.PublicId).IsUnique();
        entity.HasIndex(token => token.Name).IsUnique();
        entity.HasOne<User>().WithMany().HasForeignKey(token => token.CreatedById).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SignInLinkMapping : IEntityTypeConfiguration<SignInLink>
{
    public void Configure(EntityTypeBuilder<SignInLink> entity)
    {
        entity.ToTable("sign_in_links");
        entity.HasIndex(link => link.SecretHash).IsUnique();
        entity.HasOne<User>().WithMany().HasForeignKey(link => link.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class InvitationMapping : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> entity)
    {
        entity.ToTable("invitations");
        entity.HasIndex(invitation => invitation.SecretHash).IsUnique();
        entity.HasOne<User>().WithMany().HasForeignKey(invitation => invitation.InvitedById).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GroupMapping : IEntityTypeConfiguration<Group>
{
    public void Configure(EntityTypeBuilder<Group> entity)
    {
        entity.ToTable("groups");
        entity.HasIndex(group => group.Name).IsUnique();
        entity.HasIndex(group => group.Nickname).IsUnique();
    }
}

internal sealed class GroupUserMapping : IEntityTypeConfiguration<GroupUser>
{
    public void Configure(EntityTypeBuilder<GroupUser> entity)
    {
        entity.ToTable("group_users");
        entity.HasIndex(member => new { member.UserId, member.GroupId }).IsUnique();
        entity.HasIndex(member => member.GroupId);
        entity.HasOne<Group>().WithMany().HasForeignKey(member => member.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(member => member.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AlertStreamMapping : IEntityTypeConfiguration<AlertStream>
{
    public void Configure(EntityTypeBuilder<AlertStream> entity)
    {
        entity.ToTable("streams");
        entity.HasIndex(stream => stream.Name).IsUnique();
    }
}

internal sealed class StreamUserMapping : IEntityTypeConfiguration<StreamUser>
{
    public void Configure(EntityTypeBuilder<StreamUser> entity)
    {
        entity.ToTable("stream_users");
        entity.HasIndex(member => new { member.UserId, member.StreamId }).IsUnique();
        entity.HasIndex(member => member.StreamId);
        entity.HasOne<AlertStream>().WithMany().HasForeignKey(member => member.StreamId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(member => member.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GroupStreamMapping : IEntityTypeConfiguration<GroupStream>
{
    public void Configure(EntityTypeBuilder<GroupStream> entity)
    {
        entity.ToTable("group_streams");
        entity.HasIndex(use => new { use.GroupId, use.StreamId }).IsUnique();
        entity.HasIndex(use => use.StreamId);
        entity.HasOne<Group>().WithMany().HasForeignKey(use => use.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<AlertStream>().WithMany().HasForeignKey(use => use.StreamId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class GroupAdmissionRequestMapping : IEntityTypeConfiguration<GroupAdmissionRequest>
{
    public void Configure(EntityTypeBuilder<GroupAdmissionRequest> entity)
    {
        entity.ToTable("group_admission_requests");
        entity.HasIndex(request => request.GroupId);
        entity.HasIndex(request => request.UserId);
        entity.HasOne<Group>().WithMany().HasForeignKey(request => request.GroupId).OnDelete(DeleteBehavior.Cascade);
        entity.HasOne<User>().WithMany().HasForeignKey(request => request.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
