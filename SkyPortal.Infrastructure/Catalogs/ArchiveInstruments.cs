using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Finds the instruments that archives' measurements come from, and adds what the site lacks of them.</summary>
public sealed class ArchiveInstruments(Contexts contexts)
{
    private const long LockKey = 0x5350_4152_4348; // Any number that nothing else locks by.

    /// <summary>Key of the instrument; it and its telescope are added where the site has none.</summary>
    public async Task<int> FindOrAddAsync(ArchiveInstrument wanted, CancellationToken ct)
    {
        // What an archive gives decides about the instrument, not the rights of the person who asked.
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", ct);
        var telescope = await db.Set<Telescope>().Where(row => row.Nickname == wanted.TelescopeNickname || row.Name == wanted.TelescopeName)
            .OrderByDescending(row => row.Nickname == wanted.TelescopeNickname).FirstOrDefaultAsync(ct);
        if (telescope is null)
        {
            telescope = new Telescope { Name = wanted.TelescopeName, Nickname = wanted.TelescopeNickname, FixedLocation = wanted.HasFixedLocation, Robotic = true };
            db.Add(telescope);
            await db.SaveChangesAsync(ct);
        }

        var instrument = await db.Set<Instrument>().Where(row => row.Name == wanted.Name).OrderByDescending(row => row.TelescopeId == telescope.Id).ThenBy(row => row.Id).FirstOrDefaultAsync(ct);
        if (instrument is null)
        {
            instrument = new Instrument { Name = wanted.Name, Type = "imager", Band = wanted.Band, TelescopeId = telescope.Id, Filters = [.. wanted.Filters] };
            db.Add(instrument);
        }
        else if (wanted.Filters.Except(instrument.Filters).Any())
        {
            instrument.Filters = [.. instrument.Filters, .. wanted.Filters.Except(instrument.Filters)];
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return instrument.Id;
    }
}
