using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.TestServer;
using SkyPortal.Web.Components.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Scanning profiles in the preferences.</summary>
public sealed class ScanProfileTests
{
    [Fact]
    public void ToJson_AnyAddress_ComesBackTheSame()
    {
        var address = new ScanAddress
        {
            Groups = [3, 5], Hours = 72, Saved = SavedStatus.SavedToAllSelected, Rejected = RejectedStatus.Only, Seen = SeenStatus.NotByGroup, MinRedshift = 0.01, MaxRedshift = 0.2,
            Classes = ["Ia"], NotClasses = ["AGN"], Annotations = [new AnnotationCondition("a:b", "drb", null, 0.5, null)],
            Sorts = [new AnnotationSort("a:b", "drb", true), new AnnotationSort("a:b", "age", false)], LeastDetections = 3, Map = new SkyMapPart(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "bayestar & co.fits", 0.9), Plot = new PlotSwitches(Limits: false), Cards = 100,
        };

        var kept = ScanProfile.Read(ScanProfile.ToJson([new ScanProfile("mine", true, address), new ScanProfile("other", false, new ScanAddress())], "mine"));

        Assert.Equal([new ScanProfile("mine", true, address), new ScanProfile("other", false, new ScanAddress())], kept);
    }

    [Fact]
    public void Read_WhatAnotherClientKept_IsUnderstood()
    {
        var stored = JsonDocument.Parse("""
            [{"name": "night", "default": true, "loaded": true, "timeRange": "48", "groupIDs": [7], "savedStatus": "notSavedToAnyAccessible", "redshiftMinimum": 0.01, "redshiftMaximum": "0.1",
              "classifications": ["Ia", "II"], "rejectedStatus": "show", "sortingOrigin": "g:f", "sortingKey": "drb", "sortingOrder": "desc"}, {"default": true}, 5]
            """).RootElement;

        var profile = Assert.Single(ScanProfile.Read(stored));

        Assert.Equal(("night", true), (profile.Name, profile.IsDefault));
        Assert.Equal(
            new ScanAddress
            {
                Hours = 48, Groups = [7], Saved = SavedStatus.NotSavedToAnyAccessible, MinRedshift = 0.01, MaxRedshift = 0.1, Classes = ["Ia", "II"], Rejected = RejectedStatus.Show,
                Sorts = [new AnnotationSort("g:f", "drb", true)],
            },
            profile.Address);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[{\"name\": \"x\", \"timeRange\": \"long\", \"groupIDs\": [\"a\", 1e99], \"classifications\": [1], \"query\": \"?hours=%00\"}]")]
    public void Read_Nonsense_IsLeftOut(string json) =>
        Assert.All(ScanProfile.Read(JsonDocument.Parse(json).RootElement), profile => Assert.Equal(ScanAddress.DefaultHours, profile.Address.Hours));

    [Fact]
    public async Task Profile_OverTheApi_IsTheOwnersAlone()
    {
        await using var site = await TestSite.StartAsync();
        var owner = await site.Node.ClientAsync("profile-owner", Role.FullUser);
        var other = await site.Node.ClientAsync("profile-other", Role.FullUser);

        await owner.DataAsync(HttpMethod.Patch, "/api/internal/profile", new { preferences = new { scanningProfiles = new[] { new { name = "night", @default = true, timeRange = 48 } } } });

        var mine = (await owner.GetAsync("/api/internal/profile")).GetProperty("preferences").GetProperty("scanningProfiles");
        Assert.Equal(48, Assert.Single(ScanProfile.Read(mine)).Address.Hours);
        Assert.False((await other.GetAsync("/api/internal/profile")).GetProperty("preferences").TryGetProperty("scanningProfiles", out _));
        Assert.DoesNotContain("scanningProfiles", (await other.GetAsync($"/api/user/{owner.UserId}")).ToString(), StringComparison.Ordinal);
    }
}
