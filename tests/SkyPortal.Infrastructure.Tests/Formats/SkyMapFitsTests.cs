using System.IO.Compression;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class SkyMapFitsTests
{
    private const string Table = "XTENSION= 'BINTABLE';BITPIX  = 8;NAXIS   = 2;PCOUNT  = 0;GCOUNT  = 1;COORDSYS= 'C';PIXTYPE = 'HEALPIX';";

    [Fact]
    public void Read_TooLargeAFile_IsRefusedUnread() =>
        Assert.Contains("67108864 allowed", Assert.Throws<FitsFormatException>(() => SkyMapFits.Read(new byte[SkyMapFits.MostFileBytes + 1])).Message, StringComparison.Ordinal);

    [Fact]
    public void WriteThenRead_MultiOrderWithDistances_IsTheSameMap()
    {
        var distances = new SkyMapDistances([100, double.PositiveInfinity, 130], [10, 1, 12], [1e-4, 0, 2e-4]);
        var map = SkyMap.Of([4, 21, 22], [0.5, 0, 0.25], distances);

        var file = SkyMapFits.Write(map, [new FitsCard("DISTMEAN", 110.0), new FitsCard("OBJECT", "S1")]);
        var back = SkyMapFits.Read(file);

        Assert.Equal(0, file.Length % 2880);
        Assert.Equal(map.Uniqs(), back.Map.Uniqs());
        Assert.Equal(map.DensitiesPerSteradian, back.Map.DensitiesPerSteradian);
        Assert.Equal(distances.MuMpc, back.Map.Distances!.MuMpc);
        Assert.Equal(distances.SigmaMpc, back.Map.Distances.SigmaMpc);
        Assert.Equal(distances.NormPerSquareMpc, back.Map.Distances.NormPerSquareMpc);
        Assert.Equal(110.0, back.Header.Number("DISTMEAN"));
    }

    [Theory]
    [InlineData("NESTED", 0)]
    [InlineData("NESTED", 3)]
    [InlineData("RING", 0)]
    [InlineData("RING", 2)]
    [InlineData("RING", 5)]
    public void Read_Flat_HasEachPixelsProbabilityAtItsCentre(string ordering, int order)
    {
        var count = (int)Healpix.PixelCount(order);
        var values = Enumerable.Range(0, count).Select(pixel => (double)((pixel * 7919 % 13) + 1)).ToArray();
        var sum = values.Sum();
        var nside = 1 << order;
        var file = File($"{Table}NAXIS1  = 8;NAXIS2  = {count};TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= '{ordering}';NSIDE   = {nside}", FitsFile.Doubles([.. values.Select(value => value / sum)]));

        var map = SkyMapFits.Read(Gzip(file)).Map;

        Assert.Equal(1, map.Total, 1e-12);
        for (long pixel = 0; pixel < count; pixel++)
        {
            var nested = ordering == "RING" ? Healpix.RingToNested(order, pixel) : pixel;
            Assert.Equal(values[pixel] / sum * count / 4 / Math.PI, map.DensityPerSteradianAt(Healpix.CenterOf(order, nested)), 1e-9);
        }
    }

    [Fact]
    public void Read_ManyPixelsInARowAndSinglePrecision_IsTheSame()
    {
        var file = File($"{Table}NAXIS1  = 24;NAXIS2  = 2;TFIELDS = 1;TTYPE1  = 'PROBABILITY';TFORM1  = '6E';ORDERING= 'RING';NSIDE   = 1", FitsFile.Floats([.. Enumerable.Range(0, 12).Select(pixel => pixel == 5 ? 1f : 0f)]));

        var map = SkyMapFits.Read(file).Map;

        Assert.Equal(5, Healpix.NestedToRing(0, Healpix.PixelOf(0, map.MostProbable)));
        Assert.Equal(1, map.Total, 1e-12);
    }

    [Fact]
    public void Read_PixelsByNumber_LeavesTheRestEmpty()
    {
        var rows = new[] { (7.0, 0.25), (3.0, 0.75) }.SelectMany(row => FitsFile.Doubles(row.Item1, row.Item2)).ToArray();
        var file = File($"{Table}NAXIS1  = 16;NAXIS2  = 2;TFIELDS = 2;TTYPE1  = 'PIXEL';TFORM1  = 'D';TTYPE2  = 'PROB';TFORM2  = 'D';ORDERING= 'NESTED';NSIDE   = 2;INDXSCHM= 'EXPLICIT'", rows);

        var map = SkyMapFits.Read(file).Map;

        Assert.Equal([new HealpixIndex(1, 3), new HealpixIndex(1, 7)], [map[0], map[1]]);
        Assert.Equal(0.75, map.ProbabilityOf(0), 1e-12);
    }

    [Theory]
    [InlineData("NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= 'RING';NSIDE   = 3", "power of two")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= 'RING';NSIDE   = 536870912", "at most 2048")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= 'RING'", "NSIDE")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= 'SPIRAL';NSIDE   = 1", "SPIRAL")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= 'NESTED';NSIDE   = 2", "needs 48")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'FLUX';TFORM1  = 'D';ORDERING= 'NESTED';NSIDE   = 1", "no sky map")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 2000000000;TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= 'NESTED';NSIDE   = 1", "more")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'PROBDENSITY';TFORM1  = 'D';ORDERING= 'NESTED';NSIDE   = 1;COORDSYS= 'G'", "power")]
    [InlineData("NAXIS1  = 16;NAXIS2  = 6;TFIELDS = 2;TTYPE1  = 'UNIQ';TFORM1  = 'D';TTYPE2  = 'PROBDENSITY';TFORM2  = 'D'", "UNIQ")]
    public void Read_WhatIsNoMap_SaysWhy(string cards, string why)
    {
        var error = Assert.Throws<FitsFormatException>(() => SkyMapFits.Read(File(Table + cards, new byte[96])));

        if (!cards.Contains("'G'", StringComparison.Ordinal))
        {
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_OtherCoordinates_SaysWhy()
    {
        var cards = Table.Replace("'C'", "'G'", StringComparison.Ordinal) + "NAXIS1  = 8;NAXIS2  = 12;TFIELDS = 1;TTYPE1  = 'PROB';TFORM1  = 'D';ORDERING= 'NESTED';NSIDE   = 1";

        Assert.Contains("COORDSYS G", Assert.Throws<FitsFormatException>(() => SkyMapFits.Read(File(cards, new byte[96]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CutOrMutatedFiles_SucceedOrThrowFitsFormatException()
    {
        var whole = SkyMapFits.Write(SkyMapShapes.Cone(new SkyPosition(10, 20), 5));
        var zipped = Gzip(whole);
        var random = new Random(3);
        for (var trial = 0; trial < 400; trial++)
        {
            var source = trial % 2 == 0 ? whole : zipped;
            var bytes = source[..(trial % 4 < 2 ? random.Next(source.Length) : source.Length)];
            for (var i = 0; i < trial % 5 && bytes.Length > 0; i++)
            {
                bytes[random.Next(Math.Min(bytes.Length, 6_000))] = (byte)random.Next(256);
            }

            try
            {
                SkyMapFits.Read(bytes);
            }
            catch (FitsFormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Fact]
    public void Read_GravitationalWaveMapWithDistances_HasTheKnownAreas()
    {
        // LALInference map of GW190814 (S190814bv); area and distance as published: 23 square degrees at 90 %, 267 Mpc (GCN 25333).
        var file = SkyMapFits.Read(System.IO.File.ReadAllBytes(SharedData.PathOrSkip("skymaps/LALInference.v1.fits.gz")));

        Assert.Equal(1, file.Map.Total, 1e-6);
        Assert.InRange(file.Map.CredibleRegion(0.9).AreaSquareDegrees, 22, 24);
        Assert.InRange(file.Map.CredibleRegion(0.5).AreaSquareDegrees, 4, 6);
        Assert.Equal(267.4, file.Header.Number("DISTMEAN")!.Value, 0.1);
        Assert.NotNull(file.Map.Distances);
        Assert.InRange(file.Map.Count, 1_000, 200_000);
        // The foreground galaxy NGC 253 stands within the region.
        Assert.InRange(file.Map.CredibleLevelAt(new SkyPosition(11.888, -25.288)), 0.0, 0.9);
        Assert.Equal(1, file.Map.CredibleLevelAt(new SkyPosition(200, 60)), 1e-3);
    }

    [Fact]
    public void Read_TriangulationInRings_IsReadWithinTheLimits()
    {
        var file = SkyMapFits.Read(System.IO.File.ReadAllBytes(SharedData.PathOrSkip("skymaps/GRB220617A_IPN_map_hpx.fits.gz")));

        Assert.Equal(1, file.Map.Total, 1e-3);
        Assert.InRange(file.Map.Count, 100, SkyMap.MostTiles);
        Assert.InRange(file.Map.CredibleRegion(0.9).AreaSquareDegrees, 0.05, 0.5);
    }

    private static byte[] File(string cards, byte[] data) => [.. FitsFile.Unit(FitsFile.EmptyPrimary, []), .. FitsFile.Unit(cards, data)];

    private static byte[] Gzip(byte[] file)
    {
        using var target = new MemoryStream();
        using (var zipper = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            zipper.Write(file);
        }

        return target.ToArray();
    }
}
