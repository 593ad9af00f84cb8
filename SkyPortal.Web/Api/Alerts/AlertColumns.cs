using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Web.Api.Sources;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>Columns of alerts as comma-separated values.</summary>
internal sealed record AlertColumns(IReadOnlyList<string> Names, Func<AlertRow, IEnumerable<object?>> Cells)
{
    private static readonly (string Name, Func<AlertRow, object?> Get)[] Usual =
    [
        ("survey", alert => alert.Survey),
        ("candid", alert => alert.AlertId),
        ("objectId", alert => alert.ObjId),
        ("mjd", alert => alert.Mjd),
        ("time", alert => alert.Time),
        ("ra", alert => alert.RaDegrees),
        ("dec", alert => alert.DecDegrees),
        ("l", alert => alert.Number(AlertFields.GalacticLongitude)),
        ("b", alert => alert.Number(AlertFields.GalacticLatitude)),
        ("programid", alert => alert.Programme),
        ("filter", alert => alert.Band),
        ("mag", alert => alert.Mag),
        ("magerr", alert => alert.MagErr),
        ("score", alert => alert.Score),
        ("is_positive", alert => alert.IsPositive),
        ("deltamaglatest", alert => alert[AlertFields.DeltaMagLatest]),
        ("deltamagref", alert => alert[AlertFields.DeltaMagRef]),
    ];

    /// <summary>What every survey has; and, where a search is of one survey, every numeric field of that.</summary>
    public static AlertColumns Of(AlertCriteria criteria)
    {
        var usual = Usual.Select(column => column.Name).ToList();
        var fields = criteria.Surveys is [var survey] ? AlertFields.Of(survey).Select(field => field.Name).Except(usual).ToList() : [];
        return new AlertColumns([.. usual, .. fields], alert => [.. Usual.Select(column => column.Get(alert)), .. fields.Select(name => alert[name])]);
    }

    /// <summary>Writes the head of the table.</summary>
    public void Head(System.IO.Pipelines.PipeWriter writer) => Csv.Line(writer, Names);

    /// <summary>Writes a row.</summary>
    public void Row(System.IO.Pipelines.PipeWriter writer, AlertRow alert) => Csv.Line(writer, Cells(alert));
}
