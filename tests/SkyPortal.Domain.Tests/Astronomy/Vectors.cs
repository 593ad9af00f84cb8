using System.Globalization;
using System.IO.Compression;

namespace SkyPortal.Domain.Tests.Astronomy;

/// <summary>The embedded files of the Vectors folder.</summary>
internal static class Vectors
{
    public static byte[] Unzip(string name)
    {
        using var packed = new GZipStream(Open(name), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        packed.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>Rows of a table with a header, split at commas.</summary>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var reader = new StreamReader(Open(name));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split(',');
        }
    }

    public static IEnumerable<double[]> Numbers(string name) => Rows(name).Select(row => Array.ConvertAll(row, Number));

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static Stream Open(string name) =>
        typeof(Vectors).Assembly.GetManifestResourceStream("Astronomy.Vectors." + name)
        ?? throw new InvalidOperationException($"The test assembly lacks the vectors {name}.");
}
