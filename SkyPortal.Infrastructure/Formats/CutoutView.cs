namespace SkyPortal.Infrastructure.Formats;

/// <summary>Grey pixels of a cut-out, lowest row first, and the geometry of showing them.</summary>
internal sealed record CutoutView(byte[] Pixels, int Width, int Height)
{
    /// <summary>The picture in which each square of this many pixels is one, by their mean.</summary>
    public CutoutView Shrink(int factor)
    {
        var (width, height) = ((Width + factor - 1) / factor, (Height + factor - 1) / factor);
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                pixels[(y * width) + x] = Mean(x * factor, y * factor, factor);
            }
        }

        return new CutoutView(pixels, width, height);
    }

    /// <summary>
    /// The picture as shown, top row first: each pixel a square of <paramref name="scale"/>, turned about the centre.
    /// What lies outside the cut-out is black. A side that would be too short for a thumbnail is widened with black.
    /// </summary>
    public CutoutView Draw(int scale, double counterclockwiseDegrees, bool firstRowAtTop)
    {
        var width = Math.Max(PngInfo.MinThumbnailSidePixels, Width * scale);
        var height = Math.Max(PngInfo.MinThumbnailSidePixels, Height * scale);
        var (sin, cos) = SinCosDegrees(counterclockwiseDegrees);
        var pixels = new byte[width * height];
        for (var row = 0; row < height; row++)
        {
            // Centre of the shown pixel from the picture's centre, in the cut-out's pixels, x to the right and y up.
            var up = ((height / 2.0) - row - 0.5) / scale;
            for (var column = 0; column < width; column++)
            {
                var right = (column + 0.5 - (width / 2.0)) / scale;
                var x = (int)Math.Floor((Width / 2.0) + (right * cos) + (up * sin));
                var y = (int)Math.Floor((Height / 2.0) + (up * cos) - (right * sin));
                if ((uint)x < (uint)Width && (uint)y < (uint)Height)
                {
                    pixels[(row * width) + column] = Pixels[((firstRowAtTop ? Height - 1 - y : y) * Width) + x];
                }
            }
        }

        return new CutoutView(pixels, width, height);
    }

    /// <summary>Exact for quarter turns, so that these move pixels without tearing their edges.</summary>
    private static (double Sin, double Cos) SinCosDegrees(double degrees)
    {
        var wrapped = ((degrees % 360) + 360) % 360;
        return wrapped switch
        {
            0 => (0, 1),
            90 => (1, 0),
            180 => (0, -1),
            270 => (-1, 0),
            _ => Math.SinCos(double.DegreesToRadians(wrapped)),
        };
    }

    private byte Mean(int left, int bottom, int factor)
    {
        var sum = 0;
        var count = 0;
        for (var y = bottom; y < Math.Min(bottom + factor, Height); y++)
        {
            for (var x = left; x < Math.Min(left + factor, Width); x++)
            {
                sum += Pixels[(y * Width) + x];
                count++;
            }
        }

        return (byte)((sum + (count / 2)) / count);
    }
}
