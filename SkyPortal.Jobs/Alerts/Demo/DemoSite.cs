using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Alerts.Demo;

/// <summary>Makes the people, groups and filters of the demonstration, with different rights. Does nothing where they are there.</summary>
public sealed class DemoSite(Contexts contexts, CreateUser createUser, CreateFilter createFilter)
{
    // A transient group with partnership rights, a variable-star group with the public stream only, and one for moving bodies.
    private static readonly (string Name, string Description, string[] Streams)[] Groups =
    [
        ("Transients", "Supernovae and their kin, partnership data included", ["ZTF Public", "ZTF Partnership"]),
        ("Variable Stars", "Pulsators and eclipsing binaries, public data only", ["ZTF Public"]),
        ("Solar System", "Moving objects, public data only", ["ZTF Public"]),
    ];

    private static readonly (string Username, string First, string Role, string[] Groups)[] People =
    [
        ("demo-scanner", "Scanner", Role.FullUser, ["Transients"]),
        ("demo-stars", "Variable-star", Role.FullUser, ["Variable Stars"]),
        ("demo-lead", "Lead", Role.GroupAdmin, ["Transients", "Variable Stars", "Solar System"]),
        ("demo-guest", "Guest", Role.ViewOnly, []),
    ];

    private static readonly (string Name, string Group, string Stream, string Expression, Dictionary<string, string> Annotations)[] Filters =
    [
        ("New and rising", "Transients", "ZTF Public",
            "drb > 0.7 and is_positive and not is_moving and age_days < 40 and star_galaxy_score < 0.5 and star_distance_arcsec > 0.5",
            new() { ["drb"] = "drb", ["age"] = "age_days", ["sgscore"] = "star_galaxy_score", ["host distance"] = "star_distance_arcsec" }),
        ("Partnership transients", "Transients", "ZTF Partnership",
            "drb > 0.7 and is_positive and not is_moving and star_galaxy_score < 0.5",
            new() { ["drb"] = "drb", ["age"] = "age_days" }),
        ("Nuclear", "Transients", "ZTF Public",
            "drb > 0.6 and star_galaxy_score < 0.5 and star_distance_arcsec < 0.4 and not is_moving",
            new() { ["drb"] = "drb", ["host distance"] = "star_distance_arcsec" }),
        ("Stars that change", "Variable Stars", "ZTF Public",
            "drb > 0.6 and star_galaxy_score > 0.8 and not is_moving and n_detections >= 3",
            new() { ["drb"] = "drb", ["detections"] = "n_detections" }),
        ("Known bodies", "Solar System", "ZTF Public",
            "is_moving and drb > 0.5",
            new() { ["body"] = "solar_system_name", ["distance"] = "nearest_solar_system_arcsec" }),
    ];

    /// <summary>Makes what is missing.</summary>
    public async Task HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var admin = await db.Set<User>().SingleAsync(user => user.Username == SeedAccess.AdminName, ct);
        var streams = await db.Set<AlertStream>().ToDictionaryAsync(stream => stream.Name, stream => stream.Id, ct);
        foreach (var (name, description, wanted) in Groups)
        {
            if (await db.Set<Group>().AnyAsync(group => group.Name == name, ct))
            {
                continue;
            }

            var group = new Group { Name = name, Description = description };
            db.Add(group);
            await db.SaveChangesAsync(ct);
            db.Add(new GroupUser { GroupId = group.Id, UserId = admin.Id, Admin = true });
            db.AddRange(wanted.Where(streams.ContainsKey).Select(stream => new GroupStream { GroupId = group.Id, StreamId = streams[stream] }));
            await db.SaveChangesAsync(ct);
        }

        var groups = await db.Set<Group>().Where(group => !group.SingleUserGroup).ToDictionaryAsync(group => group.Name, group => group.Id, ct);
        foreach (var (username, first, role, joined) in People)
        {
            if (!await db.Set<User>().AnyAsync(user => user.Username == username, ct))
            {
                var memberships = joined.Select(name => (groups[name], role == Role.GroupAdmin)).ToList();
                await createUser.HandleAsync(Viewer.System, new NewUser(username) { FirstName = first, LastName = "(demo)", Roles = [role], Groups = memberships }, ct);
            }
        }

        foreach (var (name, group, stream, expression, annotations) in Filters)
        {
            var groupId = groups[group];
            if (streams.TryGetValue(stream, out var streamId) && !await db.Set<Filter>().AnyAsync(filter => filter.Name == name && filter.GroupId == groupId, ct))
            {
                await createFilter.HandleAsync(
                    Viewer.System, new NewFilter(name, streamId, groupId) { Expression = expression, Annotations = annotations }, ct);
            }
        }
    }
}
