using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SkyPortal.Domain.Photometry;

/// <summary>A column of a series: numbers (not-a-number where there is none), or texts.</summary>
public sealed record SeriesColumn(string Name, double[]? Numbers, string?[]? Texts)
{
    /// <summary>Number of rows.</summary>
    public int Length => Numbers?.Length ?? Texts!.Length;

    /// <summary>A value as it appears on the wire; null where there is none.</summary>
    public object? At(int row) => Numbers is null ? Texts![row] : double.IsFinite(Numbers[row]) ? Numbers[row] : null;
}

/// <summary>The columns of a series, all of one length.</summary>
public sealed class SeriesColumns
{
    /// <summary>Most rows of a series.</summary>
    public const int MostRows = 1_000_000;

    private const int MostColumns = 200;
    private const int LongestName = 100;
    private const double LeastMjd = -100_000;
    private const double GreatestMjd = 200_000;
    private const double GreatestMag = 100;

    // Squares of larger numbers, summed over a million rows, have no place in a double.
    private const double GreatestNumber = 1e100;

    /// <summary>Checks columns; refuses unequal lengths, too many, and columns without times or without fluxes and magnitudes.</summary>
    public SeriesColumns(IReadOnlyList<SeriesColumn> columns)
    {
        All = columns;
        if (columns.Count is 0 or > MostColumns || columns.Any(column => column.Name.Length is 0 or > LongestName))
        {
            throw Refusal.Invalid($"data: it must have 1 to {MostColumns} columns with names of 1 to {LongestName} characters");
        }

        Count = columns[0].Length;
        if (columns.FirstOrDefault(column => column.Length != Count) is { } other)
        {
            throw Refusal.Invalid($"data: all columns must have the same length, but {other.Name} has {other.Length} rows and {columns[0].Name} {Count}");
        }

        if (Count is 0 or > MostRows)
        {
            throw Refusal.Invalid($"data: a series has 1 to {MostRows} rows");
        }

        foreach (var column in columns)
        {
            if (Array.FindIndex(column.Numbers ?? [], number => Math.Abs(number) > GreatestNumber) is >= 0 and var row)
            {
                throw Refusal.Invalid($"data.{column.Name}[{row}]: Input should be a number of 1e100 at most");
            }
        }

        Mjd = Numbers("mjd", "mjds") ?? throw Refusal.Invalid("data: it needs a column mjd or mjds");
        if (Mjd.Any(mjd => mjd is not (>= LeastMjd and <= GreatestMjd)))
        {
            throw Refusal.Invalid($"data: every time must be a number from {LeastMjd} to {GreatestMjd} (MJD)");
        }

        Flux = Numbers("flux", "fluxes");
        Mag = Numbers("mag", "mags", "magnitudes");
        if (Flux is null && Mag is null)
        {
            throw Refusal.Invalid("data: it needs a column flux, fluxes, mag, mags or magnitudes");
        }

        if (Mag?.Any(mag => Math.Abs(mag) > GreatestMag) == true)
        {
            throw Refusal.Invalid($"data: every magnitude must be a number from -{GreatestMag} to {GreatestMag}");
        }
    }

    /// <summary>Every column, in the order in which they were given.</summary>
    public IReadOnlyList<SeriesColumn> All { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>UTC MJD, days; all finite.</summary>
    public double[] Mjd { get; }

    /// <summary>Microjansky; null where only magnitudes are given.</summary>
    public double[]? Flux { get; }

    /// <summary>AB magnitudes; null where only fluxes are given.</summary>
    public double[]? Mag { get; }

    /// <summary>The first numeric column of one of the names; null where there is none.</summary>
    public double[]? Numbers(params string[] names) => names.Select(Find).FirstOrDefault(column => column?.Numbers is not null)?.Numbers;

    /// <summary>The text that most rows of a column hold; null where there is none.</summary>
    public string? Word(params string[] names) => names.Select(Find).FirstOrDefault(column => column?.Texts is not null)?.Texts!
        .OfType<string>().GroupBy(text => text).OrderByDescending(alike => alike.Count()).ThenBy(alike => alike.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;

    /// <summary>Reads an object of lists; a list holds numbers, truth values (1 and 0) and nulls, or texts and nulls.</summary>
    public static SeriesColumns FromJson(JsonElement data) => new([.. data.EnumerateObject().Select(column => Column(column.Name, column.Value))]);

    /// <summary>MD5 of names and values, lower-case hexadecimal: the name by which the contract knows equal data.</summary>
    public string Md5()
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var column in All.OrderBy(column => column.Name, StringComparer.Ordinal))
        {
            md5.AppendData(Encoding.UTF8.GetBytes($"{column.Name}\n{column.Length}\n"));
            if (column.Numbers is { } numbers)
            {
                md5.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(numbers));
            }
            else
            {
                md5.AppendData(Encoding.UTF8.GetBytes(string.Join('\0', column.Texts!)));
            }
        }

        return Convert.ToHexStringLower(md5.GetHashAndReset());
    }

    private SeriesColumn? Find(string name) => All.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static SeriesColumn Column(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Refusal.Invalid($"data.{name}: Input should be a valid list");
        }

        return value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String)
            ? new SeriesColumn(name, null, [.. value.EnumerateArray().Select((item, row) => item.ValueKind switch
            {
                JsonValueKind.String => item.GetString(),
                JsonValueKind.Null => null,
                _ => throw Refusal.Invalid($"data.{name}[{row}]: Input should be a valid string, as in the other rows"),
            })])
            : new SeriesColumn(name, [.. value.EnumerateArray().Select((item, row) => item.ValueKind switch
            {
                JsonValueKind.Number when double.IsFinite(item.GetDouble()) => item.GetDouble(),
                JsonValueKind.Null => double.NaN,
                JsonValueKind.True => 1,
                JsonValueKind.False => 0,
                _ => throw Refusal.Invalid($"data.{name}[{row}]: Input should be a finite number"),
            })], null);
    }
}
