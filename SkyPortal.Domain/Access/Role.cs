namespace SkyPortal.Domain.Access;

/// <summary>A named bundle of access control entries. The set of roles is fixed by the platform.</summary>
/// <param name="Id">Name, as it appears on the wire.</param>
/// <param name="Acls">Entries that a holder of the role has.</param>
public sealed record Role(string Id, IReadOnlyList<string> Acls)
{
    public const string SuperAdmin = "Super admin";
    public const string GroupAdmin = "Group admin";
    public const string FullUser = "Full user";
    public const string ViewOnly = "View only";

    /// <summary>Every role.</summary>
    public static IReadOnlyList<Role> All { get; } =
    [
        new(SuperAdmin, Acl.All),
        new(GroupAdmin,
        [
            Acl.Annotate, Acl.Comment, Acl.ManageShifts, Acl.ManageSources, Acl.ManageTeams, Acl.ManageAnalysisServices,
            Acl.ManageRecurringApis, Acl.ManageGcns, Acl.UploadData, Acl.RunAnalyses, Acl.PostTaxonomy, Acl.ManageUsers,
            Acl.Classify, Acl.ManageObservingRuns,
        ]),
        new(FullUser, [Acl.Annotate, Acl.Comment, Acl.UploadData, Acl.Classify, Acl.RunAnalyses, Acl.ManageObservingRuns]),
        new(ViewOnly, []),
    ];

    /// <summary>The role of that name, or null.</summary>
    public static Role? Find(string id) => All.FirstOrDefault(role => role.Id == id);

    /// <summary>Union of the entries of some roles and some personal entries, sorted.</summary>
    public static IReadOnlyList<string> Permissions(IEnumerable<string> roles, IEnumerable<string> personalAcls) =>
        [.. roles.SelectMany(id => Find(id)?.Acls ?? []).Concat(personalAcls).Distinct().Order(StringComparer.Ordinal)];
}
