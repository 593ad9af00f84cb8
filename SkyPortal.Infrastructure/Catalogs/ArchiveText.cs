using System.Globalization;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Small things that the clients of archives share.</summary>
internal static class ArchiveText
{
    private const double ArcsecPerDegree = 3600;

    /// <summary>A number as other servers read it.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Right ascension in degrees, as text.</summary>
    public static string Ra(this SkyPosition position) => Number(position.RaDegrees);

    /// <summary>Declination in degrees, as text.</summary>
    public static string Dec(this SkyPosition position) => Number(position.DecDegrees);

    /// <summary>Arcseconds as degrees, as text.</summary>
    public static string Degrees(double arcsec) => Number(Math.Round(arcsec / ArcsecPerDegree, 9));

    /// <summary>The condition of ADQL (IVOA, ADQL 2.0, 2.4.10) that a row lies within a circle.</summary>
    public static string InCircle(SkyPosition center, double radiusArcsec) =>
        $"1=CONTAINS(POINT('ICRS',ra,dec),CIRCLE('ICRS',{center.Ra()},{center.Dec()},{Degrees(radiusArcsec)}))";

    /// <summary>Distance of a row from a position; null where the row has none.</summary>
    public static double? ArcsecFrom(SkyPosition position, double? raDegrees, double? decDegrees) =>
        raDegrees is { } ra && decDegrees is { } dec && SkyPosition.TryCreate(ra, dec, out var other, out _) ? position.SeparationDegrees(other) * ArcsecPerDegree : null;

    /// <summary>A call about what is asked.</summary>
    public static OutsideCall Call(this ArchiveAsk ask, ArchiveAbout about, OutsideService service, string path, params OutsideField[] query) =>
        new(service, path) { Query = query, Subject = ReadArchives.SubjectOf(about, ask.ObjId) };

    /// <summary>What a row tells besides, for the free-form data of a point.</summary>
    public static Dictionary<string, object?> Data(ReplyTable.Row row, params string[] columns)
    {
        var data = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            if (row.Text(column) is { } text)
            {
                // Keys of 64 bits are no numbers of JavaScript.
                data[column] = text.Length < 15 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : text;
            }
        }

        return data;
    }
}
