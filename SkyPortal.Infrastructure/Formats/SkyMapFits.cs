using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>A sky map with the header of the table it was read from.</summary>
public sealed record SkyMapFile(SkyMap Map, FitsHeader Header);

/// <summary>
/// Reads and writes HEALPix probability maps: multi-order tables (UNIQ with PROBDENSITY) and flat ones in the NESTED or RING
/// scheme (PROB, PROBABILITY or PROBDENSITY), all pixels or those that a PIXEL column names. Distances (DISTMU, DISTSIGMA, DISTNORM) are
/// kept. The file is read as a stream: a flat map may be hundreds of megabytes once it is unzipped.
/// </summary>
public static class SkyMapFits
{
    /// <summary>Largest file as it is sent, bytes.</summary>
    public const int MostFileBytes = 64 << 20;

    private const int MostHeaderBytes = 400 * FitsHeader.BlockBytes;
    private const long MostTableBytes = 1L << 30;
    private const long MostRowBytes = 16 << 20;

    // A byte of DEFLATE stands for at most 1032.
    private const long MostInflation = 1_032;
    private const int FinestFlatNside = 2048;
    private const long MostFlatNumbers = 12L * FinestFlatNside * FinestFlatNside;
    private const int MostPixelsByNumber = 4_000_000;

    // Values below count as none, as do blank pixels (healpy's UNSEEN is -1.6e30).
    private const double Least = 1e-300;
    private const double Unseen = -1e30;

    private static readonly string[] Densities = ["PROBDENSITY", "PROBABILITY_DENSITY"];
    private static readonly string[] Probabilities = ["PROB", "PROBABILITY"];
    private static readonly string[] Distances = ["DISTMU", "DISTSIGMA", "DISTNORM"];
    private static readonly string[] Equatorial = ["C", "Q", "ICRS", "J2000", "EQUATORIAL", "CELESTIAL"];

