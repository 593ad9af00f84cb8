using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>That a broker let an alert pass a filter.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Note">What is noted of it; null for what the broker says of the object.</param>
public sealed record BrokerPassing(MappedFilter Filter, JsonObject? Note);

/// <summary>An alert of a broker with the filters that it passed.</summary>
/// <param name="Alert">The alert with all that was measured.</param>
/// <param name="Passings">The filters.</param>
public sealed record PassedAlert(BrokerAlert Alert, IReadOnlyList<BrokerPassing> Passings);

/// <summary>What was made of alerts.</summary>
/// <param name="Candidates">New candidates.</param>
/// <param name="Points">New measurements.</param>
/// <param name="Dropped">Measurements of no stream of this site.</param>
public sealed record TakenAlerts(int Candidates, int Points, int Dropped)
{
    /// <summary>Alerts of which a candidate was made.</summary>
    public IReadOnlySet<(string ObjId, long AlertId)> New { get; init; } = new HashSet<(string, long)>();
}

/// <summary>
/// Makes candidates of a broker's alerts: object, light curve, candidates with the filters' annotations and saves, cut-outs, in one
/// transaction. What is here already is not written again, so that the same alert twice changes nothing.
/// </summary>
public sealed class TakeBrokerAlerts(
    Contexts contexts, FileStore files, ReadIngestDirectory readDirectory, ImportRows imports, PhotometryWriter photometry, UpdatePhotStats photStats, WriteCandidates candidates)
{
    private const int MostNoteBytes = 100_000;

    // A picture of an older alert does not replace a newer one's.
    private const string NewestSql = "select obj_id, max(passing_alert_id) from candidates where obj_id = any($1) and passing_alert_id is not null group by obj_id";

    private const string OldPicturesSql = "delete from thumbnails where obj_id = $1 and survey = $2 and type = $3 and origin = $2 and file_hash is not null and file_hash <> $4";

    private const string PictureSql = """
        insert into thumbnails (obj_id, type, survey, origin, file_hash, is_grayscale, created_at, modified)
        select $1, $3, $2, $2, $4, $5, $6, $6
        where not exists (select from thumbnails where obj_id = $1 and survey = $2 and type = $3 and file_hash = $4)
        """;

    /// <summary>Takes them; all or nothing.</summary>
    /// <exception cref="PostgresException">Nothing was written.</exception>
    public async Task<TakenAlerts> HandleAsync(IReadOnlyList<PassedAlert> alerts, CancellationToken ct)
    {
        var ready = alerts.Select(Ready).Where(alert => alert.Passings.Count > 0).ToList();
        if (ready.Count == 0)
        {
            return new TakenAlerts(0, 0, 0);
        }

        var directory = await readDirectory.HandleAsync(ct);
        var rows = new List<(string ObjId, IReadOnlyList<Domain.Photometry.PhotometryPoint> Points)>();
        var dropped = 0;
        foreach (var alert in ready)
        {
            var (points, without) = await imports.OfAsync(directory, alert.Alert.ObjectId, alert.Alert, ct);
            rows.Add((alert.Alert.ObjectId, points));
            dropped += without;
        }

        // The files first: a row never points to half a file.
        var pictures = await DrawAsync(ready, ct);
        await using var connection = await contexts.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = Now();
        var prepared = ready.Select((alert, i) => Prepare(directory, alert)).ToList();
        await WriteAlerts.AddObjectsAsync(connection, transaction, prepared, now, ct);
        var added = 0;
        foreach (var (objId, points) in rows)
        {
            var fresh = await ImportRows.NewAsync(connection, transaction, objId, points, ct);
            var written = await photometry.WriteAsync(connection, transaction, fresh, ct);
            await photStats.HandleAsync(connection, transaction, fresh, written, ct);
            added += written.Count(point => point.Outcome == PhotometryOutcome.Accepted);
        }

        var newest = await NewestAsync(connection, transaction, ready, ct);
        var known = await KnownPassings.ReadAsync(
            connection, transaction, prepared.Select(alert => alert.Alert.ObjId), prepared.SelectMany(alert => alert.Passings.Select(passing => passing.Filter.Id)), ct);
        prepared = [.. prepared.Select(alert => alert with { Passings = [.. alert.Passings.Where(passing => known.Add((alert.Alert.ObjId, passing.Filter.Id, alert.Alert.AlertId)))] })
            .Where(alert => alert.Passings.Count > 0)];
        await candidates.HandleAsync(connection, transaction, prepared, directory.OwnerId, now, ct);
        foreach (var (alert, drawn) in pictures.Where(pair => Number(pair.Alert) >= newest.GetValueOrDefault(pair.Alert.ObjectId)))
        {
            await ShowAsync(connection, transaction, alert, drawn, now, ct);
        }

        await transaction.CommitAsync(ct);
        return new TakenAlerts(prepared.Sum(alert => alert.Passings.Count), added, dropped) { New = prepared.Select(alert => (alert.Alert.ObjId, alert.Alert.AlertId)).ToHashSet() };
    }

    /// <summary>The survey's number of an alert; null where it has none that is a number.</summary>
    public static long? NumberOf(BrokerAlert alert) => long.TryParse(alert.AlertId, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long Number(BrokerAlert alert) => NumberOf(alert) ?? 0;

    // Only filters whose streams show the alert; an alert without a number or a time is no passing.
    private static PassedAlert Ready(PassedAlert passed) => NumberOf(passed.Alert) is null || passed.Alert.MjdUtcDays is null
        ? passed with { Passings = [] }
        : passed with { Passings = [.. passed.Passings.Where(passing => passing.Filter.MaySee(passed.Alert)).DistinctBy(passing => passing.Filter.Filter.Id)] };

    private static PreparedAlert Prepare(IngestDirectory directory, PassedAlert passed)
    {
        var alert = passed.Alert;
        var decoded = new DecodedAlert
        {
            Name = $"{alert.ObjectId} {alert.AlertId}",
            Survey = alert.Survey,
            AlertId = Number(alert),
            ObjId = alert.ObjectId,
            Mjd = alert.MjdUtcDays!.Value,
            RaDegrees = alert.RaDegrees,
            DecDegrees = alert.DecDegrees,
            Programme = alert.Programme,
            Score = alert.Score,
            IsRoid = alert.IsRoid,
            MpcName = alert.MpcName,
            Packet = NoPacket,
            Photometry = [],
        };
        var passings = passed.Passings.Select(passing => new FilterPassing(passing.Filter.Filter, passing.Filter.Annotates ? Note(passing.Note ?? alert.Properties) : null)).ToList();
        return new PreparedAlert(
            decoded, directory.Streams.StreamsOf(alert.Survey, alert.Programme), Healpix.PixelOf(Healpix.MaxOrder, alert.RaDegrees, alert.DecDegrees), passings, [], 0, [], SearchedFields.Of(decoded, _ => false));
    }

    private static PacketRecord NoPacket { get; } = new(new PacketLayout("broker", []), []);

    private static string? Note(JsonObject note) => note.Count > 0 && BrokerJson.Node(JsonSerializer.SerializeToElement(note)).ToJsonString() is { Length: <= MostNoteBytes } text ? text : null;

    private async Task<List<(BrokerAlert Alert, List<(FetchedPicture Picture, string Hash)> Drawn)>> DrawAsync(IEnumerable<PassedAlert> alerts, CancellationToken ct)
    {
        var pictures = new List<(BrokerAlert, List<(FetchedPicture, string)>)>();
        // Everybody who sees an object sees its pictures: those of proprietary alerts stay at the broker.
        foreach (var alert in alerts.Select(passed => passed.Alert).Where(alert => alert.Cutouts is not null && alert.Programme == BrokerAlert.PublicProgramme)
            .GroupBy(alert => alert.ObjectId).Select(group => group.MaxBy(Number)!))
        {
            var drawn = new List<(FetchedPicture, string)>();
            foreach (var picture in BrokerPictures.Draw(alert.Cutouts!, alert.Survey))
            {
                drawn.Add((picture, await files.PutAsync(picture.Png, ct)));
            }

            pictures.Add((alert, drawn));
        }

        return pictures;
    }

    private static async Task<Dictionary<string, long>> NewestAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PassedAlert> alerts, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(NewestSql, connection, transaction);
        command.Parameters.AddWithValue(alerts.Select(alert => alert.Alert.ObjectId).Distinct().ToArray());
        var newest = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            newest[reader.GetString(0)] = reader.GetInt64(1);
        }

        return newest;
    }

    private static async Task ShowAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BrokerAlert alert, List<(FetchedPicture Picture, string Hash)> drawn, DateTime now, CancellationToken ct)
    {
        foreach (var (picture, hash) in drawn)
        {
            await using var old = new NpgsqlCommand(OldPicturesSql, connection, transaction);
            await using var add = new NpgsqlCommand(PictureSql, connection, transaction);
            foreach (var command in new[] { old, add })
            {
                command.Parameters.AddWithValue(alert.ObjectId);
                command.Parameters.AddWithValue(alert.Survey);
                command.Parameters.AddWithValue(picture.Type);
                command.Parameters.AddWithValue(hash);
            }

            add.Parameters.AddWithValue(picture.IsGrayscale);
            add.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, now);
            await old.ExecuteNonQueryAsync(ct);
            await add.ExecuteNonQueryAsync(ct);
        }
    }

    private DateTime Now()
    {
        var now = contexts.Clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
