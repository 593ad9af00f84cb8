using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Values of a telescope: degrees north and east, metres.</summary>
public sealed record TelescopeValues
{
    /// <summary>Names of the values that are given, as on the wire; others stay as they are.</summary>
    public required IReadOnlySet<string> Given { get; init; }

    public string? Name { get; init; }
    public string? Nickname { get; init; }
    public double? Lat { get; init; }
    public double? Lon { get; init; }
    public double? Elevation { get; init; }
    public double? Diameter { get; init; }
    public string? SkycamLink { get; init; }
    public string? WeatherLink { get; init; }
    public bool? Robotic { get; init; }
    public bool? FixedLocation { get; init; }
}

/// <summary>Adds a telescope or changes one.</summary>
public sealed class SaveTelescope(Contexts contexts)
{
    /// <summary>Saves and answers the key.</summary>
    /// <param name="viewer">Who saves.</param>
    /// <param name="id">Telescope to change; null to add one, which needs name, nickname and diameter.</param>
    /// <param name="values">Values.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<int> HandleAsync(Viewer viewer, int? id, TelescopeValues values, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var telescope = id is null
            ? new Telescope { Name = "", Nickname = "" }
            : await db.Allowed<Telescope>(AccessMode.Update).SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw Refusal.Invalid($"Invalid telescope ID: {id}");
        Apply(telescope, values);
        Check(telescope, values);
        if (await db.Set<Telescope>().AnyAsync(row => row.Name == telescope.Name && row.Id != telescope.Id, ct))
        {
            throw Refusal.Invalid($"A telescope with the name {telescope.Name} already exists.");
        }

        if (id is null)
        {
            db.Add(telescope);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        db.Record("telescope.saved", telescope.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return telescope.Id;
    }

    private static void Apply(Telescope telescope, TelescopeValues values)
    {
        var given = values.Given;
        telescope.Name = values.Name ?? telescope.Name;
        telescope.Nickname = values.Nickname ?? telescope.Nickname;
        telescope.Lat = given.Contains("lat") ? values.Lat : telescope.Lat;
        telescope.Lon = given.Contains("lon") ? values.Lon : telescope.Lon;
        telescope.Elevation = given.Contains("elevation") ? values.Elevation : telescope.Elevation;
        telescope.Diameter = values.Diameter ?? telescope.Diameter;
        telescope.SkycamLink = given.Contains("skycam_link") ? values.SkycamLink : telescope.SkycamLink;
        telescope.WeatherLink = given.Contains("weather_link") ? values.WeatherLink : telescope.WeatherLink;
        telescope.Robotic = values.Robotic ?? telescope.Robotic;
        telescope.FixedLocation = values.FixedLocation ?? telescope.FixedLocation;
    }

    private static void Check(Telescope telescope, TelescopeValues values)
    {
        Require(telescope.Name.Length is > 0 and <= 300, "name", "Field required");
        Require(telescope.Nickname.Length is > 0 and <= 300, "nickname", "Field required");
        Require(telescope.Diameter is not null, "diameter", "Field required");
        Require(telescope.Diameter > 0, "diameter", "must be above 0");
        Require(telescope.Lat is null or (>= -90 and <= 90), "lat", "Latitude must be between -90 and 90");
        Require(telescope.Lon is null or (>= -180 and <= 180), "lon", "Longitude must be between -180 and 180");
        Require(telescope.Elevation is null or (>= 0 and < 1e9), "elevation", "Elevation must be positive");
        if (values.FixedLocation == true)
        {
            Require(
                telescope is { Lat: not null, Lon: not null, Elevation: not null },
                "fixed_location",
                "latitude, longitude and elevation are needed for a telescope with a fixed location");
        }
    }

    private static void Require(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {field}: {reason}");
        }
    }
}

/// <summary>Removes a telescope with its instruments.</summary>
public sealed class DeleteTelescope(Contexts contexts)
{
    /// <summary>Removes; refuses where photometry was taken with it.</summary>
    public async Task HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            if (await db.Allowed<Telescope>(AccessMode.Delete).Where(row => row.Id == id).ExecuteDeleteAsync(ct) == 0)
            {
                throw Refusal.Invalid($"Invalid telescope ID: {id}");
            }
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw Refusal.Invalid($"Telescope {id} cannot be deleted: data taken with its instruments are kept here.");
        }

        db.Record("telescope.deleted", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
