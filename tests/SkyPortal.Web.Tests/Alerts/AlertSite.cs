using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Arranges what the ingest needs on a test node, and looks at what it did.</summary>
internal sealed class AlertSite(TestNode node)
{
    public TestNode Node => node;

    /// <summary>Makes the surveys' instruments where they are missing.</summary>
    public async Task AddInstrumentsAsync()
    {
        await using var db = node.Contexts.For(Viewer.System);
        var known = await db.Set<Instrument>().Select(row => row.Name).ToListAsync();
        var missing = new[] { "ZTF", "LSST", "WINTER", "DECam" }.Except(known).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var telescope = new Telescope { Name = $"T {Guid.NewGuid():N}", Nickname = "T" };
        db.Add(telescope);
        await db.SaveChangesAsync();
        db.AddRange(missing.Select(name => new Instrument { Name = name, Type = "imager", TelescopeId = telescope.Id }));
        await db.SaveChangesAsync();
    }

    /// <summary>A group that uses some streams, and a member of it with these streams.</summary>
    public async Task<(int GroupId, TestClient Member)> GroupAsync(string name, params string[] streams)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var group = new Group { Name = name };
        db.Add(group);
        await db.SaveChangesAsync();
        foreach (var stream in streams)
        {
            db.Add(new GroupStream { GroupId = group.Id, StreamId = await StreamIdAsync(stream) });
        }

        await db.SaveChangesAsync();
        return (group.Id, await node.ClientAsync($"{name}-member", Role.FullUser, (group.Id, true)));
    }

    public async Task<int> StreamIdAsync(string name)
    {
        await using var db = node.Contexts.For(Viewer.System);
        return await db.Set<AlertStream>().Where(stream => stream.Name == name).Select(stream => stream.Id).SingleAsync();
    }

    public async Task<int> FilterAsync(TestClient member, int groupId, string stream, string expression, bool autosave = false, object? annotations = null)
    {
        var data = await member.PostAsync("/api/filters", new
        {
            name = $"f{Guid.NewGuid():N}"[..8],
            stream_id = await StreamIdAsync(stream),
            group_id = groupId,
            expression,
            autosave,
            annotations,
        });
        return data.GetProperty("id").GetInt32();
    }

    public Task<List<IngestOutcome>> IngestAsync(string stream, params AlertPacket[] packets) => IngestAsync(stream, null, packets);

    public async Task<List<IngestOutcome>> IngestAsync(string stream, IAvroSchemaRegistry? schemas, params AlertPacket[] packets)
    {
        var outcomes = new List<IngestOutcome>();
        await foreach (var outcome in node.Services.GetRequiredService<IngestAlerts>().HandleAsync(stream, packets.ToAsyncEnumerable(), schemas, CancellationToken.None))
        {
            outcomes.Add(outcome);
        }

        return outcomes;
    }

    /// <summary>The same alert again in a night that no clock has reached, as if a wrong clock had let it in.</summary>
    public async Task AddFutureAsync(long alertId)
    {
        await node.Services.GetRequiredService<AlertPartitions>().EnsureAsync([new DateOnly(2099, 1, 1)], CancellationToken.None);
        await QueryAsync<long>("insert into alerts select (jsonb_populate_record(a, '{\"night\": \"2099-01-01\"}')).* from alerts a where alert_id = $1 returning alert_id", alertId);
    }

    /// <summary>Takes away what the other added.</summary>
    public Task<List<long>> RemoveFutureAsync() => QueryAsync<long>("delete from alerts where night = '2099-01-01' returning alert_id");

    /// <summary>First column of a query.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, params object[] parameters)
    {
        await using var command = node.Contexts.DataSource.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        var values = new List<T>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            values.Add(await reader.GetFieldValueAsync<T>(0));
        }

        return values;
    }

    /// <summary>Numbers of rows of every table that the ingest writes to.</summary>
    public async Task<string> CountsAsync() => (await QueryAsync<string>(
        """
        select concat_ws(' ', (select count(*) from alerts), (select count(*) from objs), (select count(*) from photometry), (select count(*) from candidates),
            (select count(*) from annotations), (select count(*) from thumbnails), (select count(*) from sources), (select count(*) from outbox_events))
        """))[0];
}
