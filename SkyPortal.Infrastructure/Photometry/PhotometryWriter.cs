using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>What became of a point that was offered to the table.</summary>
public enum PhotometryOutcome
{
    /// <summary>It is a new row.</summary>
    Accepted,

    /// <summary>The same measurement is there already, from before or from earlier in the batch.</summary>
    Duplicate,
}

/// <summary>A point's row.</summary>
/// <param name="Id">Key of the new row, or of the row that was there.</param>
/// <param name="Outcome">Which of the two.</param>
public readonly record struct WrittenPoint(long Id, PhotometryOutcome Outcome);

/// <summary>
/// The one way in which points reach the table. Points that are there already cost one index look-up each and nothing more;
/// new ones go by binary COPY into the table. Only where another transaction writes one of them at the same time do they go
/// into a staging table of the connection first, and from there what is still new. Stateless; it checks no access and no values,
/// that is its callers' part.
/// </summary>
public sealed class PhotometryWriter
{
    private const string StageSql = """
        create temp table if not exists photometry_staging (
            id bigint, obj_id text, instrument_id integer, filter text, mjd double precision, flux double precision,
            fluxerr double precision, origin text, ra double precision, dec double precision, ra_unc double precision,
            dec_unc double precision, ref_flux double precision, ref_fluxerr double precision, original_user_data jsonb,
            altdata jsonb, upload_id uuid, owner_id integer, group_ids integer[], stream_ids integer[],
            followup_request_id integer, assignment_id integer, dedup_hash bigint, created_at timestamptz, modified timestamptz
        ) on commit delete rows;
        truncate photometry_staging;
        """;

    // ix_photometry_obj_id_dedup_hash serves it; the object prunes to one partition per key.
    private const string FindSql = """
        select key.place, point.id
        from unnest($1::text[], $2::bigint[]) with ordinality as key(obj_id, dedup_hash, place)
        join photometry point on point.obj_id = key.obj_id and point.dedup_hash = key.dedup_hash
        """;

    // Where the objects hold few points, reading all of them is less than asking for each.
    private const string FindAllSql = "select obj_id, dedup_hash, id from photometry where obj_id = any($1)";

    // Statistics are written with the points. They are only asked how much there is to read, never whether a point is there.
    private const string CountKnownSql = "select coalesce(sum(num_obs_global), 0) from photstats where obj_id = any($1)";

    // In place of foreign keys, which would be asked once per point: nobody deletes these rows before the transaction ends.
    private const string HoldSql = """
        select 'o' || id from (select id from objs where id = any($1) order by id for key share) objects
        union all
        select 'i' || id from (select id from instruments where id = any($2) order by id for key share) instruments
        """;

    private const string Savepoint = "points";

    private const string InsertSql =
        $"insert into photometry ({PhotometryCopy.Columns}) select {PhotometryCopy.Columns} from photometry_staging order by id on conflict (obj_id, dedup_hash) do nothing";

