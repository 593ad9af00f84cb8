using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.FollowUp;

/// <summary>A group with an allocation on a camera, a member who may ask, and an object of the group.</summary>
internal sealed class FollowupScene
{
    public const string Token = "sup3r-s3cret-token";
    private static int _number;

    public required TestNode Node { get; init; }
    public required TestClient Manager { get; init; }
    public required TestClient Member { get; init; }
    public required TestClient Outsider { get; init; }
    public required int Group { get; init; }
    public required int Instrument { get; init; }
    public required int Allocation { get; init; }
    public required string Obj { get; init; }

    /// <summary>Settings for a facility with an interface of its own.</summary>
    public static object Api(string path = "requests") => new { notification_type = "API", endpoint = $"https://facility.example.org/{path}", api_token = Token };

    public static async Task<FollowupScene> MakeAsync(TestNode node, object? altdata = null)
    {
        var number = Interlocked.Increment(ref _number);
        await using var db = node.Contexts.For(Viewer.System);
        var group = new Group { Name = $"followup {number}" };
        var telescope = new Telescope { Name = $"Follow-up telescope {number}", Nickname = "FT", Lat = 33, Lon = -116, Elevation = 1700 };
        db.AddRange(group, telescope);
        await db.SaveChangesAsync();
        var camera = new Instrument { Name = $"Follow-up camera {number}", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg", "ztfr"], ApiClassname = "GENERICAPI" };
        db.Add(camera);
        await db.SaveChangesAsync();
        var manager = await node.ClientAsync($"followup-manager-{number}", Role.SuperAdmin, (group.Id, true));
        var member = await node.ClientAsync($"followup-member-{number}", Role.FullUser, (group.Id, false));
        var allocation = (await manager.PostAsync("/api/allocation", new { group_id = group.Id, instrument_id = camera.Id, hours_allocated = 10, pi = "A. Person", _altdata = altdata })).GetProperty("id").GetInt32();
        var obj = $"FOLLOW{number}";
        await member.PostAsync("/api/sources", new { id = obj, ra = 10.0 + number, dec = 20.0, group_ids = new[] { group.Id } });
        return new FollowupScene
        {
            Node = node, Manager = manager, Member = member, Outsider = await node.ClientAsync($"followup-outsider-{number}"), Group = group.Id, Instrument = camera.Id, Allocation = allocation, Obj = obj,
        };
    }

    /// <summary>A body that is right, with some fields besides or instead.</summary>
    public Dictionary<string, object?> Body(params (string Name, object? Value)[] more)
    {
        var body = new Dictionary<string, object?> { ["obj_id"] = Obj, ["allocation_id"] = Allocation, ["payload"] = new { observation_choices = new[] { "ztfg" }, priority = 3 } };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }

    public Task<(int Status, JsonElement Envelope)> AskAsync(params (string Name, object? Value)[] more) => Member.SendAsync(HttpMethod.Post, "/api/followup_request", Body(more));

    /// <summary>Asks, and answers the key and the status.</summary>
    public async Task<(int Id, string Status)> AskedAsync(params (string Name, object? Value)[] more)
    {
        var data = await Member.PostAsync("/api/followup_request", Body(more));
        return (data.GetProperty("id").GetInt32(), data.GetProperty("request_status").GetString()!);
    }

    public async Task<string> StatusAsync(int id) => (await Member.GetAsync($"/api/followup_request/{id}")).GetProperty("status").GetString()!;
}
