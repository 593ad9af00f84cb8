using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Registers the verbs and queries of photometry.</summary>
public static class PhotometrySetup
{
    /// <summary>Points and their statistics.</summary>
    public static IServiceCollection AddPhotometry(this IServiceCollection services) => services
        .AddSingleton<PhotometryWriter>()
        .AddSingleton<WidenPhotometry>()
        .AddSingleton<ShareData>()
        .AddSingleton<SeriesData>()
        .AddSingleton<PostSeries>()
        .AddSingleton<ChangeSeries>()
        .AddSingleton<DeleteSeries>()
        .AddSingleton<SearchSeries>()
        .AddSingleton<UpdatePhotStats>()
        .AddSingleton<ReadPhotStats>()
        .AddSingleton<RefreshPhotStats>()
        .AddSingleton<RestoreExtinction>()
        .AddSingleton<PostPhotometry>()
        .AddSingleton<PutPhotometry>()
        .AddSingleton<ChangePhotometry>()
        .AddSingleton<DeletePhotometry>()
        .AddSingleton<DeletePhotometryUpload>()
        .AddSingleton<DeleteObjectPhotometry>()
        .AddSingleton<ReadPhotometry>()
        .AddSingleton<ReadPeriodogram>()
        .AddSingleton<ReadPhotometryValidations>()
        .AddSingleton<ValidatePhotometry>()
        .AddSingleton<CopyPhotometry>()
        .AddSingleton<AggregatePhotStats>()
        .AddSingleton<FindObject>();
}
