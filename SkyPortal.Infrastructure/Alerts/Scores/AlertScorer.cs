using SkyPortal.Domain;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts.Scores;

/// <summary>A model with its recipe, ready to score the alerts of a survey. Immutable; safe for concurrent use.</summary>
public sealed class AlertScorer
{
    /// <summary>Most multiplications and additions that the model of an alert may take; a usual classifier of cut-outs takes a tenth.</summary>
    public const long MostOperations = 500_000_000;

    private readonly OnnxModel _model;
    private readonly ScoringRecipe _recipe;
    private readonly FilterEnvironment _environment;
    private readonly Dictionary<string, CompiledFilter> _features;

    private AlertScorer(OnnxModel model, ScoringRecipe recipe, FilterEnvironment environment, Dictionary<string, CompiledFilter> features)
    {
        _model = model;
        _recipe = recipe;
        _environment = environment;
        _features = features;
    }

    /// <summary>Puts a model and a recipe together and tries them on nothing, so that what cannot work is refused at once.</summary>
    /// <exception cref="Refusal">The recipe does not fit the model or the survey; the field is named.</exception>
    /// <exception cref="OnnxFormatException">The model cannot be read or run.</exception>
    public static AlertScorer Make(ReadOnlySpan<byte> file, ScoringRecipe recipe, FilterEnvironment environment)
    {
        var model = OnnxModel.Read(file);
        CheckNames("inputs", recipe.Inputs.Keys, model.Inputs.Select(port => port.Name).ToList(), mustHaveAll: true);
        CheckNames("outputs", recipe.Outputs.Keys, model.Outputs.Select(port => port.Name).ToList(), mustHaveAll: false);
        var features = new Dictionary<string, CompiledFilter>(StringComparer.Ordinal);
        foreach (var (name, input) in recipe.Inputs)
        {
            if (input is ScoringInput.Features { Expressions: var expressions })
            {
                features[name] = Compile(name, expressions, environment);
            }
        }

        var scorer = new AlertScorer(model, recipe, environment, features);
        var answer = model.Run(recipe.Inputs.ToDictionary(input => input.Key, input => Empty(input.Value)), MostOperations);
        foreach (var (name, names) in recipe.Outputs)
        {
            if (answer[name].Count != names.Count)
            {
                throw ScoringRecipe.Wrong($"outputs.{name}", $"The model gives {answer[name].Count} numbers, and {names.Count} are named");
            }
        }

        return scorer;
    }

