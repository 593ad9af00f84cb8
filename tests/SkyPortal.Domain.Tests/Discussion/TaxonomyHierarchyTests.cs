using System.Text;
using System.Text.Json;
using SkyPortal.Domain.Discussion;
using Xunit;

namespace SkyPortal.Domain.Tests.Discussion;

public sealed class TaxonomyHierarchyTests
{
    private const string Small = """
        {"class": "Root", "subclasses": [
          {"class": "SN", "other names": ["supernova"], "tags": ["explosive"], "comments": "a note",
           "links": ["https://example.org/sn"], "subclasses": [{"class": "Ia"}, {"class": "II"}]},
          {"class": "AGN"}]}
        """;

    [Fact]
    public void TryParse_ValidTree_GivesEveryPart()
    {
        var root = TaxonomyHierarchy.TryParse(Json(Small), out var errors);

        Assert.Empty(errors);
        Assert.NotNull(root);
        var supernova = root.Subclasses[0];
        Assert.Equal(["supernova"], supernova.OtherNames);
        Assert.Equal(["explosive"], supernova.Tags);
        Assert.Equal(["https://example.org/sn"], supernova.Links);
        Assert.Equal("a note", supernova.Comments);
        Assert.Equal(["Root", "SN", "Ia", "II", "AGN"], root.SelfAndDescendants().Select(n => n.Class));
        Assert.Equal(["AGN", "II", "Ia", "Root", "SN"], root.AllowedClasses().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ToJson_ParsedTree_SaysTheSame()
    {
        var json = TaxonomyHierarchy.ToJson(TaxonomyHierarchy.Parse(Json(Small)));

        Assert.True(JsonElement.DeepEquals(Json(Small), JsonSerializer.SerializeToElement(json)));
    }

    [Theory]
    [InlineData("""[]""", "hierarchy: must be an object")]
    [InlineData("""{}""", "class: required")]
    [InlineData("""{"class": " "}""", "class: required")]
    [InlineData("""{"class": 91}""", "class: must be text")]
    [InlineData("""{"class": "A", "kind": "B"}""", "kind: unknown key")]
    [InlineData("""{"class": "A", "tags": "B"}""", "tags: must be a list")]
    [InlineData("""{"class": "A", "other names": ["B", 1]}""", "other names[1]: must be text")]
    [InlineData("""{"class": "A", "links": ["javascript:alert(1)"]}""", "links[0]: must be an http or https address")]
    [InlineData("""{"class": "A", "comments": []}""", "comments: must be text")]
    [InlineData("""{"class": "A", "subclasses": [{"class": "B"}, 3]}""", "subclasses[1]: must be an object")]
    [InlineData("""{"class": "A", "subclasses": [{"class": "B"}, {"class": "C"}, {}]}""", "subclasses[2].class: required")]
    [InlineData("""{"class": "A", "subclasses": [{"class": "B", "subclasses": [{"class": "C", "tag": []}]}]}""", "subclasses[0].subclasses[0].tag: unknown key")]
    public void TryParse_Fault_NamesItsPath(string json, string error)
    {
        Assert.Null(TaxonomyHierarchy.TryParse(Json(json), out var errors));
        Assert.Equal([error], errors);
    }

    [Fact]
    public void TryParse_ManyFaults_ListsTwentyAtMost()
    {
        var json = $$"""{"class": "A", "subclasses": [{{string.Join(',', Enumerable.Repeat("{}", 100))}}]}""";

        Assert.Null(TaxonomyHierarchy.TryParse(Json(json), out var errors));
        Assert.Equal(20, errors.Count);
    }

    [Theory]
    [InlineData(TaxonomyHierarchy.MaximumDepth, true)]
    [InlineData(TaxonomyHierarchy.MaximumDepth + 1, false)]
    public void TryParse_Depth_IsLimited(int levelsBelowRoot, bool accepted)
    {
        var json = new StringBuilder();
        for (var i = 0; i < levelsBelowRoot; i++)
        {
            json.Append("""{"class": "A", "subclasses": [""");
        }

        json.Append("""{"class": "A"}""");
        for (var i = 0; i < levelsBelowRoot; i++)
        {
            json.Append("]}");
        }

        var root = TaxonomyHierarchy.TryParse(Json(json.ToString()), out var errors);

        Assert.Equal(accepted, root is not null);
        Assert.Equal(accepted, errors.Count == 0);
    }

    [Fact]
    public void TryParse_TooManyClasses_IsRefusedOnce()
    {
        var leaves = string.Join(',', Enumerable.Repeat("""{"class":"B"}""", TaxonomyHierarchy.MaximumClasses + 5));

        Assert.Null(TaxonomyHierarchy.TryParse(Json($$"""{"class": "A", "subclasses": [{{leaves}}]}"""), out var errors));
        Assert.Single(errors);
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 256 });
        return document.RootElement.Clone();
    }
}
