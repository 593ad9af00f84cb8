using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Finds one archived alert.</summary>
public sealed class GetAlert(SearchAlerts search)
{
    /// <summary>The alert, by its number and, where several surveys may have the number, its survey in any case.</summary>
    /// <exception cref="Refusal">There is no such alert for this viewer.</exception>
    public async Task<AlertRow> HandleAsync(Viewer viewer, string? survey, long alertId, CancellationToken ct)
    {
        // ix_alerts_alert_id serves it.
        var criteria = new AlertCriteria { AlertIds = [alertId], Surveys = survey is null ? null : [SurveyOf(survey) ?? throw NotThere()], PerPage = 2 };
        var found = (await search.HandleAsync(viewer, criteria, ct)).Alerts;
        return found.Count switch
        {
            1 => found[0],
            0 => throw NotThere(),
            _ => throw Refusal.Invalid($"Several surveys have an alert {alertId}: {string.Join(", ", found.Select(alert => alert.Survey))}. Name the survey, too."),
        };

        Refusal NotThere() => Refusal.NotFound(survey is null ? $"There is no alert {alertId}." : $"There is no alert {alertId} of {survey}.");
    }

    /// <summary>The name of a survey as it is written here; null where there is none.</summary>
    public static string? SurveyOf(string text) => AlertFields.SurveyNames.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Alerts at one place.</summary>
/// <param name="OfObject">Those of the same object, the newest first.</param>
/// <param name="OfOthers">Those of other objects, the nearest object first, each object's newest first.</param>
/// <param name="IsCut">Whether there are more.</param>
public sealed record AlertsAtPlace(IReadOnlyList<AlertRow> OfObject, IReadOnlyList<(AlertRow Alert, double Arcsec)> OfOthers, bool IsCut);

/// <summary>Gathers the alerts of the same object, and those of other objects at the same place.</summary>
public sealed class ReadAlertsAtPlace(SearchAlerts search)
{
    /// <summary>Within which distance another object is at the same place, arcseconds: what ZTF takes for one object.</summary>
    public const double SamePlaceArcsec = 1.5;

    private const int Most = 200;

    /// <summary>Those that the viewer may read.</summary>
    public async Task<AlertsAtPlace> HandleAsync(Viewer viewer, AlertRow alert, CancellationToken ct)
    {
        var place = new SkyPosition(alert.RaDegrees, alert.DecDegrees);
        var own = await search.HandleAsync(viewer, new AlertCriteria { ObjIds = [alert.ObjId], Surveys = [alert.Survey], PerPage = Most }, ct);
        var near = await search.HandleAsync(viewer, new AlertCriteria { ConeCenter = place, ConeRadiusDegrees = SamePlaceArcsec / 3600, PerPage = Most }, ct);
        var others = near.Alerts
            .Where(other => other.ObjId != alert.ObjId || other.Survey != alert.Survey)
            .Select(other => (Alert: other, Arcsec: place.SeparationDegrees(new SkyPosition(other.RaDegrees, other.DecDegrees)) * 3600))
            .GroupBy(other => (other.Alert.Survey, other.Alert.ObjId))
            .OrderBy(group => group.Min(other => other.Arcsec))
            .SelectMany(group => group);
        return new AlertsAtPlace(own.Alerts, [.. others], own.HasNext || near.HasNext);
    }
}
