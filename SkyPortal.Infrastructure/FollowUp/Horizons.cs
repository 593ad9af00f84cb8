using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Where a moving object stands at a minute.</summary>
/// <param name="Airmass">Null below the horizon.</param>
public readonly record struct EphemerisMinute(Mjd Moment, SkyPosition Position, double? Airmass);

/// <summary>Ephemerides of small bodies by JPL's Horizons, minute by minute. Those asked for lately are kept: they are known to everybody.</summary>
public sealed class Horizons(CallOutside outside, TimeProvider clock)
{
    private const int KeptEphemerides = 50;
    private const int ColumnsNeeded = 6;
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);
    private static readonly OutsideService Jpl = new("Horizons", "JPL Horizons", "https://ssd.jpl.nasa.gov") { TimeoutSeconds = 60, Attempts = 2 };

    private readonly RecentAnswers<(string, ObservingSite, Mjd, Mjd), IReadOnlyList<EphemerisMinute>> _recent = new(KeptEphemerides, KeptFor, clock);

    /// <summary>The ephemeris of a body over a window, as a site sees it.</summary>
    /// <exception cref="Refusal">Horizons knows no single body of that name.</exception>
    /// <exception cref="OutsideException">Horizons does not answer, or what cannot be read.</exception>
    public async Task<IReadOnlyList<EphemerisMinute>> HandleAsync(Viewer viewer, string name, ObservingSite site, Mjd from, Mjd to, CancellationToken ct)
    {
        var key = (name, site, from, to);
        if (_recent.Find(key) is { } known)
        {
            return known;
        }

        var id = await FindAsync(viewer, name, ct);
        var call = new OutsideCall(Jpl, "api/horizons.api")
        {
            Query =
            [
                new("format", "json"), new("COMMAND", $"'DES={id}'"), new("OBJ_DATA", "'NO'"), new("MAKE_EPHEM", "'YES'"), new("EPHEM_TYPE", "'OBSERVER'"), new("CENTER", "'coord@399'"),
                new("COORD_TYPE", "'GEODETIC'"),
                new("SITE_COORD", string.Create(CultureInfo.InvariantCulture, $"'{Angle.NormalizeDegrees(site.LongitudeDegrees):0.######},{site.LatitudeDegrees:0.######},{site.ElevationMeters / 1000:0.####}'")),
                new("START_TIME", $"'{Minute(from)}'"), new("STOP_TIME", $"'{Minute(to)}'"), new("STEP_SIZE", "'1 MINUTES'"), new("QUANTITIES", "'1,8,9'"), new("CSV_FORMAT", "'YES'"),
            ],
            Subject = name,
        };
        var minutes = Read((await outside.HandleAsync(viewer, call, ct)).Body);
        _recent.Keep(key, minutes);
        return minutes;
    }

    private async Task<string> FindAsync(Viewer viewer, string name, CancellationToken ct)
    {
        var reply = await outside.HandleAsync(viewer, new OutsideCall(Jpl, "api/horizons_support.api") { Query = [new("sstr", name)], Subject = name }, ct);
        try
        {
            using var json = JsonDocument.Parse(reply.Body);
            var data = json.RootElement.TryGetProperty("data", out var found) ? found : default;
            data = data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().FirstOrDefault() : data;
            var isOne = json.RootElement.TryGetProperty("count", out var count) && (count.ValueKind == JsonValueKind.String ? count.GetString() : count.GetRawText()) == "1";
            var fullName = data.ValueKind == JsonValueKind.Object && data.TryGetProperty("name", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            return isOne && fullName?.Contains(name, StringComparison.OrdinalIgnoreCase) == true && data.TryGetProperty("id", out var id)
                ? Quoted(id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText())
                : throw Refusal.Invalid($"JPL Horizons knows no single object called {name}.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw OutsideException.Unreadable(Jpl, "no JSON", error);
        }
    }

    private static List<EphemerisMinute> Read(byte[] body)
    {
        string text;
        try
        {
            using var json = JsonDocument.Parse(body);
            text = json.RootElement.TryGetProperty("result", out var result) ? result.GetString() ?? "" : "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw OutsideException.Unreadable(Jpl, "no JSON", error);
        }

        var start = text.IndexOf("$$SOE", StringComparison.Ordinal);
        var end = text.IndexOf("$$EOE", StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            throw OutsideException.Unreadable(Jpl, "no ephemeris");
        }

        var minutes = new List<EphemerisMinute>();
        foreach (var line in text[(start + 5)..end].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cells = line.Split(',').Select(cell => cell.Trim()).ToArray();
            if (cells.Length >= ColumnsNeeded
                && DateTime.TryParseExact(cells[0], "yyyy-MMM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                && SkyPosition.TryParse(cells[3], cells[4], out var position))
            {
                double? airmass = double.TryParse(cells[5], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
                minutes.Add(new EphemerisMinute(Mjd.FromDateTimeOffset(new DateTimeOffset(time, TimeSpan.Zero)), position, airmass));
            }
        }

        return minutes;
    }

    // The identifier goes between quotation marks.
    private static string Quoted(string id) => id.Replace("'", "", StringComparison.Ordinal);

    private static string Minute(Mjd moment) => moment.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
