namespace SkyPortal.Infrastructure.Formats;

/// <summary>A two-dimensional FITS image.</summary>
/// <param name="Header">Header of the unit that holds the image.</param>
/// <param name="WidthPixels">Pixels along the first axis.</param>
/// <param name="HeightPixels">Pixels along the second axis.</param>
/// <param name="Pixels">
/// Values in the header's unit (BUNIT), scaled by BSCALE and BZERO; not-a-number where blank. Row after row, and the
/// first row is the lowest of the sky as FITS is shown by convention.
/// </param>
public sealed record FitsImage(FitsHeader Header, int WidthPixels, int HeightPixels, float[] Pixels);

/// <summary>What a FITS reader accepts before it gives up.</summary>
public sealed record FitsLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static FitsLimits Default { get; } = new();

    /// <summary>Largest file in bytes, after decompression.</summary>
    public int MaxBytes { get; init; } = 64 << 20;

    /// <summary>Longest side in pixels.</summary>
    public int MaxSidePixels { get; init; } = 16_384;
}
