using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace SkyPortal.Web.Tests.FollowUp;

/// <summary>Conditions against a request: the first that fails has the word, and nothing is stored.</summary>
public sealed class FollowupConstraintTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task NotIfDuplicates_AfterOne_IsIgnoredAndNothingIsStored()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);

        var first = await scene.AskedAsync(("not_if_duplicates", true));
        var second = await IgnoredAsync(scene, ("not_if_duplicates", true));

        Assert.Equal("submitted", first.Status);
        Assert.Contains("not submitting request", second, StringComparison.Ordinal);
        Assert.Equal(1, (await scene.Member.GetAsync($"/api/followup_request?sourceID={scene.Obj}")).GetProperty("totalMatches").GetInt32());
        await scene.Member.DataAsync(HttpMethod.Delete, $"/api/followup_request/{first.Id}");
        Assert.Equal("submitted", (await scene.AskedAsync(("not_if_duplicates", true))).Status);
    }

    [Fact]
    public async Task NotIfDuplicates_AskedManyTimesAtOnce_MakesOne()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.AskAsync(("not_if_duplicates", true))));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Single(replies, reply => !reply.Envelope.GetProperty("data").TryGetProperty("ignored", out _));
    }

    [Fact]
    public async Task NotIfDuplicates_OnAnotherAllocation_CountsOnlyWhereItIsNamed()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var other = (await scene.Manager.PostAsync("/api/allocation", new { group_id = scene.Group, instrument_id = scene.Instrument, hours_allocated = 1 })).GetProperty("id").GetInt32();
        await scene.AskedAsync(("allocation_id", other));

        await IgnoredAsync(scene, ("not_if_duplicates", true), ("ignore_allocation_ids", new[] { other }));
        await scene.AskedAsync(("not_if_duplicates", true));
    }

    [Fact]
    public async Task SourceGroups_SavedToEach_OrNot()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var other = await FollowupScene.MakeAsync(site.Node);

        await IgnoredAsync(scene, ("source_group_ids", new[] { scene.Group, other.Group }));
        await IgnoredAsync(scene, ("ignore_source_group_ids", new[] { scene.Group }));
        await scene.AskedAsync(("source_group_ids", new[] { scene.Group }), ("ignore_source_group_ids", new[] { other.Group }));
    }

    [Fact]
    public async Task NotIfClassified_ByAPerson_OfTheObjectOrOneAtItsPlace()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var taxonomy = (await scene.Manager.PostAsync("/api/taxonomy", new { name = $"t{scene.Group}", version = "1", hierarchy = new { @class = "SN" }, group_ids = new[] { scene.Group } })).GetProperty("taxonomy_id").GetInt32();
        await scene.Member.PostAsync("/api/sources", new { id = $"{scene.Obj}NEAR", ra = 10.0 + Number(scene) + (1.0 / 3600), dec = 20.0, group_ids = new[] { scene.Group } });
        await scene.Member.PostAsync("/api/classification", new { obj_id = $"{scene.Obj}NEAR", classification = "SN", taxonomy_id = taxonomy, ml = false, group_ids = new[] { scene.Group } });

        await scene.AskedAsync(("not_if_classified", true));
        await IgnoredAsync(scene, ("not_if_classified", true), ("radius", 2));
    }

    [Fact]
    public async Task NotIfClassified_ByAModel_IsNoneOfIt()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        var taxonomy = (await scene.Manager.PostAsync("/api/taxonomy", new { name = $"m{scene.Group}", version = "1", hierarchy = new { @class = "SN" }, group_ids = new[] { scene.Group } })).GetProperty("taxonomy_id").GetInt32();
        await scene.Member.PostAsync("/api/classification", new { obj_id = scene.Obj, classification = "SN", taxonomy_id = taxonomy, ml = true, group_ids = new[] { scene.Group } });

        await scene.AskedAsync(("not_if_classified", true));
    }

    [Fact]
    public async Task NotIfSpectraExist_WithOne_IsIgnored()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        await scene.AskedAsync(("not_if_spectra_exist", true));
        await scene.Member.PostAsync("/api/spectra", new { obj_id = scene.Obj, instrument_id = scene.Instrument, observed_at = "2026-03-01T00:00:00", wavelengths = new[] { 4000, 5000 }, fluxes = new[] { 1, 2 }, group_ids = new[] { scene.Group } });

        await IgnoredAsync(scene, ("not_if_spectra_exist", true));
    }

    [Fact]
    public async Task NotIfTns_ByNameAndByAge_IsIgnored()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        await SetTnsAsync(scene, "AT2026abc", JsonSerializer.SerializeToElement(new { discoverydate = "2026-03-01 00:00:00" }));
        await scene.AskedAsync(("not_if_tns_classified", true), ("not_if_tns_reported", 1e6));
        await IgnoredAsync(scene, ("not_if_tns_reported", 24));
        var recent = (DateTime.UnixEpoch - new DateTime(1858, 11, 17, 0, 0, 0, DateTimeKind.Utc)).TotalDays + 2_400_000.5 + (site.Node.Contexts.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays - 0.1;
        await SetTnsAsync(scene, "SN2026abc", JsonSerializer.SerializeToElement(new { discoverydate = "2026-03-01 00:00:00", photometry = new[] { new { jd = recent } } }));

        await scene.AskedAsync(("not_if_tns_reported", 24));
        await IgnoredAsync(scene, ("not_if_tns_classified", true));
    }

    [Fact]
    public async Task NotIfAssignmentExists_WhereThereAreNone_StopsNothing()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);

        await scene.AskedAsync(("not_if_assignment_exists", true));
    }

    [Fact]
    public async Task SeveralThatFail_TheFirstInOrderHasTheWord()
    {
        var scene = await FollowupScene.MakeAsync(site.Node);
        await scene.AskedAsync();

        Assert.Contains("is not saved to each", await IgnoredAsync(scene, ("not_if_duplicates", true), ("source_group_ids", new[] { 987654 })), StringComparison.Ordinal);
        Assert.Contains("exists already", await IgnoredAsync(scene, ("not_if_duplicates", true), ("ignore_source_group_ids", new[] { scene.Group })), StringComparison.Ordinal);
    }

    private static int Number(FollowupScene scene) => int.Parse(scene.Obj["FOLLOW".Length..], System.Globalization.CultureInfo.InvariantCulture);

    private async Task SetTnsAsync(FollowupScene scene, string name, JsonElement info)
    {
        await using var db = site.Node.Contexts.For(Viewer.System);
        var obj = await db.Set<Obj>().SingleAsync(row => row.Id == scene.Obj);
        (obj.TnsName, obj.TnsInfo) = (name, info);
        await db.SaveChangesAsync();
    }

    private static async Task<string> IgnoredAsync(FollowupScene scene, params (string Name, object? Value)[] more)
    {
        var (status, envelope) = await scene.AskAsync(more);
        var data = envelope.GetProperty("data");
        Assert.Equal(200, status);
        Assert.True(data.TryGetProperty("ignored", out var ignored) && ignored.GetBoolean(), $"{envelope}");
        Assert.Equal(JsonValueKind.Null, data.GetProperty("id").ValueKind);
        return data.GetProperty("message").GetString()!;
    }
}
