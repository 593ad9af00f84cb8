using System.Globalization;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>How much a filter may pass in a night. Settings: of the same names in the section Filters.</summary>
/// <param name="MostPerNight">Most alerts.</param>
/// <param name="MostShare">Largest share of the alerts that it sees, 0 to 1.</param>
/// <param name="ShareFrom">The share counts from so many passing alerts on, so that quiet streams and small sites are left alone.</param>
/// <param name="MostShareOfFew">Largest share where fewer pass, 0 to 1: what leaves hardly anything out is no filter, however few there are.</param>
/// <param name="FewFrom">That share counts from so many alerts of the night on; of fewer it says nothing.</param>
/// <param name="SecondsToLook">Longest time to look for the newest night of a stream [s].</param>
public sealed record FilterBounds(long MostPerNight, double MostShare, long ShareFrom, double MostShareOfFew, long FewFrom, double SecondsToLook)
{
    /// <summary>Reads the settings.</summary>
    public static FilterBounds Of(IConfiguration settings)
    {
        var section = settings.GetSection("Filters");
        return new FilterBounds(
            section.GetValue("MostPerNight", 2_000L), section.GetValue("MostShare", 0.2), section.GetValue("ShareFrom", 200L), section.GetValue("MostShareOfFew", 0.9),
            section.GetValue("FewFrom", 30L), section.GetValue("SecondsToLook", 10.0));
    }
}

/// <summary>Keeps filters that would pass too much from being switched on.</summary>
public sealed class FilterGate(TryFilter tryFilter, FilterBounds bounds)
{
    private const int Sample = 4_000;

    /// <summary>Tries the text on a sample of the fullest of the last three nights of its stream that have alerts.</summary>
    /// <param name="viewer">Who switches it on.</param>
    /// <param name="stream">The filter's stream.</param>
    /// <param name="groupId">The filter's group.</param>
    /// <param name="expression">The condition.</param>
    /// <param name="overrideNote">Why it is to be on all the same; counts from who manages groups.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">It would pass too much, or that cannot be told (409); the message tells the numbers.</exception>
    public async Task CheckAsync(Viewer viewer, AlertStream stream, int groupId, string? expression, string? overrideNote, CancellationToken ct)
    {
        if (expression is null || (!string.IsNullOrWhiteSpace(overrideNote) && viewer.Has(Acl.ManageGroups)))
        {
            return;
        }

        if (await tryFilter.EstimateAsync(viewer, stream, groupId, expression, Sample, ct) is not { } found)
        {
            return;
        }

        var share = (double)found.Passing / found.Alerts;
        var isFew = found.Passing <= bounds.ShareFrom;
        if (found.Passing > bounds.MostPerNight || share > (isFew ? bounds.MostShareOfFew : bounds.MostShare) && (!isFew || found.Alerts >= bounds.FewFrom))
        {
            var about = found.Sampled < found.Alerts ? "about " : "";
            var bound = found.Passing <= bounds.MostPerNight && isFew
                ? $"at most {bounds.MostShareOfFew:P0} may, however few there are"
                : $"at most {bounds.MostPerNight} a night or {bounds.MostShare:P0} may";
            throw Refusal.Conflict(string.Create(
                CultureInfo.InvariantCulture,
                $"It would pass {about}{found.Passing} of {found.Alerts} alerts of the night {found.Night:yyyy-MM-dd} ({share:P1}); {bound}. Cut more, or ask an administrator of the site, who may switch it on with a note."));
        }
    }
}
