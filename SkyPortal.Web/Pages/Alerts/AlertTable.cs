using System.Globalization;
using SkyPortal.Infrastructure.Alerts;

namespace SkyPortal.Web.Pages.Alerts;

/// <summary>A column of the table of alerts.</summary>
/// <param name="Id">Tells it from others.</param>
/// <param name="Title">Its head.</param>
/// <param name="Sort">By what it sorts.</param>
/// <param name="Hint">What it is, with its unit.</param>
/// <param name="IsNumber">Whether it is set to the right.</param>
/// <param name="Text">A cell.</param>
public sealed record AlertColumn(string Id, string Title, string Sort, string Hint, bool IsNumber, Func<AlertRow, string> Text);

/// <summary>The table of alerts.</summary>
public static class AlertTable
{
    /// <summary>Its columns.</summary>
    public static IReadOnlyList<AlertColumn> Columns { get; } =
    [
        new("time", "Time (UTC)", "jd", "Time of the exposure; MJD on hover", false, _ => ""),
        new("object", "Object", "objectId", "Name of the object", false, _ => ""),
        new("alert", "Alert", "candid", "The survey's number of the alert", false, _ => ""),
        new("mag", "Mag", "magpsf", "PSF magnitude of the difference, AB; neg where fainter than the reference", true, _ => ""),
        Field("deltamaglatest", "Δ last", "deltamaglatest", "Magnitude now minus the last one before in the same band [mag]; positive where it faded", "+0.00;−0.00"),
        Field("deltamagref", "Δ ref", "deltamagref", "Magnitude of the reference minus now [mag]", "+0.00;−0.00"),
        new("score", "Score", "score", "Real/bogus score, 0 to 1: drb, else rb; reliability", true, alert => Number(alert.Score, "0.00")),
        Field("rb", "rb", "rb", "Real/bogus score of ZTF's older classifier, 0 to 1", "0.00"),
        Field("fwhm", "FWHM", "fwhm", "Width of the source [px]", "0.0"),
        Field("distnr", "Ref. dist", "distnr", "Distance to the nearest source of the reference [px]", "0.0"),
        new("position", "Position", "ra", "ICRS; a click copies it", false, _ => ""),
        Field("l", "l", "l", "Galactic longitude [deg]", "0.00"),
        Field("b", "b", "b", "Galactic latitude [deg]", "+0.00;−0.00"),
        new("programme", "Prog.", "programid", "Programme: of ZTF 1 is public, 2 the partnership, 3 Caltech", true, alert => alert.Programme.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>Address of an alert's page.</summary>
    public static string Address(AlertRow alert) => string.Create(CultureInfo.InvariantCulture, $"/alerts/{alert.Survey}/{alert.AlertId}");

    /// <summary>A number; empty where there is none.</summary>
    public static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Name of the bandpass of a survey's band.</summary>
    public static string Filter(string survey, string band) => (survey, band) switch
    {
        ("ZTF", _) => $"ztf{band}",
        ("LSST", _) => $"lsst{band}",
        ("WINTER", "j" or "h") => $"2mass{band}",
        _ => $"des{band}",
    };

    private static AlertColumn Field(string id, string title, string name, string hint, string format) =>
        new(id, title, name, hint, true, alert => Number(alert.Number(name), format));
}
