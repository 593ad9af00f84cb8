using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Keeps the columns of series in the file store, as they were uploaded, and reads them back.</summary>
public sealed class SeriesData(FileStore files)
{
    private const int MostBytes = 128 << 20;

    /// <summary>Reads columns and keeps them; refuses what is neither an object of columns nor an HDF5 file with a table in base64.</summary>
    /// <returns>The columns, and the content address of their bytes.</returns>
    public async Task<(SeriesColumns Columns, string Address)> PutAsync(JsonElement data, CancellationToken ct)
    {
        var columns = data.ValueKind switch
        {
            JsonValueKind.Object => SeriesColumns.FromJson(data),
            JsonValueKind.String => FromHdf5(data),
            _ => throw Refusal.Invalid("data: Input should be an object of columns, or an HDF5 file in base64"),
        };
        var bytes = data.ValueKind == JsonValueKind.Object ? JsonSerializer.SerializeToUtf8Bytes(data) : JsonSerializer.SerializeToUtf8Bytes(ByName(columns));
        return bytes.Length <= MostBytes ? (columns, await files.PutAsync(bytes, ct)) : throw Refusal.Invalid($"data: it may have at most {MostBytes >> 20} MB");
    }

    /// <summary>The columns of a series.</summary>
    public async Task<SeriesColumns> ReadAsync(string address, CancellationToken ct)
    {
        var bytes = await files.GetAsync(address, ct) ?? throw new FileNotFoundException($"The data {address} of a series are not in the file store.");
        return SeriesColumns.FromJson(JsonSerializer.Deserialize<JsonElement>(bytes));
    }

    /// <summary>Values by column, null where there is none.</summary>
    public static Dictionary<string, object?[]> ByName(SeriesColumns columns) =>
        columns.All.ToDictionary(column => column.Name, column => Enumerable.Range(0, column.Length).Select(column.At).ToArray());

    /// <summary>Columns as an HDF5 file that pandas reads, under the key photometry.</summary>
    public static byte[] ToHdf5(SeriesColumns columns)
    {
        try
        {
            return Hdf5TableWriter.Write("photometry", [.. columns.All.Select(column => new PandasColumn(column.Name, column.Numbers, column.Texts))]);
        }
        catch (Hdf5FormatException error)
        {
            throw Refusal.Invalid($"Invalid dataFormat: {error.Message}");
        }
    }

    private static SeriesColumns FromHdf5(JsonElement data)
    {
        if (!data.TryGetBytesFromBase64(out var file))
        {
            throw Refusal.Invalid("data: Input should be an object of columns, or an HDF5 file in base64");
        }

        try
        {
            var columns = PandasTable.Read(file);
            return columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(alike => alike.Count() > 1) is { Key: var twice }
                ? throw Refusal.Invalid($"data: the column {twice} is there twice")
                : new SeriesColumns([.. columns.Select(column => new SeriesColumn(column.Name, column.Numbers?.Select(number => double.IsFinite(number) ? number : double.NaN).ToArray(), column.Texts))]);
        }
        catch (Hdf5FormatException error)
        {
            throw Refusal.Invalid($"data: {error.Message}");
        }
    }
}
