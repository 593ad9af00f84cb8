using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Registers candidates.</summary>
public static class CandidatesSetup
{
    /// <summary>Registers their verbs and queries.</summary>
    public static IServiceCollection AddCandidates(this IServiceCollection services) => services
        .AddSingleton<CandidateTotals>()
        .AddSingleton<CandidateListings>()
        .AddSingleton<CandidateHits>()
        .AddSingleton<CandidatesPage>()
        .AddSingleton<ReadPassings>()
        .AddSingleton<ReadPassedGroups>()
        .AddSingleton<AddCandidateParts>()
        .AddSingleton<ListCandidates>()
        .AddSingleton<ListCandidateRows>()
        .AddSingleton<AutosaveCandidates>()
        .AddSingleton<GetCandidate>()
        .AddSingleton<ReadScanScope>()
        .AddSingleton<ScanLists>()
        .AddSingleton<ReadScanPoints>()
        .AddSingleton<ScanPage>()
        .AddSingleton<ReadScanReportFacts>()
        .AddSingleton<CreateScanReport>()
        .AddSingleton<ReadScanReports>()
        .AddSingleton<EditScanReportItem>()
        .AddSingleton<ReadScanProgress>()
        .AddSingleton<MarkSeen>()
        .AddSingleton<PostCandidate>()
        .AddSingleton<DeleteCandidate>()
        .AddSingleton<DeleteOldCandidates>();
}
