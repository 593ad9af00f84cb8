using System.Globalization;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>How much a filter may pass in a night. Settings: Filters:MostPerNight, Filters:MostShare, Filters:ShareFrom.</summary>
/// <param name="MostPerNight">Most alerts.</param>
/// <param name="MostShare">Largest share of the alerts that it sees, 0 to 1.</param>
/// <param name="ShareFrom">The share counts from so many passing alerts on, so that quiet streams and small sites are left alone.</param>
public sealed record FilterBounds(long MostPerNight, double MostShare, long ShareFrom)
{
    /// <summary>Reads the settings.</summary>
    public static FilterBounds Of(IConfiguration settings)
    {
        var section = settings.GetSection("Filters");
        return new FilterBounds(section.GetValue("MostPerNight", 2_000L), section.GetValue("MostShare", 0.2), section.GetValue("ShareFrom", 200L));
    }
}

/// <summary>Keeps filters that would pass too much from being switched on.</summary>
public sealed class FilterGate(TryFilter tryFilter, FilterBounds bounds)
{
    private const int Sample = 4_000;

    /// <summary>Tries the text on a sample of the fullest of the last three nights of its stream that have alerts.</summary>
    /// <param name="viewer">Who switches it on.</param>
    /// <param name="stream">The filter's stream.</param>
    /// <param name="expression">The condition.</param>
    /// <param name="overrideNote">Why it is to be on all the same; counts from who manages groups.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">It would pass too much (409); the message tells the numbers.</exception>
    public async Task CheckAsync(Viewer viewer, AlertStream stream, string? expression, string? overrideNote, CancellationToken ct)
    {
        if (expression is null || (!string.IsNullOrWhiteSpace(overrideNote) && viewer.Has(Acl.ManageGroups)))
        {
            return;
        }

        if (await tryFilter.EstimateAsync(viewer, stream, expression, Sample, ct) is not { } found)
        {
            return;
        }

        var share = (double)found.Passing / found.Alerts;
        if (found.Passing > bounds.MostPerNight || (share > bounds.MostShare && found.Passing > bounds.ShareFrom))
        {
            throw Refusal.Conflict(string.Create(
                CultureInfo.InvariantCulture,
                $"It would pass {(found.Sampled < found.Alerts ? "about " : "")}{found.Passing} of {found.Alerts} alerts of the night {found.Night:yyyy-MM-dd} ({share:P1}); at most {bounds.MostPerNight} a night or {bounds.MostShare:P0} may. Cut more, or ask an administrator of the site, who may switch it on with a note."));
        }
    }
}
