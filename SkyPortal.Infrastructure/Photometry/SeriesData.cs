using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Keeps the columns of series in the file store, as they were uploaded, and reads them back.</summary>
public sealed class SeriesData(FileStore files)
{
    private const int MostBytes = 128 << 20;

    /// <summary>Reads columns and keeps their bytes; refuses what is no object of columns.</summary>
    /// <returns>The columns, and the content address of their bytes.</returns>
    public async Task<(SeriesColumns Columns, string Address)> PutAsync(JsonElement data, CancellationToken ct)
    {
        if (data.ValueKind != JsonValueKind.Object)
        {
            throw Refusal.Invalid("data: Input should be an object of columns; files in the format HDF5 are not read here");
        }

        var columns = SeriesColumns.FromJson(data);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(data);
        return bytes.Length <= MostBytes ? (columns, await files.PutAsync(bytes, ct)) : throw Refusal.Invalid($"data: it may have at most {MostBytes >> 20} MB");
    }

    /// <summary>The columns of a series.</summary>
    public async Task<SeriesColumns> ReadAsync(string address, CancellationToken ct)
    {
        var bytes = await files.GetAsync(address, ct) ?? throw new FileNotFoundException($"The data {address} of a series are not in the file store.");
        return SeriesColumns.FromJson(JsonSerializer.Deserialize<JsonElement>(bytes));
    }
}
