namespace SkyPortal.Web.Auth;

/// <summary>How somebody must be known to use a route.</summary>
public enum SignInKind
{
    /// <summary>Nobody needs to sign in.</summary>
    Public,

    /// <summary>A token or a browser session.</summary>
    TokenOrSession,

    /// <summary>A browser session only.</summary>
    Session,

    /// <summary>A token or a browser session; and where the site opens its alert archive, anybody, who then reads its public streams only.</summary>
    Archive,
}

/// <summary>What a route or page demands of its caller; every route and page carries exactly one.</summary>
/// <param name="Kind">How the caller must be known.</param>
/// <param name="Acls">Site-wide entries that the caller must hold, all of them.</param>
public sealed record AccessRequirement(SignInKind Kind, params string[] Acls);

/// <summary>States the requirement of a route.</summary>
public static class AccessRequirementExtensions
{
    /// <summary>Anybody, also who is not signed in.</summary>
    public static T Public<T>(this T builder)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(SignInKind.Public));

    /// <summary>Anybody with a token or a session.</summary>
    public static T SignedIn<T>(this T builder)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(SignInKind.TokenOrSession));

    /// <summary>Anybody with a browser session; a token does not suffice.</summary>
    public static T Session<T>(this T builder)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(SignInKind.Session));

    /// <summary>Anybody with a token or a session; and anybody at all, for the public streams, where the site opens its alert archive.</summary>
    public static T OpenWithArchive<T>(this T builder)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(SignInKind.Archive));

    /// <summary>Callers with a token or a session that hold all of the entries.</summary>
    public static T Needs<T>(this T builder, params string[] acls)
        where T : IEndpointConventionBuilder => builder.WithMetadata(new AccessRequirement(SignInKind.TokenOrSession, acls));
}
