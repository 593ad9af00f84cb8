using System.Text.Json;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Adds galaxies to a catalog, making it where it is new. For administrators.</summary>
public sealed class AddGalaxies(Contexts contexts)
{
    private const int LongestName = 250;
    private static readonly string[] NotNegative = ["distmpc", "distmpc_unc", "redshift", "redshift_error"];

    private static readonly string Sql = $"""
        insert into galaxys (created_at, modified, catalog_id, name, alt_name, ra, dec, healpix, {string.Join(", ", GalaxyRecord.Numbers)})
        select @now, @now, @catalog, r.* from unnest(@name, @alt_name, @ra, @dec, @healpix, {string.Join(", ", GalaxyRecord.Numbers.Select(name => $"@{name}"))}) r
        """;

    /// <summary>
    /// Adds the rows of an object of columns of equal length, with at least name, ra and dec (degrees, ICRS), in one transaction.
    /// Refuses columns of other lengths, positions and distances that are none, and names that the catalog has.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, string catalogName, JsonElement data, string? description, string? url, CancellationToken ct)
    {
        if (!viewer.SeesAll)
        {
            throw Refusal.Forbidden("Only administrators change catalogs of galaxies.");
        }

        if (string.IsNullOrWhiteSpace(catalogName) || catalogName.Length > 250)
        {
            throw Refusal.Invalid("catalog_name is a required parameter.");
        }

        var columns = Columns(data);
        var names = Texts(columns, "name");
        if (names.Any(name => string.IsNullOrWhiteSpace(name) || name.Length > LongestName))
        {
            throw Refusal.Invalid($"catalog_data.name: every galaxy needs a name of at most {LongestName} characters");
        }

        if (names.GroupBy(name => name).FirstOrDefault(alike => alike.Count() > 1) is { } twice)
        {
            throw Refusal.Invalid($"catalog_data.name: {twice.Key} is there twice");
        }

        var positions = Positions(columns, names.Length);
        await using var connection = await contexts.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            with made as (
                insert into galaxycatalogs (created_at, modified, name, description, url) values (@now, @now, @catalog, @description, @url)
                on conflict (name) do nothing returning id)
            select id from made union all select id from galaxycatalogs where name = @catalog
            """;
        command.With("now", contexts.Clock.GetUtcNow().UtcDateTime).With("catalog", catalogName)
            .Maybe("description", NpgsqlDbType.Text, description).Maybe("url", NpgsqlDbType.Text, url);
        var catalog = (int)(await command.ExecuteScalarAsync(ct))!;
        await using var taken = connection.CreateCommand();
        taken.CommandText = "select name from galaxys where catalog_id = @catalog and name = any(@names) limit 1";
        if (await taken.With("catalog", catalog).With("names", names).ExecuteScalarAsync(ct) is string known)
        {
            throw Refusal.Invalid($"The catalog {catalogName} already has a galaxy named {known}.");
        }

        await using var insert = connection.CreateCommand();
        insert.CommandText = Sql;
        insert.With("now", contexts.Clock.GetUtcNow().UtcDateTime).With("catalog", catalog)
            .With("name", names)
            .With("alt_name", columns.ContainsKey("alt_name") ? Texts(columns, "alt_name") : new string?[names.Length])
            .With("ra", positions.Select(position => position.RaDegrees).ToArray())
            .With("dec", positions.Select(position => position.DecDegrees).ToArray())
            .With("healpix", positions.Select(position => position.ToHealpix29()).ToArray());
        foreach (var name in GalaxyRecord.Numbers)
        {
            insert.With(name, columns.ContainsKey(name) ? Numbers(columns, name) : new double?[names.Length]);
        }

        await insert.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static Dictionary<string, JsonElement[]> Columns(JsonElement data)
    {
        var columns = new Dictionary<string, JsonElement[]>(StringComparer.Ordinal);
        foreach (var column in data.EnumerateObject())
        {
            columns[column.Name.ToLowerInvariant()] = column.Value.ValueKind == JsonValueKind.Array
                ? [.. column.Value.EnumerateArray()]
                : throw Refusal.Invalid($"catalog_data.{column.Name}: Input should be a valid list");
        }

        foreach (var (from, to) in new[] { ("z", "redshift"), ("z_unc", "redshift_error") })
        {
            if (!columns.ContainsKey(to) && columns.TryGetValue(from, out var values))
            {
                columns[to] = values;
            }
        }

        foreach (var name in new[] { "ra", "dec", "name" })
        {
            if (!data.TryGetProperty(name, out _))
            {
                throw Refusal.Invalid($"catalog_data.{name}: Field required");
            }
        }

        return columns.Values.All(column => column.Length == columns["name"].Length)
            ? columns
            : throw Refusal.Invalid("catalog_data: all columns must have the same length");
    }

    private static SkyPosition[] Positions(Dictionary<string, JsonElement[]> columns, int count)
    {
        var (ra, dec) = (Numbers(columns, "ra"), Numbers(columns, "dec"));
        return [.. Enumerable.Range(0, count).Select(i =>
            ra[i] is >= 0 and < 360 && dec[i] is >= -90 and <= 90
                ? new SkyPosition(ra[i]!.Value, dec[i]!.Value)
                : throw Refusal.Invalid($"catalog_data: row {i} has no position; ra must be 0 to 360, dec -90 to 90 degrees"))];
    }

    private static string[] Texts(Dictionary<string, JsonElement[]> columns, string name) => [.. columns[name].Select((value, i) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Null when name != "name" => null!,
        _ => throw Refusal.Invalid($"catalog_data.{name}[{i}]: Input should be a valid string"),
    })];

    private static double?[] Numbers(Dictionary<string, JsonElement[]> columns, string name) => [.. columns[name].Select((value, i) =>
    {
        double? number = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number => value.GetDouble(),
            _ => throw Refusal.Invalid($"catalog_data.{name}[{i}]: Input should be a valid number"),
        };
        return number is null || (double.IsFinite(number.Value) && (number >= 0 || !NotNegative.Contains(name)))
            ? number
            : throw Refusal.Invalid($"catalog_data.{name}[{i}]: it must be a finite number{(NotNegative.Contains(name) ? " and not negative" : "")}");
    })];
}
