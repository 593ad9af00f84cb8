namespace SkyPortal.Domain.Photometry;

/// <summary>The rows of an upload that are wrong, each with the first thing that is wrong with it.</summary>
public sealed class RowFaults
{
    /// <summary>Most rows that are named.</summary>
    public const int Most = 100;

    private readonly Dictionary<int, FieldFault> _rows = [];

    /// <summary>The rows in their order.</summary>
    public IReadOnlyList<FieldFault> All => [.. _rows.Values.OrderBy(fault => fault.Row)];

    /// <summary>Whether a row is known to be wrong.</summary>
    public bool Has(int row) => _rows.ContainsKey(row);

    /// <summary>Notes a row, where nothing is known against it yet.</summary>
    /// <exception cref="Refusal">As many rows as are named are wrong already.</exception>
    public void Add(int row, string field, string reason)
    {
        _rows.TryAdd(row, new FieldFault(row, field, reason));
        if (_rows.Count >= Most)
        {
            throw Refusal.Invalid($"At least {Most} rows are wrong.");
        }
    }
}
