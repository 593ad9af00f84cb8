using System.Globalization;

namespace SkyPortal.Domain.Spectra;

/// <summary>Lines of one ion, or of one kind of object.</summary>
/// <param name="Name">Such as <c>Si II</c>.</param>
/// <param name="Group">Such as <c>light elements</c>.</param>
/// <param name="IsObserved">Whether the wavelengths are those of the observer, as of night sky and atmosphere; else rest wavelengths.</param>
/// <param name="WavelengthsAngstrom">Ångström, ascending.</param>
public sealed record LineSet(string Name, string Group, bool IsObserved, IReadOnlyList<double> WavelengthsAngstrom);

/// <summary>Lines that spectra are compared with. The table is <c>data/spectral-lines.csv</c>, built into this assembly.</summary>
public static class SpectralLines
{
    private const string Resource = "SkyPortal.Domain.Spectra.spectral-lines.csv";

    /// <summary>Every set, in the order of the table.</summary>
    public static IReadOnlyList<LineSet> All { get; } = [.. Read()];

    private static IEnumerable<LineSet> Read()
    {
        using var stream = typeof(SpectralLines).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            yield return cells is [var name, var group, "rest" or "observed", var wavelengths]
                ? new LineSet(name, group, cells[2] == "observed", [.. wavelengths.Split(';').Select(text => double.Parse(text, CultureInfo.InvariantCulture))])
                : throw new InvalidDataException($"Not a set of lines: {line}");
        }
    }
}
