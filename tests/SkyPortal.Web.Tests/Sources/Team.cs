using SkyPortal.Domain.Access;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>A group with a member, and somebody outside of it.</summary>
internal static class Team
{
    public static async Task<(int Group, TestClient Member, TestClient Outsider)> MakeAsync(TestNode node, string name)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var group = new Group { Name = name };
        db.Add(group);
        await db.SaveChangesAsync();
        return (group.Id, await node.ClientAsync($"{name}-member", Role.FullUser, (group.Id, false)), await node.ClientAsync($"{name}-outsider"));
    }
}
