using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>What a person may choose from on the scanning page.</summary>
public sealed class ScanScopeTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task AnnotationKeys_OfARareFilter_AreThereBesideABusyOne()
    {
        var scene = await CandidateScene.MakeAsync(site.Node);
        var filter = (await scene.Admin.PostAsync("/api/filters", new { name = "rare", stream_id = scene.Stream, group_id = scene.Group })).GetProperty("id").GetInt32();
        var (rare, busy) = ($"group {scene.Mark}:rare", $"group {scene.Mark}:filter {scene.Mark}");
        await using var db = site.Node.Contexts.For(Viewer.System);
        db.AddRange(Enumerable.Range(0, 300).Select(i => new Obj { Id = $"SCOPE{i}{scene.Mark}", Ra = 1, Dec = 2, GroupIds = [scene.Group], InternalKey = Guid.NewGuid() }));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        db.Add(Annotation(0, rare, "rb"));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        db.AddRange(Enumerable.Range(1, 299).Select(i => Annotation(i, busy, "drb")));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(scene.Member.UserId, CancellationToken.None)).Viewer!;
        var scope = await site.Node.Services.GetRequiredService<ReadScanScope>().HandleAsync(viewer, CancellationToken.None);

        Assert.Contains(scope.Filters, row => row.Id == filter);
        Assert.Equal([(busy, "drb"), (rare, "rb")], scope.AnnotationKeys);

        Annotation Annotation(int i, string origin, string key) => new()
        {
            ObjId = $"SCOPE{i}{scene.Mark}", Origin = origin, AuthorId = scene.Admin.UserId, GroupIds = [scene.Group],
            Data = System.Text.Json.JsonSerializer.SerializeToElement(new Dictionary<string, int> { [key] = 1 }),
        };
    }
}
