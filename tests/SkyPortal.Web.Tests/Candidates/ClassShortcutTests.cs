using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using SkyPortal.Web.Components.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

/// <summary>Named sets of classes in the preferences.</summary>
public sealed class ClassShortcutTests
{
    [Fact]
    public void ToJson_SomeSets_ComeBackByName()
    {
        ClassShortcut[] sets = [new("young", ["Ia", "II"]), new("a star", ["Varstar"])];

        var kept = ClassShortcut.Read(ClassShortcut.ToJson(sets));

        Assert.Equal(["a star: Varstar", "young: Ia, II"], kept.Select(set => $"{set.Name}: {string.Join(", ", set.Classes)}"));
    }

    [Fact]
    public void Read_MoreThanStandAsButtons_LosesNone()
    {
        ClassShortcut[] sets = [.. Enumerable.Range(10, ClassShortcut.Most + 3).Select(i => new ClassShortcut($"set {i}", [.. Enumerable.Range(0, ClassShortcut.MostClasses + 2).Select(k => $"class {k}")]))];

        var kept = ClassShortcut.Read(ClassShortcut.ToJson(sets));

        Assert.Equal(sets.Select(set => set.Name), kept.Select(set => set.Name));
        Assert.All(kept, set => Assert.Equal(ClassShortcut.MostClasses + 2, set.Classes.Count));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{\"a\": [], \"b\": \"Ia\", \"c\": [1, null, \"\"], \"\": [\"Ia\"], \"d\": {\"x\": 1}}")]
    public void Read_Nonsense_IsLeftOut(string json) => Assert.Empty(ClassShortcut.Read(JsonDocument.Parse(json).RootElement));

    [Fact]
    public async Task Shortcuts_OverTheApi_AreReplacedAsAWholeAndTheOwnersAlone()
    {
        await using var site = await TestSite.StartAsync();
        var owner = await site.Node.ClientAsync("shortcut-owner", Role.FullUser);
        var other = await site.Node.ClientAsync("shortcut-other", Role.FullUser);

        await owner.DataAsync(HttpMethod.Patch, "/api/internal/profile", new { preferences = new { classificationShortcuts = new { gone = new[] { "AGN" }, young = new[] { "Ia" } } } });
        await owner.DataAsync(HttpMethod.Patch, "/api/internal/profile", new { preferences = new { classificationShortcuts = new { young = new[] { "Ia", "II" } } } });

        var mine = (await owner.GetAsync("/api/internal/profile")).GetProperty("preferences").GetProperty("classificationShortcuts");
        Assert.Equal("""{"young":["Ia","II"]}""", JsonSerializer.Serialize(mine));
        Assert.Equal(["Ia", "II"], Assert.Single(ClassShortcut.Read(mine)).Classes);
        Assert.DoesNotContain("classificationShortcuts", (await other.GetAsync("/api/internal/profile")).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("classificationShortcuts", (await other.GetAsync($"/api/user/{owner.UserId}")).ToString(), StringComparison.Ordinal);
    }
}
