using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>Registers the verbs and queries of spectra.</summary>
public static class SpectraSetup
{
    /// <summary>Spectra.</summary>
    public static IServiceCollection AddSpectra(this IServiceCollection services) => services
        .AddSingleton<ReadSpectra>()
        .AddSingleton<ReadSpectrumFile>()
        .AddSingleton<ReadSpectraTogether>()
        .AddSingleton<PostSpectrum>()
        .AddSingleton<EditSpectrum>()
        .AddSingleton<DeleteSpectrum>()
        .AddSingleton<MakeSyntheticPhotometry>();
}
