using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>A picture of a sky map on the whole sky.</summary>
/// <param name="CenterRaDegrees">Right ascension in the middle, degrees.</param>
/// <param name="Fifty">The 50 % credible region as the data of an SVG path over <see cref="DrawSkyMap.Columns"/> by <see cref="DrawSkyMap.Rows"/> cells.</param>
/// <param name="Ninety">The 90 % credible region, likewise; it covers the other.</param>
/// <param name="FiftySquareDegrees">Area of the 50 % region, square degrees.</param>
/// <param name="NinetySquareDegrees">Area of the 90 % region, square degrees.</param>
public sealed record SkyMapPicture(double CenterRaDegrees, string Fifty, string Ninety, double FiftySquareDegrees, double NinetySquareDegrees);

/// <summary>
/// Draws the credible regions of sky maps in Mollweide's projection: each cell of the picture is inside where its centre is. Maps never change,
/// so that their pictures are kept in memory, a few of them.
/// </summary>
public sealed class DrawSkyMap(ReadLocalization maps)
{
    /// <summary>Cells of a row.</summary>
    public const int Columns = 600;

    /// <summary>Rows of cells.</summary>
    public const int Rows = 300;

    private const int MostPictures = 50;
    private const double MiddleStepDegrees = 30;
    private readonly ConcurrentDictionary<string, SkyMapPicture> _kept = new(StringComparer.Ordinal);

    /// <summary>The picture of a map, with the map's centre near its middle. Two statements, four where its regions are not kept.</summary>
    /// <param name="viewer">Who looks.</param>
    /// <param name="dateobs">Time of the event (UTC).</param>
    /// <param name="name">Name of the map.</param>
    /// <param name="centerRaDegrees">Right ascension of the map's centre, degrees.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The viewer sees no such map.</exception>
    public async Task<SkyMapPicture> HandleAsync(Viewer viewer, DateTime dateobs, string name, double centerRaDegrees, CancellationToken ct)
    {
        var ninety = await maps.PlaceAsync(viewer, new SkyMapPart(dateobs, name, 0.9), ct);
        if (_kept.GetValueOrDefault(ninety.Key) is { } kept)
        {
            return kept;
        }

        var fifty = await maps.PlaceAsync(viewer, new SkyMapPart(dateobs, name, 0.5), ct);
        var middle = Math.Round(centerRaDegrees / MiddleStepDegrees) * MiddleStepDegrees % 360;
        var picture = await Task.Run(() => Draw(middle, fifty.Region, ninety.Region), ct);
        if (_kept.Count >= MostPictures)
        {
            _kept.Clear();
        }

        _kept[ninety.Key] = picture;
        return picture;
    }

    private static SkyMapPicture Draw(double middleRaDegrees, SkyRegion fifty, SkyRegion ninety)
    {
        var projection = new Mollweide(middleRaDegrees);
        var (inner, outer) = (new StringBuilder(), new StringBuilder());
        for (var row = 0; row < Rows; row++)
        {
            var (ofInner, ofOuter) = (new Run(inner, row), new Run(outer, row));
            for (var column = 0; column < Columns; column++)
            {
                var place = projection.At((2 * (column + 0.5) / Columns) - 1, 1 - (2 * (row + 0.5) / Rows));
                var isOuter = place is { } position && ninety.Contains(position);
                ofOuter.Next(column, isOuter);
                ofInner.Next(column, isOuter && fifty.Contains(place!.Value));
            }

            ofOuter.Next(Columns, false);
            ofInner.Next(Columns, false);
        }

        return new SkyMapPicture(middleRaDegrees, inner.ToString(), outer.ToString(), fifty.AreaSquareDegrees, ninety.AreaSquareDegrees);
    }

    // Cells side by side become one rectangle.
    private sealed class Run(StringBuilder path, int row)
    {
        private int? _start;

        public void Next(int column, bool isInside)
        {
            if (isInside)
            {
                _start ??= column;
            }
            else if (_start is { } start)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{start} {row}h{column - start}v1h-{column - start}z");
                _start = null;
            }
        }
    }
}
