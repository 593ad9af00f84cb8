namespace SkyPortal.Infrastructure.Formats;

/// <summary>How much work a run may still do, and how much memory it may hold at one time.</summary>
/// <param name="operations">Most multiplications and additions.</param>
internal sealed class OnnxBudget(long operations)
{
    /// <summary>Most bytes that the weights, the tensors that are still used and the step under way may take together.</summary>
    public const long MostBytes = 256L << 20;

    // Tensors of other shapes share their numbers: an array counts once.
    private readonly Dictionary<Array, int> _uses = [];
    private long _left = operations;
    private long _held;
    private long _taken;

    /// <summary>Takes from the work before it is done.</summary>
    public void Spend(long operations)
    {
        _left -= operations;
        if (_left < 0)
        {
            throw new OnnxFormatException("The model takes more work than a run may.");
        }
    }

    /// <summary>Takes memory before it is allocated; it counts until the step ends.</summary>
    public void Take(long numbers, int bytesEach = sizeof(float))
    {
        _taken += numbers * bytesEach;
        Check();
    }

    /// <summary>Ends a step: what it took is given back, except for tensors that are kept.</summary>
    public void EndStep() => _taken = 0;

    /// <summary>Counts a tensor as held until it is dropped as often as it was kept.</summary>
    public void Keep(OnnxTensor tensor)
    {
        var uses = _uses.GetValueOrDefault(tensor.Numbers);
        _uses[tensor.Numbers] = uses + 1;
        if (uses == 0)
        {
            _held += tensor.Bytes;
            Check();
        }
    }

    /// <summary>Gives a tensor back.</summary>
    public void Drop(OnnxTensor tensor)
    {
        var uses = _uses[tensor.Numbers] - 1;
        if (uses > 0)
        {
            _uses[tensor.Numbers] = uses;
            return;
        }

        _uses.Remove(tensor.Numbers);
        _held -= tensor.Bytes;
    }

    private void Check()
    {
        if (_held + _taken > MostBytes)
        {
            throw new OnnxFormatException($"The model takes more than {MostBytes >> 20} MiB at one time.");
        }
    }
}
