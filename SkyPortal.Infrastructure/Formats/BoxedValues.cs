namespace SkyPortal.Infrastructure.Formats;

/// <summary>Boxes of the small whole numbers that fill alert packets (identifiers of filters, counts, sentinels such as -999), made once.</summary>
internal static class BoxedValues
{
    private const int Lowest = -1024;
    private const int Highest = 2047;

    private static readonly object True = true;
    private static readonly object False = false;
    private static readonly object[] Integers = [.. Enumerable.Range(Lowest, Highest - Lowest + 1).Select(static i => (object)(long)i)];
    private static readonly object[] Numbers = [.. Enumerable.Range(Lowest, Highest - Lowest + 1).Select(static i => (object)(double)i)];

    public static object Of(bool value) => value ? True : False;

    public static object Of(long value) => value is >= Lowest and <= Highest ? Integers[value - Lowest] : value;

    public static object Of(double value)
    {
        if (value is >= Lowest and <= Highest)
        {
            var whole = (int)value;
            if (whole == value && (whole != 0 || !double.IsNegative(value)))
            {
                return Numbers[whole - Lowest];
            }
        }

        return value;
    }
}
