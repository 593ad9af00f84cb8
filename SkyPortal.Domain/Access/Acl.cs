namespace SkyPortal.Domain.Access;

/// <summary>Names of the site-wide access control entries, as they appear on the wire.</summary>
public static class Acl
{
    public const string BecomeUser = "Become user";
    public const string Comment = "Comment";
    public const string Annotate = "Annotate";
    public const string ManageUsers = "Manage users";
    public const string ManageSources = "Manage sources";
    public const string ManagePhotometry = "Manage photometry";
    public const string ManageGroups = "Manage groups";
    public const string ManageTeams = "Manage teams";
    public const string ManageSharingServices = "Manage sharing services";
    public const string ManageShifts = "Manage shifts";
    public const string ManageInstruments = "Manage instruments";
    public const string ManageAllocations = "Manage allocations";
    public const string ManageObservingRuns = "Manage observing runs";
    public const string ManageTelescopes = "Manage telescopes";
    public const string ManageAnalysisServices = "Manage Analysis Services";
    public const string ManageRecurringApis = "Manage Recurring APIs";
    public const string ManageObservationPlans = "Manage observation plans";
    public const string ManageGcns = "Manage GCNs";
    public const string UploadData = "Upload data";
    public const string RunAnalyses = "Run Analyses";
    public const string SystemAdmin = "System admin";
    public const string PostTaxonomy = "Post taxonomy";
    public const string DeleteTaxonomy = "Delete taxonomy";
    public const string DeleteBulkPhotometry = "Delete bulk photometry";
    public const string Classify = "Classify";
    public const string PostFromSedmListener = "Post from SEDMListener";

    /// <summary>Every entry, in the order in which the API lists them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        BecomeUser, Comment, Annotate, ManageUsers, ManageSources, ManagePhotometry, ManageGroups, ManageTeams,
        ManageSharingServices, ManageShifts, ManageInstruments, ManageAllocations, ManageObservingRuns, ManageTelescopes,
        ManageAnalysisServices, ManageRecurringApis, ManageObservationPlans, ManageGcns, UploadData, RunAnalyses,
        SystemAdmin, PostTaxonomy, DeleteTaxonomy, DeleteBulkPhotometry, Classify, PostFromSedmListener,
    ];
}
