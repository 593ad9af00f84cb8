namespace SkyPortal.Web.Auth;

/// <summary>What a page demands of who opens it; every page carries exactly one.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class PageRequirementAttribute : Attribute
{
    /// <summary>The requirement in the terms of routes.</summary>
    public abstract AccessRequirement Requirement { get; }
}

/// <summary>Anybody may open the page; it is served as plain HTML.</summary>
public sealed class OpenToAllAttribute : PageRequirementAttribute
{
    /// <inheritdoc/>
    public override AccessRequirement Requirement { get; } = new(SignInKind.Public);
}

/// <summary>Who is signed in may open the page.</summary>
public sealed class RequiresSignInAttribute : PageRequirementAttribute
{
    /// <inheritdoc/>
    public override AccessRequirement Requirement { get; } = new(SignInKind.Session);
}

/// <summary>Who is signed in may open the page; anybody where the site opens its alert archive, and then it is served as plain HTML.</summary>
public sealed class OpenWithArchiveAttribute : PageRequirementAttribute
{
    /// <inheritdoc/>
    public override AccessRequirement Requirement { get; } = new(SignInKind.Archive);
}

/// <summary>Who holds the permissions may open the page.</summary>
public sealed class RequiresAclAttribute(params string[] acls) : PageRequirementAttribute
{
    /// <inheritdoc/>
    public override AccessRequirement Requirement { get; } = new(SignInKind.Session, acls);
}
