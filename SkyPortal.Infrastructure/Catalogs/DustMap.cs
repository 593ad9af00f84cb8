using System.Buffers.Binary;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>
/// The colour excess of the dust of the Milky Way by direction, from the maps of Schlegel, Finkbeiner and Davis (1998, ApJ 500, 525),
/// which an operator puts into the folder of the setting Dust:Directory: SFD_dust_4096_ngp.fits and SFD_dust_4096_sgp.fits. Each
/// shows one galactic hemisphere in the equal-area projection of Lambert. Without them nothing is known.
/// </summary>
public sealed class DustMap : IDisposable
{
    private readonly Hemisphere? _north;
    private readonly Hemisphere? _south;

    /// <summary>Opens the maps of a folder; null for none.</summary>
    public DustMap(string? directory, ILogger<DustMap> logger)
    {
        if (string.IsNullOrWhiteSpace(directory))
        {
            return;
        }

        try
        {
            _north = Hemisphere.Open(Path.Combine(directory, "SFD_dust_4096_ngp.fits"));
            _south = Hemisphere.Open(Path.Combine(directory, "SFD_dust_4096_sgp.fits"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FitsFormatException)
        {
            logger.LogWarning("There is no dust map: {Reason}", error.Message);
            Dispose();
            (_north, _south) = (null, null);
        }
    }

    /// <summary>Whether the maps are there.</summary>
    public bool IsThere => _north is not null && _south is not null;

    /// <summary>Opens the maps that the configuration names.</summary>
    public static DustMap Read(IConfiguration? configuration, ILogger<DustMap> logger) => new(configuration?["Dust:Directory"], logger);

    /// <summary>
    /// E(B−V) in magnitudes of a direction; null where there are no maps. With n = ±1 for the hemisphere and N pixels on a side, the
    /// point lies at x = N/2 √(1 − n sin b) cos l + (N − 1)/2 and y = −n N/2 √(1 − n sin b) sin l + (N − 1)/2, between four pixels.
    /// </summary>
    public double? ColourExcessMag(SkyPosition position)
    {
        if (_north is null || _south is null)
        {
            return null;
        }

        var galactic = position.ToGalactic();
        var map = galactic.LatitudeDegrees >= 0 ? _north : _south;
        var sign = galactic.LatitudeDegrees >= 0 ? 1 : -1;
        var (sinL, cosL) = Math.SinCos(galactic.LongitudeDegrees * Math.PI / 180);
        var radius = Math.Sqrt(1 - (sign * Math.Sin(galactic.LatitudeDegrees * Math.PI / 180))) * map.Side / 2;
        var middle = (map.Side - 1) / 2.0;
        return map.At((radius * cosL) + middle, (-sign * radius * sinL) + middle);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _north?.Dispose();
        _south?.Dispose();
    }

    // Reads four pixels at a time: the two maps would take 128 MB of memory.
    private sealed class Hemisphere(SafeFileHandle file, int side, long start) : IDisposable
    {
        private const int Block = 2880;
        private const int CardLength = 80;
        private const int MostBlocks = 36;
        private const int MostPixels = 16_384;

        public int Side => side;

        public static Hemisphere Open(string path)
        {
            var file = File.OpenHandle(path);
            try
            {
                var (cards, length) = Header(file);
                return Integer(cards, "BITPIX") == -32 && Integer(cards, "NAXIS1") is > 1 and <= MostPixels and var side && Integer(cards, "NAXIS2") == side
                    && RandomAccess.GetLength(file) >= length + (4L * side * side)
                    ? new Hemisphere(file, side, length)
                    : throw new FitsFormatException($"{path} is no square map of single precision.");
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }

        public double At(double x, double y)
        {
            var (left, low) = ((int)Math.Clamp(Math.Floor(x), 0, side - 2), (int)Math.Clamp(Math.Floor(y), 0, side - 2));
            var (right, up) = (Math.Clamp(x - left, 0, 1), Math.Clamp(y - low, 0, 1));
            var (a, b) = Pair(left, low);
            var (c, d) = Pair(left, low + 1);
            return (((a * (1 - right)) + (b * right)) * (1 - up)) + (((c * (1 - right)) + (d * right)) * up);
        }

        public void Dispose() => file.Dispose();

        private (double, double) Pair(int column, int row)
        {
            Span<byte> bytes = stackalloc byte[8];
            RandomAccess.Read(file, bytes, start + (4 * (((long)row * side) + column)));
            return (BinaryPrimitives.ReadSingleBigEndian(bytes), BinaryPrimitives.ReadSingleBigEndian(bytes[4..]));
        }

        private static (List<string> Cards, long Length) Header(SafeFileHandle file)
        {
            var cards = new List<string>();
            var block = new byte[Block];
            for (var number = 0; number < MostBlocks && RandomAccess.Read(file, block, (long)number * Block) == Block; number++)
            {
                for (var at = 0; at < Block; at += CardLength)
                {
                    var card = System.Text.Encoding.ASCII.GetString(block, at, CardLength);
                    if (card.TrimEnd() == "END")
                    {
                        return (cards, (number + 1L) * Block);
                    }

                    cards.Add(card);
                }
            }

            throw new FitsFormatException("The header of a dust map has no end.");
        }

        private static int? Integer(List<string> cards, string key) =>
            cards.Find(card => card.StartsWith(key.PadRight(8) + "=", StringComparison.Ordinal)) is { } found
            && int.TryParse(found[10..].Split('/')[0], System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
    }
}
