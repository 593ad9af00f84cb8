using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using SkyPortal.Web.Tests.Sources;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>A broker as the tests set it up.</summary>
/// <param name="Name">Its name, by which tests know it.</param>
/// <param name="Classname">Its class.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="ObjectId">An object that it knows.</param>
/// <param name="Services">Names of the simulated services behind it; the first is asked first.</param>
/// <param name="Secrets">Texts that must not appear anywhere.</param>
public sealed record BrokerCase(string Name, string Classname, object Settings, string ObjectId, string[] Services, params string[] Secrets)
{
    private static readonly string[] Hidden = [SimulatedAccountBrokers.Token, SimulatedAccountBrokers.Password, SimulatedAccountBrokers.Password.Replace("\"", "\\\"", StringComparison.Ordinal), SimulatedAccountBrokers.RenewedToken];

    /// <summary>Every broker, by name.</summary>
    public static IReadOnlyDictionary<string, BrokerCase> All { get; } = new BrokerCase[]
    {
        new("Night ALeRCE", "ALERCEBROKER", new { survey = "ZTF" }, SimulatedBrokers.ZtfName, ["Alerce", "AlerceStamps"]),
        new("Night ALeRCE LSST", "ALERCEBROKER", new { survey = "LSST" }, SimulatedBrokers.LsstName, ["AlerceLsst"]),
        new("Night Fink", "FINKBROKER", new { survey = "ZTF" }, SimulatedBrokers.ZtfName, ["Fink"]),
        new("Night Fink LSST", "FINKBROKER", new { survey = "LSST" }, SimulatedBrokers.LsstName, ["FinkLsst"]),
        new("Night ANTARES", "ANTARESBROKER", new { }, SimulatedBrokers.ZtfName, ["Antares", "AntaresPictures"]),
        new("Night BOOM", "BOOMBROKER", new { host = "boom.example.org", username = SimulatedAccountBrokers.User, password = SimulatedAccountBrokers.Password, survey = "ZTF" }, SimulatedBrokers.ZtfName, ["Boom"], Hidden),
        new("Night Babamul", "BABAMULBROKER", new { token = SimulatedAccountBrokers.Token, survey = "ZTF" }, SimulatedBrokers.ZtfName, ["Babamul"], Hidden),
        new("Night Kowalski", "KOWALSKIBROKER", new { username = SimulatedAccountBrokers.User, password = SimulatedAccountBrokers.Password }, SimulatedBrokers.ZtfName, ["Kowalski"], Hidden),
        new("Night Lasair", "LASAIRBROKER", new { endpoint = "https://lasair-ztf.lsst.ac.uk/api", token = SimulatedAccountBrokers.Token, survey = "ZTF" }, SimulatedBrokers.ZtfName, ["LasairZtf", "LasairPictures"], Hidden),
        new("Night Lasair LSST", "LASAIRBROKER", new { endpoint = "https://api.lasair.lsst.ac.uk/api", token = SimulatedAccountBrokers.Token }, SimulatedBrokers.LsstName, ["Lasair", "LasairPictures"], Hidden),
        new("Night Pitt-Google", "PITTGOOGLEBROKER", new { project_id = SimulatedGoogle.Project, service_account_key = SimulatedGoogle.KeyFile, subscription = "night" }, SimulatedBrokers.ZtfName, ["BigQuery", "GoogleAccounts", "PubSub"], SimulatedGoogle.Token, SimulatedGoogle.PrivateLine),
        new("Night REST", "GENERICBROKER", new { base_url = "https://alerts.example.org/api", token = SimulatedAccountBrokers.Token }, SimulatedBrokers.ZtfName, ["RestBroker"], Hidden),
    }.ToDictionary(one => one.Name);
}

/// <summary>A site over simulated brokers of its own: a group with a member who has the public streams, and an outsider without group and streams.</summary>
public sealed class BrokerScene : IAsyncLifetime
{
    private readonly Dictionary<string, int> _brokers = [];
    private TestSite _site = null!;

    public TestNode Node => _site.Node;

    public OutsideSimulator Outside { get; private set; } = null!;

