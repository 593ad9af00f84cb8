using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Where a telescope stands.</summary>
/// <param name="LatitudeDegrees">Geodetic latitude, north positive, −90 to 90.</param>
/// <param name="LongitudeDegrees">Longitude, east positive, −180 to 180.</param>
/// <param name="ElevationMetres">Height above sea level.</param>
public sealed record SiteSeed(double LatitudeDegrees, double LongitudeDegrees, double ElevationMetres);

/// <summary>A telescope that a new site starts with.</summary>
/// <param name="Nickname">Short name, unique in the seed.</param>
/// <param name="Name">Full name, unique in the seed.</param>
/// <param name="Site">Where it stands; null exactly when it has no fixed location.</param>
/// <param name="DiameterMetres">Aperture, above 0.</param>
/// <param name="Robotic">Whether it observes with nobody there.</param>
public sealed record TelescopeSeed(string Nickname, string Name, SiteSeed? Site, double DiameterMetres, bool Robotic)
{
    /// <summary>False for telescopes in orbit and networks of several sites.</summary>
    public bool HasFixedLocation => Site is not null;
}

/// <summary>Field of view: a circle or a rectangle on the sky; exactly one is given.</summary>
/// <param name="CircleRadiusDegrees">Radius of a circle.</param>
/// <param name="RectangleDegrees">Width and height of a rectangle.</param>
public sealed record FieldOfViewSeed(double? CircleRadiusDegrees, (double Width, double Height)? RectangleDegrees);

/// <summary>An instrument that a new site starts with.</summary>
/// <param name="Name">Name, unique in the seed.</param>
/// <param name="TelescopeNickname">Nickname of its telescope.</param>
/// <param name="Type"><c>imager</c>, <c>spectrograph</c> or <c>imaging spectrograph</c>.</param>
/// <param name="Band">Range of wavelengths in words.</param>
/// <param name="Filters">Names of bandpasses.</param>
/// <param name="ApiClassname">Interface through which targets are sent; null when there is none.</param>
/// <param name="ApiClassnameObsplan">Interface through which observation plans are sent; null when there is none.</param>
/// <param name="ListenerClassname">Interface through which the facility reports back; null when there is none.</param>
/// <param name="FieldOfView">Field of view; null when not known.</param>
/// <param name="TreasureMapId">Number in the Treasure Map; null when it has none.</param>
public sealed record InstrumentSeed(
    string Name,
    string TelescopeNickname,
    string Type,
    string Band,
    IReadOnlyList<string> Filters,
    string? ApiClassname,
    string? ApiClassnameObsplan,
    string? ListenerClassname,
    FieldOfViewSeed? FieldOfView,
    int? TreasureMapId);

/// <summary>The telescopes and instruments that a new site starts with: <c>telescopes.yaml</c> and <c>instruments.yaml</c>.</summary>
/// <param name="Telescopes">In the order of the file.</param>
/// <param name="Instruments">In the order of the file; each names a telescope of the seed.</param>
public sealed record FacilitySeed(IReadOnlyList<TelescopeSeed> Telescopes, IReadOnlyList<InstrumentSeed> Instruments)
{
    private static readonly string[] InstrumentTypes = ["imager", "spectrograph", "imaging spectrograph"];

    /// <summary>Reads and checks both files.</summary>
    /// <param name="dataFolder">Path of the product's data folder.</param>
    /// <exception cref="FormatException">A file is not valid; the message names the file and the entry.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public static FacilitySeed Read(string dataFolder)
    {
        var telescopes = Entries(dataFolder, "telescopes.yaml", "telescopes", Telescope);
        var nicknames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var telescope in telescopes.Where(t => !nicknames.Add(t.Nickname)))
        {
            throw new FormatException($"telescopes.yaml: two telescopes have the nickname '{telescope.Nickname}'");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var instruments = Entries(dataFolder, "instruments.yaml", "instruments", e => Instrument(e, nicknames));
        foreach (var instrument in instruments.Where(i => !names.Add(i.Name)))
        {
            throw new FormatException($"instruments.yaml: two instruments have the name '{instrument.Name}'");
        }

        return new FacilitySeed(telescopes, instruments);
    }

