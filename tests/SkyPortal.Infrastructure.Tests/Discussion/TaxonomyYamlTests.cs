using SkyPortal.Infrastructure.Discussion;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Discussion;

public sealed class TaxonomyYamlTests
{
    [Fact]
    public void Parse_YamlTree_GivesTheTree()
    {
        var root = TaxonomyYaml.Parse("""
            class: Root
            subclasses:
              - class: Yes
                other names: [no, "1", 'a: b']
              - class: EA
                comments: |
                  two
                  lines
            """);

        Assert.Equal(["Yes", "EA"], root.Subclasses.Select(n => n.Class));
        Assert.Equal(["no", "1", "a: b"], root.Subclasses[0].OtherNames);
        Assert.Equal("two\nlines", root.Subclasses[1].Comments);
    }

    [Theory]
    [InlineData("a: &x [1, 2]\nb: *x", "anchors are not accepted")]
    [InlineData("class: *x", "aliases are not accepted")]
    [InlineData("class: !!python/object:os.system x", "tags are not accepted")]
    [InlineData("class: A\nclass: B", "given twice")]
    [InlineData("? [a]\n: b", "a key must be plain text")]
    [InlineData("class: A\n---\nclass: B", "only one document")]
    [InlineData("class: [A", "line")]
    [InlineData("- class: A", "must be a map")]
    [InlineData("", "must be a map")]
    [InlineData("class: 12", "class: must be text")]
    [InlineData("class: A\nsubclasses: {class: B}", "subclasses: must be a list")]
    public void Parse_Unacceptable_SaysWhy(string yaml, string part)
    {
        var error = Assert.Throws<FormatException>(() => TaxonomyYaml.Parse(yaml));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AliasBomb_IsRefusedAtItsFirstAnchor()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" +
            string.Concat(Enumerable.Range(1, 9).Select(i => $"{(char)('a' + i)}: &{(char)('a' + i)} [*{(char)('a' + i - 1)},*{(char)('a' + i - 1)}]\n"));

        Assert.Throws<FormatException>(() => TaxonomyYaml.Parse(bomb));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Parse_DeepNesting_IsRefused(int levels) =>
        Assert.Throws<FormatException>(() => TaxonomyYaml.Parse(new string('[', levels)));
}
