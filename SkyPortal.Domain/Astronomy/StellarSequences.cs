namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// Where stars lie in Gaia's colour-magnitude diagram, as a background for single objects: it shows the places of the sequences,
/// not how many stars there are. The main sequence is the mean dwarf sequence of Pecaut and Mamajek 2013 (ApJS 208, 9), table
/// EEM_dwarf_UBVIJHK_colors_Teff, version 2024.05.15, columns Bp-Rp and M_G. Giants and white dwarfs are rounded mean lines, good
/// to some tenths of a magnitude, after the diagrams of Gaia Collaboration, Babusiaux et al. 2018 (A&amp;A 616, A10), with the red
/// clump at M_G 0.50 (Ruiz-Dern et al. 2018, A&amp;A 609, A116).
/// </summary>
public static class StellarSequences
{
    /// <summary>Bluest colour, Bp-Rp, of the density.</summary>
    public const double LeastColorMag = -0.6;

    /// <summary>Brightest absolute G magnitude of the density.</summary>
    public const double LeastAbsMag = -4;

    /// <summary>Width of a cell in colour.</summary>
    public const double ColorStepMag = 0.08;

    /// <summary>Height of a cell in absolute magnitude.</summary>
    public const double AbsStepMag = 0.25;

    private const int Columns = 71;
    private const int Rows = 85;

    // Stars of unresolved pairs are brighter by up to 2.5 log10(2).
    private const double PairMag = 0.75;
    private const double PairPart = 0.3;

    private static readonly (double Color, double Abs)[] Dwarfs =
    [
        (-0.120, 0.515), (-0.037, 1.00), (0.068, 1.345), (0.194, 1.98), (0.377, 2.51), (0.490, 2.89), (0.587, 3.26), (0.694, 3.90),
        (0.784, 4.325), (0.823, 4.635), (0.850, 4.801), (0.900, 5.098), (0.983, 5.553), (1.10, 5.83), (1.34, 6.59), (1.43, 6.85),
        (1.70, 7.57), (1.84, 8.10), (2.09, 8.82), (2.23, 9.29), (2.50, 10.05), (2.94, 11.21), (3.35, 12.45), (3.71, 13.35),
        (4.16, 14.26), (4.65, 14.72), (4.86, 15.20),
    ];

    private static readonly (double Color, double Abs)[] Giants =
    [
        (0.80, 3.8), (0.95, 3.2), (1.05, 2.6), (1.13, 1.7), (1.20, 0.8), (1.28, 0.1), (1.45, -0.7), (1.7, -1.5), (2.1, -2.2), (2.6, -2.6),
    ];

    private static readonly (double Color, double Abs)[] WhiteDwarfs = [(-0.5, 10.2), (-0.2, 11.2), (0.1, 12.1), (0.5, 13.2), (0.9, 14.3), (1.4, 15.4)];

    private static readonly Lazy<double[][]> Made = new(Make);

    /// <summary>
    /// Rows of the density from <see cref="LeastAbsMag"/> on, cells of a row from <see cref="LeastColorMag"/> on, at the middles of
    /// the cells; 0 to 1.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<double>> Density => Made.Value;

    private static double[][] Make()
    {
        var cells = Enumerable.Range(0, Rows).Select(_ => new double[Columns]).ToArray();
        Spread(cells, Dwarfs, 0, 1, 0.05, 0.22);
        Spread(cells, Dwarfs, -PairMag, PairPart, 0.05, 0.2);
        Spread(cells, Giants, 0, 0.5, 0.08, 0.3);
        Spread(cells, [(1.14, 0.5), (1.26, 0.5)], 0, 3, 0.07, 0.2);
        Spread(cells, WhiteDwarfs, 0, 0.5, 0.06, 0.25);
        var highest = cells.Max(row => row.Max());
        return Array.ConvertAll(cells, row => Array.ConvertAll(row, cell => Math.Round(cell / highest, 3)));
    }

    // A normal distribution around each of many steps along a line.
    private static void Spread(double[][] cells, (double Color, double Abs)[] line, double shiftMag, double weight, double colorSigmaMag, double absSigmaMag)
    {
        const double StepMag = 0.04;
        for (var leg = 1; leg < line.Length; leg++)
        {
            var (from, to) = (line[leg - 1], line[leg]);
            var steps = Math.Max(1, (int)Math.Ceiling(double.Hypot(to.Color - from.Color, to.Abs - from.Abs) / StepMag));
            for (var step = 0; step < steps; step++)
            {
                var part = (step + 0.5) / steps;
                Add(cells, from.Color + (part * (to.Color - from.Color)), from.Abs + (part * (to.Abs - from.Abs)) + shiftMag, weight, colorSigmaMag, absSigmaMag);
            }
        }
    }

    private static void Add(double[][] cells, double color, double abs, double weight, double colorSigmaMag, double absSigmaMag)
    {
        for (var row = 0; row < Rows; row++)
        {
            var y = (LeastAbsMag + ((row + 0.5) * AbsStepMag) - abs) / absSigmaMag;
            if (Math.Abs(y) > 4)
            {
                continue;
            }

            for (var column = 0; column < Columns; column++)
            {
                var x = (LeastColorMag + ((column + 0.5) * ColorStepMag) - color) / colorSigmaMag;
                cells[row][column] += Math.Abs(x) > 4 ? 0 : weight * Math.Exp(-((x * x) + (y * y)) / 2);
            }
        }
    }
}
