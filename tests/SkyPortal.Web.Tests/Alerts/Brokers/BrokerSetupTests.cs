using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts.Brokers;

/// <summary>How brokers are set up: by administrators, with secrets that never come out again.</summary>
public sealed class BrokerSetupTests(BrokerScene scene) : IClassFixture<BrokerScene>
{
    [Fact]
    public async Task Write_ByOthersThanAdministrators_IsRefused()
    {
        var id = await scene.BrokerAsync("Night Fink");
        foreach (var (method, path, body) in new (HttpMethod, string, object)[]
        {
            (HttpMethod.Post, "/api/brokers", new { name = "Mine", broker_classname = "ALERCEBROKER" }), (HttpMethod.Patch, $"/api/brokers/{id}", new { active = false }),
            (HttpMethod.Delete, $"/api/brokers/{id}", new { }), (HttpMethod.Post, $"/api/brokers/{id}/test", new { }),
        })
        {
            Assert.Equal(401, (await scene.Member.SendAsync(method, path, body)).Status);
        }

        Assert.Equal(JsonValueKind.Undefined, (await scene.Member.GetAsync($"/api/brokers/{id}")).TryGetProperty("altdata", out var altdata) ? altdata.ValueKind : JsonValueKind.Undefined);
        using var nobody = new HttpClient { BaseAddress = new Uri(scene.Node.Address) };
        Assert.Equal(401, (int)(await nobody.GetAsync(new Uri("/api/brokers", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Secrets_OfABroker_AreSealedAndNeverShown()
    {
        const string secret = "fink-livestream-password-17";
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Secretive", broker_classname = "FINKBROKER", altdata = new { fink = new { servers = "kafka:9092", username = "u", password = secret, topics = new[] { "a" } } } })).GetProperty("id").GetInt32();

        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { altdata = new { fink = new { topics = new[] { "b" }, username = "u", password = "", servers = (string?)null } } });
        var shown = (await scene.Admin.GetAsync($"/api/brokers/{id}")).GetProperty("altdata");
        var list = await scene.Admin.SendAsync(HttpMethod.Get, "/api/brokers");
        await using var db = scene.Node.Contexts.For(Viewer.System);
        var kept = await db.Set<Broker>().AsNoTracking().SingleAsync(broker => broker.Id == id);

        Assert.Equal("""{"fink":{"servers":"kafka:9092","username":"u","topics":["b"]}}""", JsonSerializer.Serialize(shown));
        Assert.DoesNotContain(secret, list.Envelope.ToString() + kept.SealedAltdata, StringComparison.Ordinal);
        Assert.Contains(secret, ((Infrastructure.Alerts.Brokers.BrokerClasses)scene.Node.Services.GetService(typeof(Infrastructure.Alerts.Brokers.BrokerClasses))!).Open(kept)!.Altdata.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BOOMBROKER", """{"host":"boom.example.org","username":"u","password":"kept-secret-17"}""", """{"host":"elsewhere.example.org"}""", "password", "host")]
    [InlineData("BOOMBROKER", """{"host":"boom.example.org","username":"u","password":"kept-secret-17"}""", """{"protocol":"http","password":" "}""", "password", "protocol")]
    [InlineData("BOOMBROKER", """{"host":"boom.example.org","username":"u","password":"kept-secret-17"}""", """{"port":8443}""", "password", "port")]
    [InlineData("KOWALSKIBROKER", """{"username":"u","password":"kept-secret-17"}""", """{"base_url":"https://elsewhere.example.org/"}""", "password", "base_url")]
    [InlineData("KOWALSKIBROKER", """{"username":"u","password":"kept-secret-17"}""", """{"username":"v"}""", "password", "username")]
    [InlineData("BABAMULBROKER", """{"token":"kept-secret-17"}""", """{"base_url":"https://elsewhere.example.org/","password":"new"}""", "token", "base_url")]
    [InlineData("LASAIRBROKER", """{"endpoint":"https://api.lasair.lsst.ac.uk/api","token":"kept-secret-17"}""", """{"endpoint":"https://elsewhere.example.org/api"}""", "token", "endpoint")]
    [InlineData("GENERICBROKER", """{"base_url":"https://alerts.example.org/api","token":"kept-secret-17"}""", """{"base_url":"https://elsewhere.example.org/api"}""", "token", "base_url")]
    [InlineData("FINKBROKER", """{"fink":{"servers":"other:9092","username":"w","password":"kept-secret-17","topics":["a"]}}""", """{"fink":{"servers":"elsewhere:9092"}}""", "fink.password", "fink.servers")]
    public async Task Address_ChangedWithoutTheSecret_IsRefusedAndNothingIsSent(string classname, string settings, string changes, string secret, string moved)
    {
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = $"Moved {Guid.NewGuid():N}", broker_classname = classname, altdata = JsonSerializer.Deserialize<JsonElement>(settings) })).GetProperty("id").GetInt32();
        var (before, asked, altdata) = (await scene.Admin.GetAsync($"/api/brokers/{id}"), scene.Outside.Requests.Count, JsonSerializer.Deserialize<JsonElement>(changes));

        var tested = await scene.Admin.SendAsync(HttpMethod.Post, $"/api/brokers/{id}/test", new { altdata });
        var changed = await scene.Admin.SendAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { altdata });

        Assert.All([tested, changed], answer => Assert.Equal(
            (400, $"Invalid broker configuration: {secret}: enter it again, because {moved} changed."), (answer.Status, answer.Envelope.GetProperty("message").GetString())));
        Assert.Equal(asked, scene.Outside.Requests.Count);
        Assert.Equal(before.GetProperty("altdata").ToString(), (await scene.Admin.GetAsync($"/api/brokers/{id}")).GetProperty("altdata").ToString());
    }

    [Fact]
    public async Task Address_SameOrWithTheSecret_IsTaken()
    {
        var altdata = new { host = "boom.example.org", username = "u", password = "kept-secret-17" };
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Staying", broker_classname = "BOOMBROKER", altdata })).GetProperty("id").GetInt32();

        // What counts where nothing is given is no other address.
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { altdata = new { host = "boom.example.org", port = "443", protocol = "https", survey = "ZTF" } });
        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { altdata = new { host = "other.example.org", password = "another-secret" } });

        Assert.Equal("other.example.org", (await scene.Admin.GetAsync($"/api/brokers/{id}")).GetProperty("altdata").GetProperty("host").GetString());
    }

    [Theory]
    [InlineData("""{"broker_classname":"ALERCEBROKER"}""", "name")]
    [InlineData("""{"name":"X","broker_classname":"NOBROKER"}""", "broker_classname")]
    [InlineData("""{"name":"X","broker_classname":"ALERCEBROKER","altdata":{"survey":"DES"}}""", "Invalid broker configuration: survey must be one of ZTF, LSST.")]
    [InlineData("""{"name":"X","broker_classname":"ALERCEBROKER","default_crossmatch":true}""", "cross_match_catalogs")]
    public async Task Create_WhatCannotBe_IsRefusedByName(string body, string named)
    {
        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Post, "/api/brokers", body);

        Assert.Equal(400, status);
        Assert.Contains(named, envelope.GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TakenName_IsRefused()
    {
        await scene.Admin.PostAsync("/api/brokers", new { name = "Twice", broker_classname = "ALERCEBROKER" });

        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Post, "/api/brokers", new { name = "Twice", broker_classname = "FINKBROKER" });

        Assert.Equal((400, "A broker named Twice already exists."), (status, envelope.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Default_GivenToAnother_IsTakenFromTheFirst()
    {
        var first = (await scene.Admin.PostAsync("/api/brokers", new { name = "First", broker_classname = "ALERCEBROKER", default_alert_search = true })).GetProperty("id").GetInt32();
        var second = (await scene.Admin.PostAsync("/api/brokers", new { name = "Second", broker_classname = "FINKBROKER" })).GetProperty("id").GetInt32();

        await scene.Admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{second}", new { default_alert_search = true });

        Assert.False((await scene.Member.GetAsync($"/api/brokers/{first}")).GetProperty("default_alert_search").GetBoolean());
        Assert.True((await scene.Member.GetAsync($"/api/brokers/{second}")).GetProperty("default_alert_search").GetBoolean());
    }

    [Fact]
    public async Task Ask_InactiveMissingOrUnable_IsRefusedWithTheReason()
    {
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Asleep", broker_classname = "ALERCEBROKER", active = false })).GetProperty("id").GetInt32();

        Assert.Equal("Broker Asleep is not active", (await scene.Member.SendAsync(HttpMethod.Get, $"/api/brokers/{id}/alerts?objectId=ZTF20aaaaaaa")).Envelope.GetProperty("message").GetString());
        Assert.Equal("No broker with id 999999", (await scene.Member.SendAsync(HttpMethod.Get, "/api/brokers/999999")).Envelope.GetProperty("message").GetString());
        Assert.Equal("Missing required parameters: ra, dec, radius.", (await scene.Member.SendAsync(HttpMethod.Get, $"/api/brokers/{id}/cone_search?ra=1")).Envelope.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Classes_AreDescribedWithFormsAndCapabilities()
    {
        var classes = await scene.Member.GetAsync("/api/internal/broker_apis");

        var alerce = classes.GetProperty("ALERCEBROKER");
        Assert.Equal(("none", true, true, false), (
            alerce.GetProperty("filterKind").GetString(), alerce.GetProperty("methodsImplemented").GetProperty("query_alerts").GetBoolean(),
            alerce.GetProperty("methodsImplemented").GetProperty("save_as_source").GetBoolean(), alerce.GetProperty("methodsImplemented").GetProperty("cross_match_catalogs").GetBoolean()));
        Assert.Equal("password", classes.GetProperty("FINKBROKER").GetProperty("uiSchema").GetProperty("fink").GetProperty("password").GetProperty("ui:widget").GetString());
        Assert.Equal("string", alerce.GetProperty("formSchemaConfig").GetProperty("properties").GetProperty("survey").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("BOOMBROKER", """{"host":"boom.example.org","username":"night-owl","password":"wrong-password"}""")]
    [InlineData("KOWALSKIBROKER", """{"username":"night-owl","password":"wrong-password"}""")]
    [InlineData("BABAMULBROKER", """{"token":"wrong-password"}""")]
    [InlineData("LASAIRBROKER", """{"endpoint":"https://api.lasair.lsst.ac.uk/api","token":"wrong-password"}""")]
    public async Task Activate_WrongCredentials_IsRefusedAndNothingIsChanged(string classname, string altdata)
    {
        var name = $"Locked {classname}";
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name, broker_classname = classname, altdata = JsonSerializer.Deserialize<JsonElement>(altdata) })).GetProperty("id").GetInt32();
        Assert.False((await scene.Member.GetAsync($"/api/brokers/{id}")).GetProperty("active").GetBoolean());

        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true, name = "Renamed" });

        var message = envelope.GetProperty("message").GetString()!;
        Assert.Equal(400, status);
        Assert.StartsWith("Wrong Renamed credentials, it cannot be activated: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", message, StringComparison.Ordinal);
        var kept = await scene.Member.GetAsync($"/api/brokers/{id}");
        Assert.Equal((name, false), (kept.GetProperty("name").GetString(), kept.GetProperty("active").GetBoolean()));
    }

    [Theory]
    [InlineData("LASAIRBROKER", """{"endpoint":"https://api.lasair.lsst.ac.uk/api","token":"some-token"}""", "Lasair", BrokerFault.Down, "Lasair answered 503 ServiceUnavailable")]
    [InlineData("LASAIRBROKER", """{"endpoint":"https://api.lasair.lsst.ac.uk/api","token":"some-token"}""", "Lasair", BrokerFault.WebPage, "Lasair answered what cannot be read")]
    [InlineData("BOOMBROKER", """{"host":"boom.example.org","username":"night-owl","password":"wrong-password"}""", "Boom", BrokerFault.Down, "BOOM answered 503 ServiceUnavailable")]
    [InlineData("BOOMBROKER", """{"host":"boom.example.org","username":"night-owl","password":"wrong-password"}""", "Boom", BrokerFault.Reset, "BOOM cannot be reached: ")]
    public async Task Activate_ServerThatFails_IsRefusedWithTheCauseAndNotAsWrongCredentials(string classname, string altdata, string service, BrokerFault fault, string cause)
    {
        var name = $"Down {Guid.NewGuid():N}";
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name, broker_classname = classname, altdata = JsonSerializer.Deserialize<JsonElement>(altdata) })).GetProperty("id").GetInt32();
        scene.Outside.Break(service, fault);

        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true });
        scene.Outside.Mend(service);

        Assert.Equal(400, status);
        Assert.StartsWith($"{name} cannot be activated: {cause}", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False((await scene.Member.GetAsync($"/api/brokers/{id}")).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task Activate_KeyThatGoogleRefuses_IsToldAsWrongCredentials()
    {
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Forged", broker_classname = "PITTGOOGLEBROKER", altdata = new { project_id = SimulatedGoogle.Project, service_account_key = SimulatedGoogle.KeyFile } })).GetProperty("id").GetInt32();
        scene.Outside.On("GoogleAccounts", (_, _) => Task.FromResult(SimulatedReply.Fault(400, """{"error":"invalid_grant"}""")));

        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Patch, $"/api/brokers/{id}", new { active = true });
        scene.Outside.Mend("GoogleAccounts");

        Assert.Equal(400, status);
        Assert.StartsWith("Wrong Forged credentials, it cannot be activated: ", envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GENERICBROKER", """{"base_url":"alerts.example.org"}""", "base_url must be an address that begins with http:// or https://.")]
    [InlineData("GENERICBROKER", """{"base_url":"ftp://alerts.example.org"}""", "base_url must be an address that begins with http:// or https://.")]
    [InlineData("BOOMBROKER", """{"host":"https://boom.example.org"}""", "host must be the name of a host alone, such as broker.example.org.")]
    [InlineData("BOOMBROKER", """{"host":"boom.example.org","port":65536}""", "port must be at most 65535.")]
    [InlineData("BOOMBROKER", """{"host":" "}""", "host is required.")]
    public async Task Address_ThatIsNone_IsRefusedByName(string classname, string altdata, string fault)
    {
        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Post, "/api/brokers", new { name = "Nowhere", broker_classname = classname, altdata = JsonSerializer.Deserialize<JsonElement>(altdata) });

        Assert.Equal((400, $"Invalid broker configuration: {fault}"), (status, envelope.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task Delete_Broker_IsGone()
    {
        var id = (await scene.Admin.PostAsync("/api/brokers", new { name = "Gone", broker_classname = "ALERCEBROKER" })).GetProperty("id").GetInt32();

        await scene.Admin.DataAsync(HttpMethod.Delete, $"/api/brokers/{id}");

        Assert.Equal(400, (await scene.Member.SendAsync(HttpMethod.Get, $"/api/brokers/{id}")).Status);
    }

    [Fact]
    public async Task Test_BrokenServer_TellsTheCause()
    {
        var id = await scene.BrokerAsync("Night Fink LSST");
        scene.Outside.Break("FinkLsst", BrokerFault.Down);

        var (status, envelope) = await scene.Admin.SendAsync(HttpMethod.Post, $"/api/brokers/{id}/test", new { });
        scene.Outside.Mend("FinkLsst");

        Assert.Equal(400, status);
        Assert.StartsWith("Error testing Night Fink LSST: Fink (LSST) answered 503", envelope.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(200, (await scene.Admin.SendAsync(HttpMethod.Post, $"/api/brokers/{id}/test", new { })).Status);
    }
}
