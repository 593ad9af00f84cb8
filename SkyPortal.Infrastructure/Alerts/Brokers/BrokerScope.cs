using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Which alerts a viewer may see: the programmes of surveys that their streams select. A survey that is not named shows nothing.</summary>
/// <param name="Programmes">Programmes by survey; null where nothing is withheld.</param>
public sealed record BrokerScope(IReadOnlyDictionary<string, IReadOnlySet<int>>? Programmes)
{
    /// <summary>Everything, for administrators.</summary>
    public static BrokerScope All { get; } = new((IReadOnlyDictionary<string, IReadOnlySet<int>>?)null);

    /// <summary>Whether what a programme took may be shown.</summary>
    public bool Allows(string survey, int programme) => Programmes is null || (Programmes.TryGetValue(survey, out var allowed) && allowed.Contains(programme));

    /// <summary>Programmes of a survey, in order; null where nothing is withheld.</summary>
    public int[]? Of(string survey) => Programmes is null ? null : Programmes.TryGetValue(survey, out var allowed) ? [.. allowed.Order()] : [];

    /// <summary>The alert with what may be shown of it; null where nothing may.</summary>
    public BrokerAlert? Show(BrokerAlert alert) => Allows(alert.Survey, alert.Programme)
        ? alert with { Points = [.. alert.Points.Where(point => Allows(SurveyOf(point.Filter), point.Programme))] }
        : null;

    /// <summary>A text that is equal for equal scopes, for keys of caches.</summary>
    public string Key => Programmes is null ? "all" : string.Join(';', Programmes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{string.Join(',', pair.Value.Order())}"));

    /// <summary>Survey that a bandpass belongs to.</summary>
    public static string SurveyOf(string filter) => filter.StartsWith("lsst", StringComparison.Ordinal) ? "LSST" : filter.StartsWith("ztf", StringComparison.Ordinal) ? "ZTF" : "other";
}

/// <summary>Reads what a viewer may see of brokers' alerts. One statement.</summary>
public sealed class ReadBrokerScope(Contexts contexts)
{
    /// <summary>The scope.</summary>
    public async Task<BrokerScope> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        if (viewer.SeesAll)
        {
            return BrokerScope.All;
        }

        await using var db = contexts.For(viewer);
        var mine = viewer.StreamIds;
        var streams = await db.Set<AlertStream>().AsNoTracking().Where(stream => mine.Contains(stream.Id)).ToListAsync(ct);
        var programmes = new Dictionary<string, IReadOnlySet<int>>(StringComparer.Ordinal);
        foreach (var rules in streams.Select(stream => StreamRule.Read(stream.Id, stream.Name, stream.Altdata?.GetRawText())).OfType<StreamRule>().Where(rule => rule.Survey is not null).GroupBy(rule => rule.Survey!))
        {
            programmes[rules.Key] = rules.SelectMany(rule => rule.Selector).ToHashSet();
        }

        return new BrokerScope(programmes);
    }
}
