using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Outside;

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
        .AddSingleton<ReadPreferences>()
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
        .AddSingleton<SetPassword>()
        .AddSingleton<SignInThrottle>()
        .AddSingleton<SignInWithPassword>()
        .AddSingleton<CreateInvitation>()
        .AddSingleton<UpdateInvitation>()
        .AddSingleton<DeleteInvitation>()
        .AddSingleton<SearchInvitations>()
        .AddSingleton<AcceptInvitation>()
        .AddSingleton<OidcProvider>()
        .AddSingleton<SignInWithProvider>()
        .AddSingleton<BecomeUser>()
        .AddSingleton<ExplainAccess>()
        .AddSingleton(provider => MailSettings.Read(provider.GetService<IConfiguration>()))
        .AddSingleton<IMailer, SmtpMailer>()
        .AddSingleton(provider => InvitationSettings.Read(provider.GetService<IConfiguration>()))
        .AddSingleton(provider => OidcSettings.Read(provider.GetService<IConfiguration>()))
        .AddSingleton<SeedAccess>();
}
