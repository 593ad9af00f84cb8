namespace SkyPortal.Domain.Astronomy;

/// <summary>A pixel of the nested HEALPix scheme with its order. The default value is pixel 0 of order 0.</summary>
public readonly record struct HealpixIndex
{
    /// <summary>Names a pixel.</summary>
    /// <param name="order">Order, 0 to 29.</param>
    /// <param name="pixel">Nested number, 0 to 12 · 4^order - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order or the pixel does not exist.</exception>
    public HealpixIndex(int order, long pixel)
    {
        Healpix.CheckPixel(order, pixel);
        Order = order;
        Pixel = pixel;
    }

    /// <summary>Order, 0 to 29.</summary>
    public int Order { get; }

    /// <summary>Nested number within the order.</summary>
    public long Pixel { get; }

    /// <summary>Centre of the pixel.</summary>
    public SkyPosition Center => Healpix.CenterOf(Order, Pixel);

    /// <summary>The order-29 pixels within this one.</summary>
    public HealpixRange Range => Healpix.RangeOf(Order, Pixel);

    /// <summary>Order and pixel in one number, 4 · 4^order + pixel (NUNIQ of the IVOA's MOC standard; UNIQ column of multi-order sky maps).</summary>
    public long Uniq => (4L << (2 * Order)) + Pixel;

    /// <summary>The pixel that holds a position.</summary>
    public static HealpixIndex Of(SkyPosition position, int order = Healpix.MaxOrder) => new(order, Healpix.PixelOf(order, position));

    /// <summary>The pixel of a NUNIQ number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number names no pixel.</exception>
    public static HealpixIndex FromUniq(long uniq)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(uniq, 4);
        var order = (long.Log2(uniq) / 2) - 1;
        return new HealpixIndex((int)order, uniq - (4L << (2 * (int)order)));
    }

    /// <summary>The pixel of a coarser order that holds this one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The order is finer than this pixel's or below 0.</exception>
    public HealpixIndex AncestorAt(int order) => new(order, Healpix.AncestorOf(Order, Pixel, order));

    /// <summary>The pixel of the next coarser order that holds this one.</summary>
    /// <exception cref="InvalidOperationException">This is a base face.</exception>
    public HealpixIndex Parent() => Order > 0
        ? new HealpixIndex(Order - 1, Pixel >> 2)
        : throw new InvalidOperationException("A base face has no parent.");

    /// <summary>The four pixels of the next finer order: south, east, west, north.</summary>
    /// <exception cref="InvalidOperationException">This pixel is of the finest order.</exception>
    public HealpixIndex[] Children()
    {
        if (Order == Healpix.MaxOrder)
        {
            throw new InvalidOperationException("A pixel of the finest order has no children.");
        }

        var first = Pixel << 2;
        return [new(Order + 1, first), new(Order + 1, first + 1), new(Order + 1, first + 2), new(Order + 1, first + 3)];
    }

    /// <summary>Whether another pixel, of the same or a finer order, lies in this one.</summary>
    public bool Contains(HealpixIndex other) => other.Order >= Order && other.Pixel >> (2 * (other.Order - Order)) == Pixel;

    /// <summary>Order and pixel as in MOC text, such as <c>8/1234</c>.</summary>
    public override string ToString() => $"{Order}/{Pixel}";
}