    private static List<T> Entries<T>(string dataFolder, string file, string key, Func<JsonElement, T> read)
    {
        var top = SafeYaml.Parse(File.ReadAllText(Path.Combine(dataFolder, file))) as JsonObject;
        if (top?[key] is not JsonArray list)
        {
            throw new FormatException($"{file}: the list '{key}' is missing");
        }

        var entries = new List<T>(list.Count);
        foreach (var item in JsonSerializer.SerializeToElement(list).EnumerateArray())
        {
            try
            {
                entries.Add(read(item));
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new FormatException($"{file}: {key}[{entries.Count}]: {e.Message}", e);
            }
        }

        return entries;
    }

    private static TelescopeSeed Telescope(JsonElement entry)
    {
        SiteSeed? site = null;
        if (entry.TryGetProperty("site", out var given))
        {
            site = new SiteSeed(Number(given, "lat", -90, 90), Number(given, "lon", -180, 180), Number(given, "elevation", -500, 9000));
        }

        if (entry.GetProperty("fixed_location").GetBoolean() != site is not null)
        {
            throw new FormatException("fixed_location: true needs a site, false must have none");
        }

        return new TelescopeSeed(
            Text(entry, "nickname"),
            Text(entry, "name"),
            site,
            Number(entry, "diameter", 0.01, 100),
            entry.GetProperty("robotic").GetBoolean());
    }

    private static InstrumentSeed Instrument(JsonElement entry, HashSet<string> nicknames)
    {
        var telescope = Text(entry, "telescope");
        if (!nicknames.Contains(telescope))
        {
            throw new FormatException($"telescope: no telescope has the nickname '{telescope}'");
        }

        var type = Text(entry, "type");
        if (!InstrumentTypes.Contains(type))
        {
            throw new FormatException($"type: '{type}' is not one of {string.Join(", ", InstrumentTypes)}");
        }

        string[] filters = entry.TryGetProperty("filters", out var given) ? [.. given.EnumerateArray().Select(f => f.GetString()!)] : [];
        if (Array.Find(filters, f => Bandpasses.Find(f) is null) is { } unknown)
        {
            throw new FormatException($"filters: '{unknown}' is not a bandpass");
        }

        return new InstrumentSeed(
            Text(entry, "name"),
            telescope,
            type,
            Text(entry, "band"),
            filters,
            OptionalText(entry, "api"),
            OptionalText(entry, "api_obsplan"),
            OptionalText(entry, "listener"),
            entry.TryGetProperty("region", out var region) ? FieldOfView(region) : null,
            entry.TryGetProperty("treasuremap_id", out var id) ? id.GetInt32() : null);
    }

    private static FieldOfViewSeed FieldOfView(JsonElement region)
    {
        if (region.TryGetProperty("circle", out var radius))
        {
            return new FieldOfViewSeed(radius.EnumerateArray().Single().GetDouble(), null);
        }

        double[] sides = [.. region.GetProperty("rectangle").EnumerateArray().Select(s => s.GetDouble())];
        return sides.Length == 2
            ? new FieldOfViewSeed(null, (sides[0], sides[1]))
            : throw new FormatException("region: a rectangle has a width and a height");
    }

    private static string Text(JsonElement entry, string key) =>
        OptionalText(entry, key) ?? throw new FormatException($"{key}: required");

    private static string? OptionalText(JsonElement entry, string key) =>
        entry.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static double Number(JsonElement entry, string key, double minimum, double maximum)
    {
        var number = entry.TryGetProperty(key, out var value) ? value.GetDouble() : throw new FormatException($"{key}: required");
        return number >= minimum && number <= maximum
            ? number
            : throw new FormatException($"{key}: {number} is not between {minimum} and {maximum}");
    }
}
