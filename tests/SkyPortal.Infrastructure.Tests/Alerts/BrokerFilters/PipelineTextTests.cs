using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Alerts.BrokerFilters;

/// <summary>Pipelines as text, and the fields that they may use.</summary>
public sealed class PipelineTextTests
{
    [Theory]
    [InlineData("[\n  {\"$match\": {}},\n  x\n]", 3, 3, "This is not JSON")]
    [InlineData("[{\"$match\": {\"é\": 1}} x]", 1, 23, "This is not JSON")]
    [InlineData("[\n  { \"$match\": {} },\n  { \"$lookup\": {} }\n]", 3, 5, "$lookup is no stage")]
    [InlineData("[\n  { \"$match\": { \"a\": [1,\n { \"$where\": \"x\" }] } }, {\"$project\":{\"objectId\":1}} ]", 3, 4, "$where is not allowed")]
    [InlineData("[{\"$project\": {\"objectId\": 0}}]", 1, 3, "must keep objectId")]
    [InlineData("[{\"$match\": {}}, 5]", 1, 18, "A stage is an object")]
    [InlineData("{}", 1, 1, "A pipeline is a list")]
    [InlineData("[]", 1, 1, "There is no stage yet.")]
    [InlineData("", 1, 1, "There is no stage yet.")]
    [InlineData("[{\"$match\": {", 1, 14, "This is not JSON")]
    public void Read_TextWithAFault_TellsItsPlace(string text, int line, int column, string message)
    {
        var (pipeline, faults) = PipelineText.Read(text);

        Assert.Null(pipeline);
        Assert.Equal((line, column), (faults[0].Line, faults[0].Column));
        Assert.Contains(message, faults[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SoundText_IsWhatWriteWrites()
    {
        const string text = """[{"$match":{"a":{"$gt":0.5},"b":["x",{"c":1}]}},{"$project":{"objectId":1,"annotations":{"é":"$a"}}}]""";

        var (pipeline, faults) = PipelineText.Read(text);

        Assert.Empty(faults);
        Assert.True(JsonNode.DeepEquals(pipeline, PipelineText.Read(PipelineText.Write(pipeline)).Pipeline));
        Assert.Contains("\"é\": \"$a\"", PipelineText.Write(pipeline), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyFaults_TellsThemInTheOrderOfTheText()
    {
        var (_, faults) = PipelineText.Read("[{\"$out\":\"x\"},\n{\"$match\":{\"$function\":1}},\n{\"$project\":{}}]");

        Assert.Equal([1, 2], faults.Select(fault => fault.Line));
    }

    [Fact]
    public void Fields_OfASchema_AreNamedWithWhatTheyLieIn()
    {
        var schema = JsonSerializer.Deserialize<JsonElement>("""
            {"type":"record","name":"A","fields":[{"name":"objectId","type":"string"},
              {"name":"candidate","type":{"type":"record","name":"C","fields":[{"name":"drb","type":["null","double"],"doc":"score"}]}},
              {"name":"prv","type":["null",{"type":"array","items":"C"}]},{"name":"ids","type":{"type":"array","items":"long"}}]}
            """);

        Assert.Equal(
            [("objectId", "string"), ("candidate.drb", "double"), ("prv", "list"), ("prv.drb", "double[]"), ("ids", "long[]")],
            SchemaFields.Of(schema).Select(field => (field.Name, field.Kind)));
        Assert.Equal("score", SchemaFields.Of(schema)[1].Doc);
        Assert.Empty(SchemaFields.Of(JsonSerializer.Deserialize<JsonElement>("17")));
    }
}