    /// <summary>Scores an alert; null where it lacks a cut-out or a value that the model needs, or the model gives no number.</summary>
    /// <param name="packet">What the stream of the model may see of the packet.</param>
    public IReadOnlyDictionary<string, double>? Score(PacketRecord packet)
    {
        var inputs = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (var (name, input) in _recipe.Inputs)
        {
            var tensor = input is ScoringInput.Pictures pictures ? Draw(packet, pictures) : Evaluate(packet, _features[name], (ScoringInput.Features)input);
            if (tensor is null)
            {
                return null;
            }

            inputs[name] = tensor;
        }

        try
        {
            var answer = _model.Run(inputs, MostOperations);
            var scores = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var (output, names) in _recipe.Outputs)
            {
                for (var i = 0; i < names.Count; i++)
                {
                    if (names[i] is { } name && float.IsFinite(answer[output].Values[i]))
                    {
                        // Single precision has seven digits; more would be noise.
                        scores[name] = Math.Round(answer[output].Values[i], 7);
                    }
                }
            }

            return scores.Count > 0 ? scores : null;
        }
        catch (OnnxFormatException)
        {
            return null;
        }
    }

    private static void CheckNames(string field, IEnumerable<string> given, List<string> known, bool mustHaveAll)
    {
        if (given.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw ScoringRecipe.Wrong($"{field}.{unknown}", $"The model has no such name; it has {string.Join(", ", known)}");
        }

        if (mustHaveAll && known.Except(given).FirstOrDefault() is { } missing)
        {
            throw ScoringRecipe.Wrong($"{field}.{missing}", "Field required");
        }
    }

    private static CompiledFilter Compile(string input, IReadOnlyList<string> expressions, FilterEnvironment environment)
    {
        var annotations = expressions.Select((text, i) => (Key: $"expression {i + 1}", text)).ToDictionary(pair => pair.Key, pair => pair.text);
        try
        {
            return FilterCompiler.Compile(new FilterDefinition("true", annotations), environment);
        }
        catch (FilterSyntaxException error)
        {
            throw ScoringRecipe.Wrong($"inputs.{input}.expressions", $"{error.Annotation}: {error.Message}");
        }
    }

    private static OnnxTensor Empty(ScoringInput input) => input is ScoringInput.Pictures pictures
        ? Box(new float[pictures.Types.Count * pictures.SizePixels * pictures.SizePixels], pictures)
        : OnnxTensor.Of(new float[((ScoringInput.Features)input).Expressions.Count], 1, ((ScoringInput.Features)input).Expressions.Count);

    private static OnnxTensor Box(float[] values, ScoringInput.Pictures pictures) => pictures.ChannelsLast
        ? OnnxTensor.Of(values, 1, pictures.SizePixels, pictures.SizePixels, pictures.Types.Count)
        : OnnxTensor.Of(values, 1, pictures.Types.Count, pictures.SizePixels, pictures.SizePixels);

    private static OnnxTensor? Draw(PacketRecord packet, ScoringInput.Pictures pictures)
    {
        var (size, channels) = (pictures.SizePixels, pictures.Types.Count);
        var values = new float[channels * size * size];
        for (var channel = 0; channel < channels; channel++)
        {
            if (Cutouts.Read(packet, pictures.Types[channel]) is not { } image)
            {
                return null;
            }

            var square = Scaled(Square(image, size), pictures.Scaling);
            for (var i = 0; i < square.Length; i++)
            {
                values[pictures.ChannelsLast ? (i * channels) + channel : (channel * size * size) + i] = square[i];
            }
        }

        return Box(values, pictures);
    }

    private static float[] Square(FitsImage image, int size)
    {
        var square = new float[size * size];
        var (down, right) = ((image.HeightPixels - size) / 2, (image.WidthPixels - size) / 2);
        for (var i = 0; i < square.Length; i++)
        {
            var (row, column) = ((i / size) + down, (i % size) + right);
            if (row >= 0 && row < image.HeightPixels && column >= 0 && column < image.WidthPixels
                && image.Pixels[(row * image.WidthPixels) + column] is var pixel && float.IsFinite(pixel))
            {
                square[i] = pixel;
            }
        }

        return square;
    }

    private static float[] Scaled(float[] square, CutoutScaling scaling)
    {
        var (offset, scale) = scaling switch
        {
            CutoutScaling.Norm => (0, Math.Sqrt(square.Sum(pixel => (double)pixel * pixel))),
            CutoutScaling.Minmax => (square.Min(), (double)square.Max() - square.Min()),
            _ => (0, 1),
        };
        return scale > 0 ? Array.ConvertAll(square, pixel => (float)((pixel - offset) / scale)) : square;
    }

    private OnnxTensor? Evaluate(PacketRecord packet, CompiledFilter compiled, ScoringInput.Features features)
    {
        var outcome = compiled.Evaluate(_environment.CreateContext(packet));
        var values = new float[features.Expressions.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = outcome.Annotations.GetValueOrDefault($"expression {i + 1}") switch
            {
                double number when double.IsFinite(number) => (float)number,
                long number => number,
                bool truth => truth ? 1 : 0,
                _ => features.Missing,
            };
            if (value is not { } given)
            {
                return null;
            }

            values[i] = given;
        }

        return OnnxTensor.Of(values, 1, values.Length);
    }
}