    /// <summary>Reads the first map of a FITS file, gzipped or not.</summary>
    /// <exception cref="FitsFormatException">It is no FITS file, is cut short or too large, or holds no sky map that can be read.</exception>
    public static SkyMapFile Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length > MostFileBytes)
        {
            throw new FitsFormatException($"The file has {file.Length} bytes, more than the {MostFileBytes} allowed.");
        }

        try
        {
            using var stream = Open(file);
            var header = ReadHeader(stream);
            for (var isPrimary = true; ; isPrimary = false)
            {
                var bytes = FitsReader.DataBytes(header, out var axes);
                var unit = new FitsUnit(header, isPrimary, axes, default);
                if (bytes > file.Length * (IsGzipped(file) ? MostInflation : 1))
                {
                    throw new FitsFormatException($"The FITS file promises {bytes} bytes of data, more than it can hold.");
                }

                if (unit.IsTable && MapOf(stream, FitsTable.Read(unit), axes[0]) is { } map)
                {
                    return new SkyMapFile(map, header);
                }

                Skip(stream, FitsReader.Padded(bytes));
                header = ReadHeader(stream);
            }
        }
        catch (SkyMapException error)
        {
            throw new FitsFormatException(error.Message, error);
        }
        catch (InvalidDataException error)
        {
            throw new FitsFormatException("The gzipped FITS file is corrupt.", error);
        }
        catch (EndOfStreamException error)
        {
            throw new FitsFormatException("The FITS file ends before the sky map that its headers promise.", error);
        }
    }

    /// <summary>Writes a map as a multi-order table, its densities per steradian.</summary>
    /// <param name="map">The map.</param>
    /// <param name="cards">Further keywords of the table.</param>
    public static byte[] Write(SkyMap map, IEnumerable<FitsCard>? cards = null)
    {
        string[] columns = map.Distances is null ? ["PROBDENSITY"] : ["PROBDENSITY", .. Distances];
        string[] units = ["sr-1", "Mpc", "Mpc", "Mpc-2"];
        List<FitsCard> table =
        [
            new("XTENSION", "BINTABLE"), new("BITPIX", 8L), new("NAXIS", 2L), new("NAXIS1", 8L + (8 * columns.Length)), new("NAXIS2", (long)map.Count), new("PCOUNT", 0L), new("GCOUNT", 1L),
            new("TFIELDS", 1L + columns.Length), new("TTYPE1", "UNIQ"), new("TFORM1", "K"),
        ];
        for (var i = 0; i < columns.Length; i++)
        {
            table.AddRange([new($"TTYPE{i + 2}", columns[i]), new($"TFORM{i + 2}", "D"), new($"TUNIT{i + 2}", units[i])]);
        }

        table.AddRange([new("PIXTYPE", "HEALPIX"), new("ORDERING", "NUNIQ"), new("COORDSYS", "C"), new("INDXSCHM", "EXPLICIT"), .. cards ?? []]);
        var rowBytes = 8 + (8 * columns.Length);
        var start = Header([new("SIMPLE", true), new("BITPIX", 8L), new("NAXIS", 0L), new("EXTEND", true)]);
        var middle = Header(table);
        var file = new byte[start.Length + middle.Length + FitsWriter.Padded(checked(rowBytes * map.Count))];
        start.CopyTo(file.AsSpan());
        middle.CopyTo(file.AsSpan(start.Length));
        var rows = file.AsSpan(start.Length + middle.Length);
        var uniqs = map.Uniqs();
        double[][]? distances = map.Distances is { } known ? [known.MuMpc, known.SigmaMpc, known.NormPerSquareMpc] : null;
        // Multi-order maps are sorted by UNIQ.
        foreach (var (at, row) in Enumerable.Range(0, map.Count).OrderBy(at => uniqs[at]).Select((at, row) => (at, row)))
        {
            var cell = rows[(row * rowBytes)..];
            BinaryPrimitives.WriteInt64BigEndian(cell, uniqs[at]);
            BinaryPrimitives.WriteDoubleBigEndian(cell[8..], map.DensitiesPerSteradian[at]);
            for (var i = 0; distances is not null && i < distances.Length; i++)
            {
                BinaryPrimitives.WriteDoubleBigEndian(cell[(16 + (8 * i))..], distances[i][at]);
            }
        }

        return file;
    }

    private static byte[] Header(IReadOnlyList<FitsCard> cards)
    {
        var bytes = new byte[FitsWriter.Padded((cards.Count + 1) * FitsHeader.CardBytes)];
        bytes.AsSpan().Fill((byte)' ');
        for (var i = 0; i < cards.Count; i++)
        {
            Encoding.ASCII.GetBytes(FitsWriter.TextOf(cards[i]), bytes.AsSpan(i * FitsHeader.CardBytes));
        }

        "END"u8.CopyTo(bytes.AsSpan(cards.Count * FitsHeader.CardBytes));
        return bytes;
    }

    private static Stream Open(ReadOnlyMemory<byte> file)
    {
        var stream = CappedInflation.StreamOf(file);
        return IsGzipped(file) ? new BufferedStream(new GZipStream(stream, CompressionMode.Decompress), 1 << 16) : stream;
    }

    private static bool IsGzipped(ReadOnlyMemory<byte> file) => file.Span.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    private static FitsHeader ReadHeader(Stream stream)
    {
        var bytes = new byte[FitsHeader.BlockBytes];
        for (var length = 0; length < MostHeaderBytes;)
        {
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, 2 * bytes.Length);
            }

            var read = stream.ReadAtLeast(bytes.AsSpan(length, FitsHeader.BlockBytes), FitsHeader.BlockBytes, throwOnEndOfStream: false);
            if (read < FitsHeader.BlockBytes)
            {
                throw new FitsFormatException(length == 0 && read == 0 ? "The FITS file holds no sky map: no table with UNIQ, PROB, PROBABILITY or PROBDENSITY." : "The FITS file ends within a header.");
            }

            if (length == 0 && !bytes.AsSpan().StartsWith("SIMPLE  ="u8) && !bytes.AsSpan().StartsWith("XTENSION="u8))
            {
                throw new FitsFormatException("The bytes are not those of a FITS file.");
            }

            length += read;
            for (var card = length - FitsHeader.BlockBytes; card < length; card += FitsHeader.CardBytes)
            {
                if (bytes.AsSpan(card, FitsHeader.CardBytes).StartsWith("END     "u8))
                {
                    return FitsHeader.Read(bytes.AsSpan(0, length), out _);
                }
            }
        }

        throw new FitsFormatException("The FITS header has no END card.");
    }

    private static void Skip(Stream stream, long bytes)
    {
        if (bytes > MostTableBytes)
        {
            throw new FitsFormatException($"The FITS file declares {bytes} bytes in one unit, more than the {MostTableBytes} allowed.");
        }

        var buffer = new byte[1 << 16];
        while (bytes > 0)
        {
            var part = (int)Math.Min(bytes, buffer.Length);
            stream.ReadExactly(buffer.AsSpan(0, part));
            bytes -= part;
        }
    }

    private static SkyMap? MapOf(Stream stream, FitsTable table, long rowBytes)
    {
        FitsColumn? Named(params string[] names) => table.Columns.FirstOrDefault(column => names.Contains(column.Name, StringComparer.OrdinalIgnoreCase));
        var (density, probability, uniq) = (Named(Densities), Named(Probabilities), Named("UNIQ"));
        if ((density ?? probability) is not { } values)
        {
            return null;
        }

        if (table.Header.Text("COORDSYS") is { } system && !Equatorial.Contains(system.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            throw new FitsFormatException($"COORDSYS {system} of the sky map is not supported: it must be C, celestial.");
        }

        if (rowBytes * table.Rows > MostTableBytes || rowBytes > MostRowBytes)
        {
            throw new FitsFormatException($"The sky map takes {rowBytes * table.Rows} bytes in rows of {rowBytes}, more than the {MostTableBytes} in rows of {MostRowBytes} allowed.");
        }

        FitsColumn[] distances = [.. Distances.Select(name => Named(name)).OfType<FitsColumn>()];
        FitsColumn[] columns = [values, .. distances.Length == Distances.Length ? distances : []];
        if (columns.Any(column => column.Repeat != values.Repeat))
        {
            throw new FitsFormatException("The columns of the sky map differ in length.");
        }

        var rows = new MapRows(stream, table, (int)rowBytes, columns);
        return uniq is not null ? MultiOrder(rows, uniq, density is not null)
            : Named("PIXEL") is { } pixel ? ByNumber(rows, pixel, Order(table.Header), density is not null)
            : Flat(rows, Order(table.Header), density is not null);
    }

    private static int Order(FitsHeader header)
    {
        var nside = header.Integer("NSIDE") ?? throw new FitsFormatException("The sky map has no NSIDE.");
        return nside is > 0 and <= FinestFlatNside && long.IsPow2(nside)
            ? (int)long.Log2(nside)
            : throw new FitsFormatException($"NSIDE {nside} of the sky map is not a power of two of at most {FinestFlatNside}.");
    }

    private static bool IsNested(FitsHeader header) => (header.Text("ORDERING")?.Trim().ToUpperInvariant() ?? "RING") switch
    {
        "NESTED" or "NEST" => true,
        "RING" => false,
        var other => throw new FitsFormatException($"ORDERING {other} of the sky map is neither NESTED, RING nor NUNIQ."),
    };

    private static SkyMap MultiOrder(MapRows rows, FitsColumn uniq, bool isDensity)
    {
        if (uniq.Repeat != 1 || rows.PerRow != 1)
        {
            throw new FitsFormatException("A multi-order sky map has one tile in a row.");
        }

        if (rows.Count > SkyMap.MostTiles)
        {
            throw new FitsFormatException($"The sky map has {rows.Count} tiles, more than the {SkyMap.MostTiles} allowed.");
        }

        var tiles = new FitsCells(rows.Header, uniq);
        var uniqs = new long[rows.Count];
        var values = Array.ConvertAll(new int[rows.Columns], _ => new double[uniqs.Length]);
        for (var row = 0; row < uniqs.Length; row++)
        {
            var bytes = rows.Next();
            uniqs[row] = tiles.Integer(bytes) ?? throw new FitsFormatException("UNIQ of the sky map is not a column of integers.");
            if (uniqs[row] is < 4 or >= 4L << (2 * (Healpix.MaxOrder + 1)))
            {
                throw new FitsFormatException($"UNIQ {uniqs[row]} of the sky map names no HEALPix tile.");
            }

            for (var column = 0; column < values.Length; column++)
            {
                values[column][row] = rows.Value(column, bytes, 0);
            }

            values[0][row] = Clean(values[0][row]) / (isDensity ? 1 : AreaSteradians(HealpixIndex.FromUniq(uniqs[row]).Order));
        }

        return SkyMap.Of(uniqs, values[0], values.Length > 1 ? new SkyMapDistances(values[1], values[2], values[3]) : null);
    }

    private static SkyMap Flat(MapRows rows, int order, bool isDensity)
    {
        var count = Healpix.PixelCount(order);
        if ((long)rows.Count * rows.PerRow != count)
        {
            throw new FitsFormatException($"The sky map has {(long)rows.Count * rows.PerRow} pixels where its NSIDE needs {count}.");
        }

        var area = isDensity ? 1 : AreaSteradians(order);
        var builder = new SkyMapBuilder(order, rows.Columns > 1);
        var cell = new double[rows.Columns];
        if (IsNested(rows.Header))
        {
            for (long pixel = 0; pixel < count;)
            {
                var bytes = rows.Next();
                for (var place = 0; place < rows.PerRow; place++, pixel++)
                {
                    for (var column = 0; column < cell.Length; column++)
                    {
                        cell[column] = rows.Value(column, bytes, place);
                    }

                    Add(builder, pixel, area, cell);
                }
            }

            return builder.Build();
        }

        if (count * rows.Columns > MostFlatNumbers)
        {
            throw new FitsFormatException($"The sky map holds {count * rows.Columns} numbers in the RING scheme, more than the {MostFlatNumbers} allowed.");
        }

        var values = Array.ConvertAll(new int[rows.Columns], _ => new double[count]);
        for (long pixel = 0; pixel < count;)
        {
            var bytes = rows.Next();
            for (var place = 0; place < rows.PerRow; place++, pixel++)
            {
                for (var column = 0; column < values.Length; column++)
                {
                    values[column][pixel] = rows.Value(column, bytes, place);
                }
            }
        }

        for (long pixel = 0; pixel < count; pixel++)
        {
            var ring = Healpix.NestedToRing(order, pixel);
            for (var column = 0; column < cell.Length; column++)
            {
                cell[column] = values[column][ring];
            }

            Add(builder, pixel, area, cell);
        }

        return builder.Build();
    }

    private static SkyMap ByNumber(MapRows rows, FitsColumn pixel, int order, bool isDensity)
    {
        if ((long)rows.Count * rows.PerRow > MostPixelsByNumber || pixel.Repeat != rows.PerRow)
        {
            throw new FitsFormatException($"A sky map with a PIXEL column has a number for each pixel and at most {MostPixelsByNumber} of them.");
        }

        var isNested = IsNested(rows.Header);
        var numbers = new FitsCells(rows.Header, pixel);
        var pixels = new List<(long Pixel, double[] Values)>();
        for (var row = 0; row < rows.Count; row++)
        {
            var bytes = rows.Next();
            for (var place = 0; place < rows.PerRow; place++)
            {
                var number = numbers.Number(bytes, place);
                if (!(number >= 0 && number < Healpix.PixelCount(order)))
                {
                    throw new FitsFormatException($"PIXEL {number} of the sky map is not one of its NSIDE.");
                }

                var values = new double[rows.Columns];
                for (var column = 0; column < values.Length; column++)
                {
                    values[column] = rows.Value(column, bytes, place);
                }

                pixels.Add((isNested ? (long)number : Healpix.RingToNested(order, (long)number), values));
            }
        }

        pixels.Sort(static (a, b) => a.Pixel.CompareTo(b.Pixel));
        var builder = new SkyMapBuilder(order, rows.Columns > 1);
        for (var i = 0; i < pixels.Count; i++)
        {
            if (i > 0 && pixels[i].Pixel == pixels[i - 1].Pixel)
            {
                throw new FitsFormatException("The sky map names a pixel twice.");
            }

            Add(builder, pixels[i].Pixel, isDensity ? 1 : AreaSteradians(order), pixels[i].Values);
        }

        return builder.Build();
    }

    private static void Add(SkyMapBuilder builder, long pixel, double area, double[] values)
    {
        var density = Clean(values[0]) / area;
        if (values.Length > 1)
        {
            builder.Add(pixel, density, values[1], values[2], values[3]);
        }
        else
        {
            builder.Add(pixel, density);
        }
    }

    private static double Clean(double value) => value is double.NaN or < Unseen or (>= 0 and < Least) ? 0 : value;

    private static double AreaSteradians(int order) => 4 * Math.PI / Healpix.PixelCount(order);
}
