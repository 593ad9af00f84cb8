using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Npgsql;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>
/// Sends points to a table by binary COPY. It writes PostgreSQL's format itself ("COPY", section "Binary Format", of its manual),
/// into one buffer: a call per value through the driver costs as much as the server's own work.
/// </summary>
internal sealed class PhotometryCopy
{
    /// <summary>Columns in the order in which they are sent.</summary>
    public const string Columns =
        "id, obj_id, instrument_id, filter, mjd, flux, fluxerr, origin, ra, dec, ra_unc, dec_unc, ref_flux, ref_fluxerr, "
        + "original_user_data, altdata, upload_id, owner_id, group_ids, stream_ids, followup_request_id, assignment_id, "
        + "dedup_hash, created_at, modified";

    /// <summary>A busy server may take long for its part of a million rows.</summary>
    public const int PatienceSeconds = 600;

    private const int ColumnCount = 25;
    private const int FlushBytes = 1 << 18;

    private const int PatienceMs = PatienceSeconds * 1_000;
    private const int IntegerOid = 23;

    // "PGCOPY\n\377\r\n\0", no flags, no extension.
    private static readonly byte[] Header = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly Dictionary<int[], byte[]> _arrays = new(ReferenceEqualityComparer.Instance);
    private byte[] _buffer = new byte[FlushBytes * 2];
    private byte[] _spare = new byte[FlushBytes * 2];
    private int _length;

    /// <summary>Sends points.</summary>
    /// <param name="connection">An open connection, in a transaction where the rows are to be undone on failure.</param>
    /// <param name="table">A table with these columns.</param>
    /// <param name="rows">Points with their keys and hashes.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="PostgresException">The table refuses a row; then none was written.</exception>
    public async Task WriteAsync(
        NpgsqlConnection connection, string table, IEnumerable<(PhotometryPoint Point, long Id, long Hash)> rows, CancellationToken ct)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync($"copy {table} ({Columns}) from stdin (format binary)", ct);
        stream.WriteTimeout = PatienceMs;
        stream.ReadTimeout = PatienceMs;
        Bytes(Header);
        // One buffer is filled while the other is on its way.
        var sending = Task.CompletedTask;
        foreach (var (point, id, hash) in rows)
        {
            Row(point, id, hash);
            if (_length >= FlushBytes)
            {
                await sending;
                sending = Send(stream, ct);
            }
        }

        BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);
        await sending;
        await Send(stream, ct);
    }

    private Task Send(NpgsqlRawCopyStream stream, CancellationToken ct)
    {
        var full = _buffer.AsMemory(0, _length);
        (_buffer, _spare, _length) = (_spare, _buffer, 0);
        return stream.WriteAsync(full, ct).AsTask();
    }

    private void Row(PhotometryPoint point, long id, long hash)
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(2), ColumnCount);
        Long(id);
        Text(point.ObjId);
        Int(point.InstrumentId);
        Text(point.Filter);
        Double(point.Mjd);
        Double(point.Flux);
        Double(point.Fluxerr);
        Text(point.Origin);
        Double(point.Ra);
        Double(point.Dec);
        Double(point.RaUnc);
        Double(point.DecUnc);
        Double(point.RefFlux);
        Double(point.RefFluxerr);
        Json(point.OriginalUserData);
        Json(point.Altdata);
        Length(16);
        point.UploadId.TryWriteBytes(Take(16), bigEndian: true, out _);
        Int(point.OwnerId);
        Bytes(ArrayOf(point.GroupIds));
        Bytes(ArrayOf(point.StreamIds));
        Int(point.FollowupRequestId);
        Int(point.AssignmentId);
        Long(hash);
        Time(point.CreatedAt);
        Time(point.Modified);
    }

    private void Null() => Length(-1);

    private void Length(int bytes) => BinaryPrimitives.WriteInt32BigEndian(Take(4), bytes);

    private void Int(int? value)
    {
        if (value is not { } number)
        {
            Null();
            return;
        }

        Length(4);
        BinaryPrimitives.WriteInt32BigEndian(Take(4), number);
    }

    private void Long(long value)
    {
        Length(8);
        BinaryPrimitives.WriteInt64BigEndian(Take(8), value);
    }

    // A quiet NaN stands for what was not measured, as null does.
    private void Double(double? value)
    {
        if (value is not { } number || double.IsNaN(number))
        {
            Null();
            return;
        }

        Length(8);
        BinaryPrimitives.WriteDoubleBigEndian(Take(8), number);
    }

    private void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Length(bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    private void Json(JsonElement? value)
    {
        if (value is not { } element)
        {
            Null();
            return;
        }

        var raw = JsonMarshal.GetRawUtf8Value(element);
        Length(raw.Length + 1);
        Take(1)[0] = 1;
        raw.CopyTo(Take(raw.Length));
    }

    private void Time(DateTime utc) => Long((DateTime.SpecifyKind(utc, DateTimeKind.Utc) - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    // The points of a batch share their arrays.
    private byte[] ArrayOf(int[] values)
    {
        if (!_arrays.TryGetValue(values, out var bytes))
        {
            _arrays[values] = bytes = Encode(values);
        }

        return bytes;
    }

    private static byte[] Encode(int[] values)
    {
        var head = values.Length == 0 ? 12 : 20;
        var bytes = new byte[4 + head + (8 * values.Length)];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteInt32BigEndian(span, bytes.Length - 4);
        BinaryPrimitives.WriteInt32BigEndian(span[4..], values.Length == 0 ? 0 : 1);
        BinaryPrimitives.WriteInt32BigEndian(span[12..], IntegerOid);
        if (values.Length > 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(span[16..], values.Length);
            BinaryPrimitives.WriteInt32BigEndian(span[20..], 1);
        }

        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(span[(24 + (8 * i))..], 4);
            BinaryPrimitives.WriteInt32BigEndian(span[(28 + (8 * i))..], values[i]);
        }

        return bytes;
    }

    private Span<byte> Take(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }

        var span = _buffer.AsSpan(_length, bytes);
        _length += bytes;
        return span;
    }
}
