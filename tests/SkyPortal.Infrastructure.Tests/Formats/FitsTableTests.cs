using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class FitsTableTests
{
    [Fact]
    public void Read_MixedColumns_ListsTheNumericOnesWithTheirNumbers()
    {
        byte[] Row(double wave, float flux, short counts) =>
            [.. FitsFile.Doubles(wave), .. "ab"u8, .. FitsFile.Floats(flux, -flux), .. FitsFile.Shorts(counts), (byte)'T', 0xff, 0x80];
        var table = FitsTable.Read(Only(
            "XTENSION= 'BINTABLE';BITPIX  = 8;NAXIS   = 2;NAXIS1  = 23;NAXIS2  = 2;PCOUNT  = 0;GCOUNT  = 1;TFIELDS = 6;"
            + "TTYPE1  = 'wave    ';TFORM1  = '1D      ';TUNIT1  = 'nm';TTYPE2  = 'name';TFORM2  = '2A';TTYPE3  = 'flux';TFORM3  = '2E';"
            + "TTYPE4  = 'counts';TFORM4  = 'I';TSCAL4  = 2.0;TZERO4  = 100;TNULL4  = 7;TTYPE5  = 'good';TFORM5  = 'L';TTYPE6  = 'bits';TFORM6  = '9X'",
            [.. Row(400, 1, 5), .. Row(401, 2, 7)]));

        Assert.Equal(2, table.Rows);
        Assert.Equal([("wave", "nm", 1), ("flux", null, 2), ("counts", null, 1)], table.Columns.Select(column => (column.Name, column.Unit, column.Repeat)));
        Assert.Equal([400, 401], table.Numbers(table.Columns[0]));
        Assert.Equal([1, -1, 2, -2], table.Numbers(table.Columns[1]));
        Assert.Equal([110, double.NaN], table.Numbers(table.Columns[2]));
    }

    [Theory]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1;TFIELDS = 1;TFORM1  = '2D'")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1;TFIELDS = 1;TFORM1  = 'E'")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1;TFIELDS = 1")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1;TFIELDS = 1;TFORM1  = '12'")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1;TFIELDS = 1;TFORM1  = '1Z'")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1;TFIELDS = 1;TFORM1  = '99999999999999999999D'")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1;TFIELDS = -1")]
    [InlineData("NAXIS1  = 8;NAXIS2  = 1")]
    public void Read_ColumnsThatDoNotMakeARow_Throw(string cards) =>
        Assert.Throws<FitsFormatException>(() => FitsTable.Read(Only("XTENSION= 'BINTABLE';BITPIX  = 8;NAXIS   = 2;PCOUNT  = 0;GCOUNT  = 1;" + cards, new byte[8])));

    [Fact]
    public void Read_MutatedTables_SucceedOrThrowFitsFormatException()
    {
        byte[] original =
        [
            .. FitsFile.Unit(FitsFile.EmptyPrimary, []),
            .. FitsFile.Unit(
                "XTENSION= 'BINTABLE';BITPIX  = 8;NAXIS   = 2;NAXIS1  = 12;NAXIS2  = 9;PCOUNT  = 0;GCOUNT  = 1;TFIELDS = 2;TTYPE1  = 'wave';TFORM1  = 'D';TTYPE2  = 'flux';TFORM2  = 'E'",
                new byte[108]),
        ];
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            var mutated = (byte[])original.Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                mutated[2880 + random.Next(80 * 12)] = (byte)random.Next(32, 127);
            }

            try
            {
                foreach (var unit in FitsReader.ReadUnits(mutated).Where(unit => unit.IsTable))
                {
                    var table = FitsTable.Read(unit);
                    Assert.All(table.Columns, column => Assert.Equal(table.Rows * column.Repeat, table.Numbers(column).Length));
                }
            }
            catch (FitsFormatException)
            {
                // This is the one way to refuse.
            }
        }
    }

    private static FitsUnit Only(string cards, byte[] data) =>
        FitsReader.ReadUnits((byte[])[.. FitsFile.Unit(FitsFile.EmptyPrimary, []), .. FitsFile.Unit(cards, data)]).Last();
}
