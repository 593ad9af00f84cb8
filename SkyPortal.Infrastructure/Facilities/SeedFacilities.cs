using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Gives a site without telescopes those that come with the product, and their instruments.</summary>
public sealed class SeedFacilities(Contexts contexts)
{
    /// <summary>Seeds; does nothing where there is a telescope.</summary>
    /// <param name="dataFolder">Folder with telescopes.yaml and instruments.yaml.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task HandleAsync(string dataFolder, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        if (await db.Set<Telescope>().AnyAsync(ct))
        {
            return;
        }

        var seed = FacilitySeed.Read(dataFolder);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var telescopes = seed.Telescopes.ToDictionary(row => row.Nickname, Telescope, StringComparer.Ordinal);
        db.AddRange(telescopes.Values);
        await db.SaveChangesAsync(ct);
        db.AddRange(seed.Instruments.Select(row => Instrument(row, telescopes[row.TelescopeNickname].Id)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static Telescope Telescope(TelescopeSeed seed) => new()
    {
        Name = seed.Name,
        Nickname = seed.Nickname,
        Lat = seed.Site?.LatitudeDegrees,
        Lon = seed.Site?.LongitudeDegrees,
        Elevation = seed.Site?.ElevationMetres,
        Diameter = seed.DiameterMetres,
        Robotic = seed.Robotic,
        FixedLocation = seed.HasFixedLocation,
    };

    private static Instrument Instrument(InstrumentSeed seed, int telescopeId) => new()
    {
        Name = seed.Name,
        Type = seed.Type,
        Band = seed.Band,
        TelescopeId = telescopeId,
        Filters = [.. seed.Filters],
        ApiClassname = seed.ApiClassname,
        ApiClassnameObsplan = seed.ApiClassnameObsplan,
        ListenerClassname = seed.ListenerClassname,
        TreasuremapId = seed.TreasureMapId,
        Region = seed.FieldOfView switch
        {
            { CircleRadiusDegrees: { } radius } => FieldOfView.Circle(radius),
            { RectangleDegrees: { } sides } => FieldOfView.Rectangle(sides.Width, sides.Height),
            _ => null,
        },
    };
}
