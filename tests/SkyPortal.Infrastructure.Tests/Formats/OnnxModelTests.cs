using System.Text.Json;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>Models.json holds models with what PyTorch answers; make_models.py beside it made it.</summary>
public sealed class OnnxModelTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Formats", "Models", "models.json"))).RootElement;

    [Theory]
    [InlineData("classifier")]
    [InlineData("shapes")]
    [InlineData("shapes_old")]
    [InlineData("elements")]
    [InlineData("same_padding")]
    public void Run_ModelsOfAnotherTool_GiveItsNumbers(string name)
    {
        var entry = Cases.GetProperty(name);

        var score = OnnxModel.Read(FileOf(name)).Run(InputsOf(name)).Single().Value;

        Assert.Equal(entry.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32()), score.Shape);
        var expected = entry.GetProperty("score").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        Assert.All(expected.Zip(score.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-5f * MathF.Max(1, MathF.Abs(pair.First))));
    }

    [Fact]
    public void Read_Classifier_NamesItsPorts()
    {
        var model = OnnxModel.Read(FileOf("classifier"));

        Assert.Equal(["triplet", "features"], model.Inputs.Select(port => port.Name));
        Assert.Equal([null, 3, 11, 11], model.Inputs[0].Shape);
        Assert.Equal("score", Assert.Single(model.Outputs).Name);
    }

    [Fact]
    public void Run_WithoutAnInput_NamesIt()
    {
        var inputs = InputsOf("classifier");
        inputs.Remove("features");

        Assert.Contains("'features' is missing", Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(FileOf("classifier")).Run(inputs)).Message);
    }

    [Fact]
    public void Run_InputOfAnotherShape_NamesBoth()
    {
        var inputs = InputsOf("classifier");
        inputs["features"] = OnnxTensor.Of(new float[4], 1, 4);

        Assert.Contains("'features' has the shape (1, 4); the model takes (any, 5)", Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(FileOf("classifier")).Run(inputs)).Message);
    }

    [Fact]
    public void Run_TooMuchWork_IsGivenUp() =>
        Assert.Contains("more work", Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(FileOf("classifier")).Run(InputsOf("classifier"), 1_000)).Message);

    [Fact]
    public void Run_ManyLargeTensors_AreDroppedAfterTheirLastUse() =>
        Assert.Equal([1 << 22], OnnxModel.Read(TinyModel.Constants(20, 1 << 22, needsAll: false)).Run(new Dictionary<string, OnnxTensor>())["score"].Values.ToArray());

    [Fact]
    public void Run_ManyLargeTensorsAtOnce_IsGivenUp() =>
        Assert.Contains("256 MiB", Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(TinyModel.Constants(20, 1 << 22, needsAll: true)).Run(new Dictionary<string, OnnxTensor>())).Message);

    [Fact]
    public void Read_UnknownOperator_IsNamed()
    {
        var file = FileOf("classifier");
        for (var at = file.AsSpan().IndexOf("LeakyRelu"u8); at >= 0; at = file.AsSpan().IndexOf("LeakyRelu"u8))
        {
            "LeakyTofu"u8.CopyTo(file.AsSpan(at));
        }

        Assert.Contains("not supported: LeakyTofu.", Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(file)).Message);
    }

    [Fact]
    public void Read_DamagedEverywhere_NeverDoesWorse()
    {
        var whole = FileOf("classifier");
        var inputs = InputsOf("classifier");
        var random = new Random(20261121);
        for (var round = 0; round < 3_000; round++)
        {
            var file = whole.AsSpan(0, round % 3 == 0 ? random.Next(whole.Length) : whole.Length).ToArray();
            for (var i = 0; i < 3 && file.Length > 0; i++)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            try
            {
                OnnxModel.Read(file).Run(inputs, 10_000_000);
            }
            catch (OnnxFormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    private static byte[] FileOf(string name) => Cases.GetProperty(name).GetProperty("model").GetBytesFromBase64();

    private static Dictionary<string, OnnxTensor> InputsOf(string name) => Cases.GetProperty(name).GetProperty("inputs").EnumerateObject().ToDictionary(
        input => input.Name,
        input => OnnxTensor.Of(
            [.. input.Value.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())],
            [.. input.Value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())]));
}
