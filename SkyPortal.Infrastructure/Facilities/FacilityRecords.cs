using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Facilities;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>A telescope as it is answered: degrees north and east, metres.</summary>
public record TelescopeRecord(
    int Id, string Name, string Nickname, double? Lat, double? Lon, double? Elevation, double? Diameter, string? MpcObscode,
    string? SkycamLink, string? WeatherLink, bool Robotic, bool FixedLocation, DateTime CreatedAt, DateTime Modified)
{
    internal static Expression<Func<Telescope, TelescopeRecord>> Of { get; } = row => new TelescopeRecord(
        row.Id, row.Name, row.Nickname, row.Lat, row.Lon, row.Elevation, row.Diameter, row.MpcObscode,
        row.SkycamLink, row.WeatherLink, row.Robotic, row.FixedLocation, row.CreatedAt, row.Modified);
}

/// <summary>A telescope with its instruments.</summary>
public sealed record TelescopeDetail : TelescopeRecord
{
    /// <summary>Adds instruments.</summary>
    public TelescopeDetail(TelescopeRecord row, IReadOnlyList<InstrumentRecord> instruments)
        : base(row) => Instruments = instruments;

    /// <summary>Instruments by key.</summary>
    public IReadOnlyList<InstrumentRecord> Instruments { get; }
}

/// <summary>An instrument as it is answered.</summary>
public record InstrumentRecord(
    int Id, string Name, string Type, string? Band, int TelescopeId, string[] Filters, JsonElement? SensitivityData, JsonElement? ConfigurationData,
    string? ApiClassname, string? ApiClassnameObsplan, string? ListenerClassname, int? TreasuremapId, int? TnsId, string? AcrossId,
    bool HasFields, bool HasRegion, [property: JsonIgnore] string? StoredRegion, DateTime CreatedAt, DateTime Modified)
{
    /// <summary>When the facility last reported its state; no facility reports to this site, so never.</summary>
    public DateTime? LastStatusUpdate => null;

    internal static Expression<Func<Instrument, InstrumentRecord>> Of { get; } = row => new InstrumentRecord(
        row.Id, row.Name, row.Type, row.Band, row.TelescopeId, row.Filters, row.SensitivityData, row.ConfigurationData,
        row.ApiClassname, row.ApiClassnameObsplan, row.ListenerClassname, row.TreasuremapId, row.TnsId, row.AcrossId,
        row.HasFields, row.Region != null, row.Region, row.CreatedAt, row.Modified);
}

/// <summary>An instrument in a list.</summary>
public sealed record InstrumentListed : InstrumentRecord
{
    /// <summary>Adds what lists tell.</summary>
    public InstrumentListed(InstrumentRecord row, TelescopeRecord telescope, int numberOfFields)
        : base(row)
    {
        Telescope = telescope;
        NumberOfFields = numberOfFields;
    }

    /// <summary>Its telescope.</summary>
    public TelescopeRecord Telescope { get; }

    /// <summary>Number of pointings of its grid.</summary>
    public int NumberOfFields { get; }

    /// <summary>Field of view as a DS9 region.</summary>
    public string? Region => StoredRegion;

    /// <summary>Field of view in words; empty where it is not known.</summary>
    public string RegionSummary => FieldOfView.Summary(StoredRegion);

    /// <summary>Whether logs of its work are kept.</summary>
    public bool LogExists => false;
}

/// <summary>One instrument.</summary>
public sealed record InstrumentDetail : InstrumentRecord
{
    /// <summary>Adds what is told of one.</summary>
    public InstrumentDetail(InstrumentRecord row)
        : base(row)
    {
    }

    /// <summary>State as the facility last reported it; null where it never did.</summary>
    public JsonElement? Status => null;

    /// <summary>Field of view as a DS9 region.</summary>
    public string? Region => StoredRegion;

    /// <summary>Whether logs of its work are kept.</summary>
    public bool LogExists => false;
}
