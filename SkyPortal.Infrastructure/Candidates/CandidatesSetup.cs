using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Registers candidates.</summary>
public static class CandidatesSetup
{
    /// <summary>Registers their verbs and queries.</summary>
    public static IServiceCollection AddCandidates(this IServiceCollection services) => services
        .AddSingleton<CandidateTotals>()
        .AddSingleton<CandidatesPage>()
        .AddSingleton<ListCandidates>()
        .AddSingleton<GetCandidate>()
        .AddSingleton<ReadScanScope>()
        .AddSingleton<ScanLists>()
        .AddSingleton<ScanPage>()
        .AddSingleton<MarkSeen>()
        .AddSingleton<PostCandidate>()
        .AddSingleton<DeleteCandidate>();
}