    /// <summary>
    /// Writes points and answers, per point and in order, which row holds it. Of equal points in the batch the first is
    /// written. <see cref="PhotometryPoint.Id"/> and <see cref="PhotometryPoint.DedupHash"/> of the input are not read.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction, at the level READ COMMITTED; the caller commits it.</param>
    /// <param name="points">Points with finite numbers, of objects and instruments that exist.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <exception cref="Refusal">An object or instrument of new points is not there, or no longer.</exception>
    public async Task<IReadOnlyList<WrittenPoint>> WriteAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<PhotometryPoint> points,
        CancellationToken ct)
    {
        if (points.Count == 0)
        {
            return [];
        }

        var batch = Batch.Of(points);
        await FindKnownAsync(connection, transaction, batch, ct);
        var missing = batch.Missing();
        if (missing.Count > 0)
        {
            await InsertAsync(connection, transaction, points, batch, missing, ct);
        }

        return batch.Answer();
    }

    private static async Task FindKnownAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, CancellationToken ct)
    {
        var objIds = batch.Keys.Select(key => key.ObjId).Distinct(StringComparer.Ordinal).ToArray();
        await using var count = new NpgsqlCommand(CountKnownSql, connection, transaction);
        count.Parameters.AddWithValue(objIds);
        if ((long)(await count.ExecuteScalarAsync(ct))! > batch.Keys.Count)
        {
            await FindAsync(connection, transaction, batch, ct);
            return;
        }

        await using var command = new NpgsqlCommand(FindAllSql, connection, transaction) { CommandTimeout = PhotometryCopy.PatienceSeconds };
        command.Parameters.AddWithValue(objIds);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            batch.Known(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
        }
    }

    private static async Task FindAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, CancellationToken ct)
    {
        var places = batch.Missing();
        await using var command = new NpgsqlCommand(FindSql, connection, transaction) { CommandTimeout = PhotometryCopy.PatienceSeconds };
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, places.Select(place => batch.Keys[place].ObjId).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Bigint, places.Select(place => batch.Keys[place].Hash).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            batch.Ids[places[(int)reader.GetInt64(0) - 1]] = reader.GetInt64(1);
        }
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<PhotometryPoint> points,
        Batch batch,
        List<int> missing,
        CancellationToken ct)
    {
        await HoldAsync(connection, transaction, [.. missing.Select(place => points[batch.FirstRow[place]])], ct);
        var firstId = await TakeIdsAsync(connection, transaction, missing.Count, ct);
        var rows = InOrderOfObjects(points, batch, missing).Select(i => (points[batch.FirstRow[missing[i]]], firstId + i, batch.Keys[missing[i]].Hash));
        batch.Taken = (firstId, firstId + missing.Count - 1);
        await transaction.SaveAsync(Savepoint, ct);
        try
        {
            await new PhotometryCopy().WriteAsync(connection, "photometry", rows, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await transaction.RollbackAsync(Savepoint, ct);
            await InsertBesideOthersAsync(connection, transaction, batch, rows, ct);
            return;
        }

        await transaction.ReleaseAsync(Savepoint, ct);
        for (var i = 0; i < missing.Count; i++)
        {
            batch.Ids[missing[i]] = firstId + i;
        }
    }

    // An index that grows at one place per object costs a fraction of one that grows everywhere, and a light curve that lies
    // together is read in fewer pages. Ids stay in the order of the upload.
    private static int[] InOrderOfObjects(IReadOnlyList<PhotometryPoint> points, Batch batch, List<int> missing)
    {
        var order = new int[missing.Count];
        var keys = new (int Object, long Hash)[missing.Count];
        var objects = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < order.Length; i++)
        {
            var (objId, hash) = batch.Keys[missing[i]];
            if (!objects.TryGetValue(objId, out var number))
            {
                objects.Add(objId, number = objects.Count);
            }

            (order[i], keys[i]) = (i, (number, hash));
        }

        Array.Sort(keys, order);
        return order;
    }

    // Another transaction wrote some of them in the meantime: theirs stay, and those of ours are found with our own ids.
    private static async Task InsertBesideOthersAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Batch batch, IEnumerable<(PhotometryPoint Point, long Id, long Hash)> rows, CancellationToken ct)
    {
        await using (var stage = new NpgsqlCommand(StageSql, connection, transaction))
        {
            await stage.ExecuteNonQueryAsync(ct);
        }

        await new PhotometryCopy().WriteAsync(connection, "photometry_staging", rows, ct);
        await using (var insert = new NpgsqlCommand(InsertSql, connection, transaction) { CommandTimeout = PhotometryCopy.PatienceSeconds })
        {
            await insert.ExecuteNonQueryAsync(ct);
        }

        await FindAsync(connection, transaction, batch, ct);
    }

    /// <summary>Keeps the objects and instruments of points from being deleted until the transaction ends.</summary>
    /// <exception cref="Refusal">One of them is not there, or no longer.</exception>
    internal static async Task HoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PhotometryPoint> points, CancellationToken ct)
    {
        var objects = points.Select(point => point.ObjId).ToHashSet(StringComparer.Ordinal);
        var instruments = points.Select(point => point.InstrumentId).ToHashSet();
        await using var command = new NpgsqlCommand(HoldSql, connection, transaction);
        command.Parameters.AddWithValue(objects.ToArray());
        command.Parameters.AddWithValue(instruments.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var held = reader.GetString(0);
            _ = held[0] == 'o' ? objects.Remove(held[1..]) : instruments.Remove(int.Parse(held[1..], CultureInfo.InvariantCulture));
        }

        if (objects.Count > 0)
        {
            throw Refusal.Conflict($"There is no object {objects.First()}; it may have been deleted in the meantime.");
        }

        if (instruments.Count > 0)
        {
            throw Refusal.Conflict($"There is no instrument {instruments.First()}; it may have been deleted in the meantime.");
        }
    }

    private static async Task<long> TakeIdsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select take_photometry_ids($1)", connection, transaction);
        command.Parameters.AddWithValue(count);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The batch by distinct measurement ("place").</summary>
    private sealed class Batch
    {
        private readonly Dictionary<(string ObjId, long Hash), int> _places = [];
        private int[] _placeOfRow = [];

        public List<(string ObjId, long Hash)> Keys { get; } = [];

        /// <summary>By place: the first row that has it.</summary>
        public List<int> FirstRow { get; } = [];

        /// <summary>By place: the id of its row, 0 until it is known.</summary>
        public long[] Ids { get; private set; } = [];

        /// <summary>Ids that this call took for new rows.</summary>
        public (long First, long Last) Taken { get; set; }

        public static Batch Of(IReadOnlyList<PhotometryPoint> points)
        {
            var batch = new Batch { _placeOfRow = new int[points.Count] };
            batch._places.EnsureCapacity(points.Count);
            for (var row = 0; row < points.Count; row++)
            {
                var key = (points[row].ObjId, PhotometryIdentity.Hash(points[row]));
                if (!batch._places.TryGetValue(key, out var place))
                {
                    place = batch.Keys.Count;
                    batch._places.Add(key, place);
                    batch.Keys.Add(key);
                    batch.FirstRow.Add(row);
                }

                batch._placeOfRow[row] = place;
            }

            batch.Ids = new long[batch.Keys.Count];
            return batch;
        }

        /// <summary>Notes a row of the table; one that is not in the batch is passed over.</summary>
        public void Known(string objId, long hash, long id)
        {
            if (_places.TryGetValue((objId, hash), out var place))
            {
                Ids[place] = id;
            }
        }

        public List<int> Missing()
        {
            var missing = new List<int>();
            for (var place = 0; place < Ids.Length; place++)
            {
                if (Ids[place] == 0)
                {
                    missing.Add(place);
                }
            }

            return missing;
        }

        public WrittenPoint[] Answer()
        {
            var answer = new WrittenPoint[_placeOfRow.Length];
            for (var row = 0; row < answer.Length; row++)
            {
                var place = _placeOfRow[row];
                var accepted = FirstRow[place] == row && Ids[place] >= Taken.First && Ids[place] <= Taken.Last;
                answer[row] = new WrittenPoint(Ids[place], accepted ? PhotometryOutcome.Accepted : PhotometryOutcome.Duplicate);
            }

            return answer;
        }
    }
}
