namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Numbers in a box of some dimensions, the last one fastest. Real numbers are kept in single precision; whole numbers, which
/// models use for shapes and places, in 64 bits.
/// </summary>
public sealed class OnnxTensor
{
    /// <summary>Most numbers in one tensor.</summary>
    public const int MostNumbers = 1 << 24;

    /// <summary>Most dimensions of a tensor.</summary>
    internal const int MostDimensions = 16;

    private OnnxTensor(int[] shape, float[]? reals, long[]? integers)
    {
        Shape = shape;
        Reals = reals;
        Integers = integers;
    }

    /// <summary>Length along each dimension; empty for a single number.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>The real numbers; null where the tensor holds whole ones.</summary>
    internal float[]? Reals { get; }

    /// <summary>The whole numbers; null where the tensor holds real ones.</summary>
    internal long[]? Integers { get; }

    /// <summary>How many numbers there are.</summary>
    public int Count => Reals?.Length ?? Integers!.Length;

    /// <summary>Where its numbers are.</summary>
    internal Array Numbers => Reals ?? (Array)Integers!;

    /// <summary>Memory that its numbers take.</summary>
    internal long Bytes => (long)Count * (Reals is null ? sizeof(long) : sizeof(float));

    /// <summary>The first number.</summary>
    internal float First => Reals?[0] ?? Integers![0];

    /// <summary>The numbers, in order.</summary>
    public ReadOnlySpan<float> Values => Reals ?? Array.ConvertAll(Integers!, value => (float)value);

    /// <summary>A tensor of real numbers.</summary>
    /// <exception cref="OnnxFormatException">The shape asks for another count, or for more than <see cref="MostNumbers"/>.</exception>
    public static OnnxTensor Of(float[] values, params int[] shape) =>
        new(CountOf(shape) == values.Length ? shape : throw Mismatch(shape, values.Length), values, null);

    /// <summary>A tensor of whole numbers.</summary>
    internal static OnnxTensor Of(long[] values, params int[] shape) =>
        new(CountOf(shape) == values.Length ? shape : throw Mismatch(shape, values.Length), null, values);

    /// <summary>The same numbers in another box.</summary>
    internal OnnxTensor As(int[] shape) => Reals is not null ? Of(Reals, shape) : Of(Integers!, shape);

    /// <summary>How many numbers a box holds.</summary>
    internal static int CountOf(IReadOnlyList<int> shape)
    {
        if (shape.Count > MostDimensions)
        {
            throw new OnnxFormatException($"A tensor of the model has {shape.Count} dimensions, more than {MostDimensions}.");
        }

        var count = 1L;
        foreach (var length in shape)
        {
            count = length < 0 ? throw new OnnxFormatException("A tensor has a negative length.") : count * length;
            if (count > MostNumbers)
            {
                throw new OnnxFormatException($"A tensor of the model holds more than {MostNumbers} numbers.");
            }
        }

        return (int)count;
    }

    private static OnnxFormatException Mismatch(int[] shape, int count) =>
        new($"A tensor of shape ({string.Join(", ", shape)}) cannot hold {count} numbers.");
}
