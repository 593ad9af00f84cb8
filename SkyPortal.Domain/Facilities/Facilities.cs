using System.Text.Json;

namespace SkyPortal.Domain.Facilities;

/// <summary>A telescope on the ground or in space.</summary>
public sealed class Telescope : DirectoryRow
{
    public required string Name { get; set; }
    public required string Nickname { get; set; }

    /// <summary>Geodetic latitude, degrees north.</summary>
    public double? Lat { get; set; }

    /// <summary>Longitude, degrees east.</summary>
    public double? Lon { get; set; }

    /// <summary>Metres.</summary>
    public double? Elevation { get; set; }

    /// <summary>Metres.</summary>
    public double? Diameter { get; set; }

    public string? MpcObscode { get; set; }
    public string? SkycamLink { get; set; }
    public string? WeatherLink { get; set; }
    public bool Robotic { get; set; }
    public bool FixedLocation { get; set; } = true;
}

/// <summary>An instrument at a telescope.</summary>
public sealed class Instrument : DirectoryRow
{
    public required string Name { get; set; }

    /// <summary>imager, spectrograph or imaging spectrograph.</summary>
    public required string Type { get; set; }

    public string? Band { get; set; }
    public int TelescopeId { get; set; }
    public string[] Filters { get; set; } = [];
    public JsonElement? SensitivityData { get; set; }
    public JsonElement? ConfigurationData { get; set; }
    public string? ApiClassname { get; set; }
    public string? ApiClassnameObsplan { get; set; }
    public string? ListenerClassname { get; set; }
    public int? TreasuremapId { get; set; }
    public int? TnsId { get; set; }
    public string? AcrossId { get; set; }

    /// <summary>Field of view, centred at (0, 0) ICRS, as a DS9 region in degrees.</summary>
    public string? Region { get; set; }

    public bool HasFields { get; set; }
}

/// <summary>A pointing of an instrument's grid.</summary>
public sealed class InstrumentField : DataRow
{
    public int InstrumentId { get; set; }

    /// <summary>Number of the field, unique within the instrument.</summary>
    public int FieldId { get; set; }

    /// <summary>ICRS right ascension of the centre, degrees.</summary>
    public double Ra { get; set; }

    /// <summary>ICRS declination of the centre, degrees.</summary>
    public double Dec { get; set; }
}