    internal MovableClock Clock { get; } = new();

    public TestClient Admin { get; private set; } = null!;

    public int Group { get; private set; }

    public TestClient Member { get; private set; } = null!;

    public TestClient Outsider { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Outside = await OutsideSimulator.StartAsync();
        _site = await TestSite.StartAsync(builder =>
        {
            foreach (var (name, value) in new[]
            {
                ("Address", Outside.Address), ("RetryMilliseconds", "1"), ("BreakerFailures", "100000"),
            })
            {
                builder.Configuration[$"Outside:{name}"] = value;
            }

            foreach (var service in BrokerCase.All.Values.SelectMany(one => one.Services))
            {
                builder.Configuration[$"Outside:{service}:TimeoutSeconds"] = "2";
                builder.Configuration[$"Outside:{service}:Attempts"] = "2";
                builder.Configuration[$"Outside:{service}:MostReplyBytes"] = (BrokerFaults.HugeBytes - 1).ToString(CultureInfo.InvariantCulture);
            }

            builder.Services.AddSingleton<TimeProvider>(Clock);
        });
        Admin = await Node.AdminAsync();
        (Group, Member, Outsider) = await Team.MakeAsync(Node, "brokers");
        foreach (var stream in new[] { "ZTF Public", "LSST Public" })
        {
            await GrantAsync(Member, stream);
        }
    }

    /// <summary>Gives somebody a stream.</summary>
    public async Task GrantAsync(TestClient client, string stream)
    {
        var id = (await Admin.GetAsync("/api/streams")).EnumerateArray().Single(item => item.GetProperty("name").GetString() == stream).GetProperty("id").GetInt32();
        await Admin.PostAsync($"/api/streams/{id}/users", new { user_id = client.UserId });
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await Outside.DisposeAsync();
    }

    /// <summary>Key of a broker of <see cref="BrokerCase.All"/>, which is set up and active.</summary>
    public async Task<int> BrokerAsync(string name)
    {
        if (!_brokers.TryGetValue(name, out var id))
        {
            var one = BrokerCase.All[name];
            id = (await Admin.PostAsync("/api/brokers", new { name, broker_classname = one.Classname, altdata = one.Settings })).GetProperty("id").GetInt32();
            await Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true });
            _brokers.Add(name, id);
        }

        return id;
    }

    /// <summary>Saves an object of a broker to the group.</summary>
    public Task<(int Status, JsonElement Envelope)> SaveAsync(TestClient client, int broker, string objectId) =>
        client.SendAsync(HttpMethod.Post, $"/api/brokers/{broker}/alerts/{objectId}/save", new { group_ids = new[] { Group } });

    /// <summary>A filter of the group; other filters of brokers rest from now on.</summary>
    public async Task<int> FilterAsync(string name, string stream, int? broker, string? altdata, bool autosave = false)
    {
        await RunAsync("update filters set active = false where broker_id is not null");
        await using var db = Node.Contexts.For(Viewer.System);
        var filter = new Filter
        {
            Name = name,
            GroupId = Group,
            StreamId = await db.Set<AlertStream>().Where(row => row.Name == stream).Select(row => row.Id).SingleAsync(),
            BrokerId = broker,
            Altdata = altdata is null ? null : JsonDocument.Parse(altdata).RootElement.Clone(),
            Autosave = autosave,
        };
        db.Add(filter);
        await db.SaveChangesAsync();
        return filter.Id;
    }

    /// <summary>Candidates of a filter.</summary>
    public async Task<List<Candidate>> CandidatesAsync(int filter)
    {
        await using var db = Node.Contexts.For(Viewer.System);
        return await db.Set<Candidate>().AsNoTracking().Where(row => row.FilterId == filter).ToListAsync();
    }

    /// <summary>Runs a statement.</summary>
    public async Task RunAsync(string sql)
    {
        await using var command = Node.Contexts.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Removes every object, so that the next import starts from nothing.</summary>
    public Task ForgetAsync() => RunAsync("delete from photometry; delete from objs; delete from set_aside_packets");
}
