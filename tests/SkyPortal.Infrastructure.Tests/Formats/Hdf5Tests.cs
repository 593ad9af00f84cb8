using System.Security.Cryptography;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>Tables in HDF5 files of pandas and h5py, and files that are damaged.</summary>
public sealed class Hdf5Tests
{
    private static readonly double[] Mjds = [58000.0, 58000.1, 58000.2];

    public static TheoryData<string, bool> Readable => new() { { "Table", true }, { "DataColumns", true }, { "Zlib", true }, { "Plain", true }, { "Fixed", false } };

    [Theory]
    [MemberData(nameof(Readable))]
    public void Read_WhatOthersWrote_GivesItsColumns(string name, bool withTexts)
    {
        var columns = PandasTable.Read(Sample(name)).ToDictionary(column => column.Name);

        Assert.Equal(withTexts ? 4 : 3, columns.Count);
        Assert.Equal(Mjds, columns["mjd"].Numbers!);
        Assert.Equal([10.5, double.NaN, 11.5], columns["flux"].Numbers!);
        Assert.Equal([30, 30, 31], columns["exp_time"].Numbers!);
        Assert.True(!withTexts || columns["filter"].Texts!.SequenceEqual(["ztfg", "ztfr", "ztfg"]));
    }

    [Theory]
    [InlineData("Table")]
    [InlineData("DataColumns")]
    [InlineData("Zlib")]
    public void Read_ATableOfPandas_KeepsTheOrderOfItsColumns(string name) =>
        Assert.Equal(["mjd", "flux", "exp_time", "filter"], PandasTable.Read(Sample(name)).Select(column => column.Name));

    [Theory]
    [InlineData("Objects", "format='table'")]
    [InlineData("Blosc", "Blosc")]
    public void Read_WhatIsNotRead_SaysHowToWriteIt(string name, string named) =>
        Assert.Contains(named, Assert.Throws<Hdf5FormatException>(() => PandasTable.Read(Sample(name))).Message, StringComparison.Ordinal);

    [Fact]
    public void Write_ThenRead_GivesTheSameColumns()
    {
        PandasColumn[] columns =
        [
            new("filter", null, ["ztfg", null, "a \u00e9 \ud83d\ude00"]), new("mjd", Mjds, null), new("a\\b \u00b5", [1, double.NaN, -1e300], null), new("channel", null, ["", "x", "y"]),
        ];

        var bytes = Hdf5TableWriter.Write("phot", columns);
        var read = PandasTable.Read(bytes);

        Assert.Equal(columns.Select(column => column.Name), read.Select(column => column.Name));
        Assert.Equal(columns.Select(column => column.Numbers), read.Select(column => column.Numbers));
        Assert.Equal(columns.Select(column => column.Texts), read.Select(column => column.Texts));
        // pandas.read_hdf of pandas 1.5.3 gave this frame of a file of these bytes; who changes them asks it again.
        Assert.Equal("a962bd2aca994250de71c0e13b3e1f08a51864e51cfee90b94f2763f3ea34976", Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Read_ADamagedFile_RefusesIt(string name, bool withTexts)
    {
        Assert.NotNull(name + withTexts);
        var whole = Sample(name);
        var random = new Random(1);
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            var bytes = attempt % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (var change = 0; change < attempt % 4 && bytes.Length > 0; change++)
            {
                // The structure lies at the front of the file.
                bytes[random.Next(Math.Min(bytes.Length, 6000))] = (byte)random.Next(256);
            }

            try
            {
                PandasTable.Read(bytes);
            }
            catch (Hdf5FormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    private static byte[] Sample(string name) => name switch
    {
        "Table" => Hdf5Samples.Table,
        "DataColumns" => Hdf5Samples.DataColumns,
        "Fixed" => Hdf5Samples.Fixed,
        "Objects" => Hdf5Samples.Objects,
        "Zlib" => Hdf5Samples.Zlib,
        "Blosc" => Hdf5Samples.Blosc,
        _ => Hdf5Samples.Plain,
    };
}
