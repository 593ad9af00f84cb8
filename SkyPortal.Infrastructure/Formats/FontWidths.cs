namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Widths of the characters of Helvetica, Helvetica Bold and Courier as Adobe's metrics of the standard fonts tell them, in
/// thousandths of the size. Characters beyond ASCII are taken as wide as a digit.
/// </summary>
public static class FontWidths
{
    private const int Digit = 556;
    private const int MonoWidth = 600;

    // From the space (32) to the tilde (126).
    private static readonly int[] Sans =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    private static readonly int[] SansBold =
    [
        278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
        975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
        333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
    ];

    /// <summary>Width of a character in thousandths of the size.</summary>
    public static int Of(char character, Typeface face)
    {
        if (face == Typeface.Mono)
        {
            return MonoWidth;
        }

        var place = character - ' ';
        var widths = face == Typeface.Sans ? Sans : SansBold;
        return place >= 0 && place < widths.Length ? widths[place] : Digit;
    }

    /// <summary>Width of a text in points.</summary>
    public static double Measure(string text, double sizePoints, Typeface face = Typeface.Sans) => text.Sum(character => Of(character, face)) * sizePoints / 1000;
}
