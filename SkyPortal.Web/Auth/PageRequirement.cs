namespace SkyPortal.Web.Auth;

/// <summary>What a page demands of who opens it. Every routable component carries exactly one.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class PageRequirementAttribute(AccessRequirement requirement) : Attribute
{
    /// <summary>The requirement.</summary>
    public AccessRequirement Requirement => requirement;

    /// <summary>The requirement of a page.</summary>
    public static AccessRequirement Of(Type page) =>
        page.GetCustomAttributes(typeof(PageRequirementAttribute), inherit: true) is [PageRequirementAttribute only]
            ? only.Requirement
            : throw new InvalidOperationException($"{page.Name} must carry exactly one page requirement.");
}

/// <summary>Anybody, also who is not signed in.</summary>
public sealed class OpenToAllAttribute() : PageRequirementAttribute(new AccessRequirement(SignInKind.Public));

/// <summary>Anybody who is signed in.</summary>
public sealed class RequiresSignInAttribute() : PageRequirementAttribute(new AccessRequirement(SignInKind.Session));

/// <summary>Who is signed in and holds all of the entries.</summary>
public sealed class RequiresAclAttribute(params string[] acls) : PageRequirementAttribute(new AccessRequirement(SignInKind.Session, acls));
