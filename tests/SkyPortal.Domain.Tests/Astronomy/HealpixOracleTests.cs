using System.Buffers.Binary;
using System.Diagnostics;
using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

/// <summary>Exact agreement with healpy; the vectors and their generator are in the Vectors folder.</summary>
public sealed class HealpixOracleTests
{
    private const int Chunk = 8000;
    private const int Chunks = MillionPositions.Count / Chunk;

    private const int NeighbourChunks = 200_000 / Chunk;

    // Pixels, ring numbers, neighbours, and one hash of the faces' corners.
    private const int HashesPerOrder = (2 * Chunks) + NeighbourChunks + 1;
    private const int PointBytes = 13 * 8;
    private const int PointsPerOrder = 60;

    private static readonly Lazy<SkyPosition[]> Positions = new(MillionPositions.Create);

    public static TheoryData<int> Orders => [.. Enumerable.Range(0, Healpix.MaxOrder + 1)];

    [Theory]
    [MemberData(nameof(Orders))]
    public void PixelOf_MillionPositions_EqualsHealpy(int order)
    {
        var expected = Hashes(order);
        var positions = Positions.Value;
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            var hash = new Hash();
            for (var i = chunk * Chunk; i < (chunk + 1) * Chunk; i++)
            {
                hash.Add(Healpix.PixelOf(order, positions[i]));
            }

            Assert.True(expected[chunk] == hash.Value, $"Order {order}: a pixel of positions {chunk * Chunk} and following differs.");
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void RingNumbers_MillionPositions_EqualHealpyAndReturn(int order)
    {
        var expected = Hashes(order);
        var positions = Positions.Value;
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            var hash = new Hash();
            for (var i = chunk * Chunk; i < (chunk + 1) * Chunk; i++)
            {
                var pixel = Healpix.PixelOf(order, positions[i]);
                var ring = Healpix.NestedToRing(order, pixel);
                hash.Add(ring);
                if (Healpix.RingToNested(order, ring) != pixel)
                {
                    Assert.Fail($"Order {order}: ring pixel {ring} does not lead back to nested {pixel}.");
                }
            }

            Assert.True(expected[Chunks + chunk] == hash.Value, $"Order {order}: a ring number of positions {chunk * Chunk} and following differs.");
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Neighbours_TwoHundredThousandPositions_EqualHealpy(int order)
    {
        var expected = Hashes(order);
        var positions = Positions.Value;
        Span<long> around = stackalloc long[8];
        for (var chunk = 0; chunk < NeighbourChunks; chunk++)
        {
            var hash = new Hash();
            for (var i = chunk * Chunk; i < (chunk + 1) * Chunk; i++)
            {
                Healpix.Neighbours(order, Healpix.PixelOf(order, positions[i]), around);
                hash.Add(around);
            }

            Assert.True(expected[(2 * Chunks) + chunk] == hash.Value, $"Order {order}: a neighbour of positions {chunk * Chunk} and following differs.");
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Neighbours_CornersOfTheBaseFaces_EqualHealpy(int order)
    {
        var size = 1L << (2 * order);
        var hash = new Hash();
        Span<long> around = stackalloc long[8];
        for (var face = 0; face < 12; face++)
        {
            foreach (var corner in (long[])[0, (size - 1) / 3, 2 * (size - 1) / 3, size - 1])
            {
                Healpix.Neighbours(order, (face * size) + corner, around);
                hash.Add(around);
            }
        }

        Assert.Equal(Hashes(order)[HashesPerOrder - 1], hash.Value);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Everything_StoredPoints_EqualsHealpy(int order)
    {
        var data = Vectors.Unzip("healpix-points.bin.gz").AsSpan(order * PointsPerOrder * PointBytes, PointsPerOrder * PointBytes);
        Span<long> around = stackalloc long[8];
        for (; data.Length > 0; data = data[PointBytes..])
        {
            var position = new SkyPosition(BinaryPrimitives.ReadDoubleLittleEndian(data), BinaryPrimitives.ReadDoubleLittleEndian(data[8..]));
            var pixel = BinaryPrimitives.ReadInt64LittleEndian(data[16..]);
            Assert.Equal(pixel, Healpix.PixelOf(order, position));

            var center = Healpix.CenterOf(order, pixel);
            var expected = new SkyPosition(BinaryPrimitives.ReadDoubleLittleEndian(data[24..]), BinaryPrimitives.ReadDoubleLittleEndian(data[32..]));
            Assert.True(center.SeparationDegrees(expected) < 1e-12, $"Centre of {order}/{pixel} is {center}, not {expected}.");
            Assert.Equal(expected.RaDegrees, center.RaDegrees, 1e-12);
            Assert.Equal(pixel, Healpix.PixelOf(order, center));
            Assert.True(center.SeparationDegrees(SkyPosition.FromUnitVector(Healpix.CenterVectorOf(order, pixel))) < 1e-12);

            Healpix.Neighbours(order, pixel, around);
            for (var i = 0; i < 8; i++)
            {
                Assert.Equal(BinaryPrimitives.ReadInt64LittleEndian(data[(40 + (8 * i))..]), around[i]);
            }
        }
    }

    [Fact]
    public void PixelOf_MillionPositions_TakesWellUnderASecond()
    {
        var positions = Positions.Value;
        var best = TimeSpan.MaxValue;
        long sum = 0;
        for (var round = 0; round < 3; round++)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var position in positions)
            {
                sum += Healpix.PixelOf(Healpix.MaxOrder, position);
            }

            var taken = Stopwatch.GetElapsedTime(start);
            best = taken < best ? taken : best;
        }

        Assert.NotEqual(0, sum);
        Assert.True(best < TimeSpan.FromSeconds(0.8), $"A million positions took {best.TotalMilliseconds:F0} ms.");
    }

    private static ulong[] Hashes(int order)
    {
        var data = Vectors.Unzip("healpix-hashes.bin.gz").AsSpan(order * HashesPerOrder * 8);
        var hashes = new ulong[HashesPerOrder];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadUInt64LittleEndian(data[(8 * i)..]);
        }

        return hashes;
    }

    /// <summary>FNV-1a over whole 64-bit numbers.</summary>
    private struct Hash()
    {
        public ulong Value { get; private set; } = 0xCBF29CE484222325;

        public void Add(long number) => Value = (Value ^ (ulong)number) * 0x100000001B3;

        public void Add(ReadOnlySpan<long> numbers)
        {
            foreach (var number in numbers)
            {
                Add(number);
            }
        }
    }
}
