using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Makes the streams that a fresh site starts with. Does nothing where there is any stream.</summary>
public sealed class SeedStreams(Contexts contexts)
{
    private static readonly (string Name, string Collection, int[] Selector, bool AutoJoin)[] Streams =
    [
        ("ZTF Public", "ZTF_alerts", [1], true),
        ("ZTF Partnership", "ZTF_alerts", [1, 2], false),
        ("ZTF Caltech", "ZTF_alerts", [1, 2, 3], false),
        ("LSST Public", "LSST_alerts", [1], true),
        ("WINTER", "WINTER_alerts", [1], false),
        ("DECam", "DECam_alerts", [1], false),
    ];

    /// <summary>Seeds; administrators get all streams.</summary>
    public async Task HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        if (await db.Set<AlertStream>().AnyAsync(ct))
        {
            return;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var streams = Streams.Select(stream => new AlertStream
        {
            Name = stream.Name,
            Altdata = JsonSerializer.SerializeToElement(new { collection = stream.Collection, selector = stream.Selector }),
            AutoJoin = stream.AutoJoin,
        }).ToList();
        db.AddRange(streams);
        await db.SaveChangesAsync(ct);
        var admins = await db.Set<User>().Where(user => user.Roles.Contains(Role.SuperAdmin)).Select(user => user.Id).ToListAsync(ct);
        db.AddRange(admins.SelectMany(admin => streams.Select(stream => new StreamUser { UserId = admin, StreamId = stream.Id })));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
