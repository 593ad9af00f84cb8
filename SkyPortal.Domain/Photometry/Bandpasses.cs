using System.Collections.Frozen;
using System.Globalization;

namespace SkyPortal.Domain.Photometry;

/// <summary>A bandpass in which brightness is measured.</summary>
/// <param name="Name">Name on the wire, case-sensitive, such as <c>ztfr</c> or <c>ps1::i</c>.</param>
/// <param name="Family">The filter set that it belongs to, such as <c>Pan-STARRS1</c>.</param>
/// <param name="EffectiveWavelengthAngstrom">Transmission-weighted mean wavelength in ångström, above 0.</param>
/// <param name="Color">Colour of its marks on a light page, as <c>#rrggbb</c>; at least 3:1 against white.</param>
/// <param name="ColorOnDark">Colour of its marks on a dark page, as <c>#rrggbb</c>.</param>
/// <param name="Mark">Shape of its marks, by Plotly's name for the symbol.</param>
/// <param name="AbMinusVegaMag">What to add to a Vega magnitude to get the AB magnitude; null where no published value is held.</param>
/// <param name="VegaSource">Key into <see cref="MagnitudeSystems.VegaSources"/>; null where there is no offset.</param>
public sealed record Bandpass(
    string Name,
    string Family,
    double EffectiveWavelengthAngstrom,
    string Color,
    string ColorOnDark,
    string Mark,
    double? AbMinusVegaMag,
    string? VegaSource)
{
    /// <summary>X-ray, submillimetre and radio fluxes have no magnitude standard other than AB.</summary>
    public bool IsAlwaysAb => EffectiveWavelengthAngstrom < 1_000 || EffectiveWavelengthAngstrom > 1_000_000;
}

/// <summary>Every bandpass that the platform accepts. The table is <c>data/bandpasses.csv</c>, built into this assembly.</summary>
public static class Bandpasses
{
    private const string Resource = "SkyPortal.Domain.Photometry.bandpasses.csv";
    private const string Header =
        "name,family,effective_wavelength_angstrom,color,color_on_dark,mark,alias,ab_minus_vega_mag,vega_source";

    private static readonly FrozenDictionary<string, Bandpass> ByName;

    static Bandpasses()
    {
        var all = new List<Bandpass>();
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        var byName = new Dictionary<string, Bandpass>(StringComparer.Ordinal);
        foreach (var cells in ReadTable())
        {
            var bandpass = new Bandpass(
                cells[0],
                cells[1],
                double.Parse(cells[2], CultureInfo.InvariantCulture),
                cells[3],
                cells[4],
                cells[5],
                cells[7].Length == 0 ? null : double.Parse(cells[7], CultureInfo.InvariantCulture),
                cells[8].Length == 0 ? null : cells[8]);
            all.Add(bandpass);
            byName.Add(bandpass.Name, bandpass);
            if (cells[6].Length > 0)
            {
                aliases.Add(cells[6], bandpass.Name);
                byName.Add(cells[6], bandpass);
            }
        }

        All = all.AsReadOnly();
        Aliases = aliases.ToFrozenDictionary(StringComparer.Ordinal);
        ByName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        AllowedNames = [.. all.Select(b => b.Name), .. aliases.Keys.Where(a => a.StartsWith("sdss::", StringComparison.Ordinal))];
    }

    /// <summary>All bandpasses, in the order in which clients list them; aliases are not repeated.</summary>
    public static IReadOnlyList<Bandpass> All { get; }

    /// <summary>Second names (such as <c>sdss::g</c>) and the name each stands for.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; }

    /// <summary>The names that the API lists as allowed: every bandpass, and the SDSS aliases that clients use as names.</summary>
    public static IReadOnlyList<string> AllowedNames { get; }

    /// <summary>The bandpass of that name or alias (case-sensitive, as clients send it); null when there is none.</summary>
    public static Bandpass? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name);

    private static IEnumerable<string[]> ReadTable()
    {
        using var stream = typeof(Bandpasses).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        using var reader = new StreamReader(stream);
        if (reader.ReadLine() != Header)
        {
            throw new InvalidDataException($"The table of bandpasses must start with: {Header}");
        }

        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            yield return cells.Length == 9 ? cells : throw new InvalidDataException($"Not nine cells: {line}");
        }
    }
}
