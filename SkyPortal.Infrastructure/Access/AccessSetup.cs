using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Registers the verbs of access.</summary>
public static class AccessSetup
{
    /// <summary>Users, groups, streams, tokens and sign-in.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<ReadViewer>()
        .AddSingleton<CreateUser>()
        .AddSingleton<CreateToken>()
        .AddSingleton<CreateSignInLink>()
        .AddSingleton<UseSignInLink>()
        .AddSingleton<ListRoles>()
        .AddSingleton<SearchUsers>()
        .AddSingleton<GetUser>()
        .AddSingleton<GetProfile>()
        .AddSingleton<UpdateUser>()
        .AddSingleton<DeleteUser>()
        .AddSingleton<GrantRights>()
        .AddSingleton<RevokeRights>()
        .AddSingleton<ListTokens>()
        .AddSingleton<UpdateToken>()
        .AddSingleton<DeleteToken>()
        .AddSingleton<ListGroups>()
        .AddSingleton<GetGroup>()
        .AddSingleton<CreateGroup>()
        .AddSingleton<UpdateGroup>()
        .AddSingleton<DeleteGroup>()
        .AddSingleton<AddGroupMember>()
        .AddSingleton<AddMembersFromGroups>()
        .AddSingleton<UpdateGroupMember>()
        .AddSingleton<RemoveGroupMember>()
        .AddSingleton<AddGroupStream>()
        .AddSingleton<RemoveGroupStream>()
        .AddSingleton<ListStreams>()
        .AddSingleton<CreateStream>()
        .AddSingleton<UpdateStream>()
        .AddSingleton<DeleteStream>()
        .AddSingleton<AddStreamUser>()
        .AddSingleton<RemoveStreamUser>()
        .AddSingleton<ListAdmissionRequests>()
        .AddSingleton<RequestAdmission>()
        .AddSingleton<DecideAdmission>()
        .AddSingleton<WithdrawAdmission>()
        .AddSingleton<SeedAccess>();
}
