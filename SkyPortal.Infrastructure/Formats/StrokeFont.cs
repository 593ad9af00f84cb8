namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Letters as lines, for drawings that become pixels. A letter stands on a grid of 6 by 7: columns 0 to 6, rows from a (two below
/// the baseline) over c (baseline) and h (height of small letters) to j (height of capitals). A letter is a list of strokes: a dash
/// begins straight lines through its points, a tilde a smooth curve, an at sign a smooth closed curve.
/// </summary>
internal static class StrokeFont
{
    /// <summary>Rows of the grid from the baseline to the top of a capital.</summary>
    public const double CapitalRows = 7;

    private const int CurveSteps = 5;

    private static readonly Dictionary<char, IReadOnlyList<DrawingPoint[]>> Letters = Parse(
        """
        ! -3j3e -3c3c
        " -2j2h -4j4h
        # -2j1c -5j4c -0h6h -0e6e
        $ ~6i4j1i0h2g5f6d4c1c0d -3k3b
        % -6j0c @1j2i1h0i @5e6d5c4d
        & ~6c2h1i2j4j4h0e0d2c4c6f
        ' -3j3h
        ( ~5k3i2f3c5a
        ) ~1k3i4f3c1a
        * -3i3e -1h5f -1f5h
        + -3h3d -1f5f
        , -3c2a
        - -1f5f
        . -3c3c
        / -6j0c
        0 @3j1i0h0e1d3c5d6e6h5i
        1 -1h3j3c -1c5c
        2 ~0h1i3j5i6h5f0c -0c6c
        3 ~0i2j4j6i5g3g -3g3g ~3g6f6d4c2c0d
        4 -5c5j0e6e
        5 -6j1j1g ~1g3g5g6e5d3c1c0d
        6 ~5i3j1i0g0e1d3c5d6e5f3g1f0e
        7 -0j6j2c
        8 @3g1h1i3j5i5h @3g0f0d3c6d6f
        9 ~6h5g3f1g0h1i3j5i6h6f5d3c1d
        : -3h3h -3c3c
        ; -3h3h -3c2a
        < -6h1f6d
        = -1g5g -1e5e
        > -0h5f0d
        ? ~0h1i3j5i6h5g3f3e -3c3c
        @ ~5e3d2e2g3h5g5e6e6h5i3j1i0g0e1c3b5c
        A -0c3j6c -1e5e
        B -0c0j -0j4j -0g4g -0c4c ~4j6i6h4g ~4g6f6d4c
        C ~6i4j2j0h0e2c4c6d
        D -0c0j -0j3j -0c3c ~3j5i6g6f5d3c
        E -6j0j0c6c -0g5g
        F -6j0j0c -0g5g
        G ~6i4j2j0h0e2c4c6d6e -6c6f4f
        H -0c0j -6c6j -0g6g
        I -3c3j
        J ~5j5j -5j5e ~5e4c3c1c0e
        K -0c0j -6j0f -2g6c
        L -0j0c6c
        M -0c0j3e6j6c
        N -0c0j6c6j
        O @3j1i0g0f1d3c5d6f6g5i
        P -0c0j -0j4j -0f4f ~4j6i6g4f
        Q @3j1i0g0f1d3c5d6f6g5i -4e6c
        R -0c0j -0j4j -0g4g ~4j6i6h4g -3g6c
        S ~6i4j2j0i0h2g4g6f6d4c2c0d
        T -0j6j -3j3c
        U -0j0e ~0e1d3c5d6e -6e6j
        V -0j3c6j
        W -0j1c3h5c6j
        X -0j6c -6j0c
        Y -0j3f6j -3f3c
        Z -0j6j0c6c
        [ -5k2k2a5a
        \ -0j6c
        ] -1k4k4a1a
        ^ -1g3j5g
        _ -0b6b
        ` -2j4h
        a @6f5h2h0f0e2c5c6e -6h6c
        b -0j0c @0e1c4c6e6f4h1h0f
        c ~6g4h2h0f0e2c4c6d
        d -6j6c @6e5c2c0e0f2h5h6f
        e -0f6f ~6f5h2h0f0e2c4c6d
        f ~6j4j3i3h -3h3c -1g5g
        g @6f5h2h0f0e2c5c6e ~6h6h -6h6c ~6c5a3a1b
        h -0j0c ~0f2h4h6f -6f6c
        i -3c3h -3j3j
        j -4h4c ~4c3a1a -4j4j
        k -0j0c -5h0e -2f6c
        l -3j3c
        m -0h0c ~0f1h2h3f -3f3c ~3f4h5h6f -6f6c
        n -0h0c ~0f2h4h6f -6f6c
        o @3h1g0f0e2c4c6e6f5g
        p -0h0a @0e1c4c6e6f4h1h0f
        q -6h6a @6e5c2c0e0f2h5h6f
        r -1h1c ~1e2g4h6h
        s ~6g4h1h0g2f5e6d4c1c0d
        t -3j3d ~3d4c6c -1h6h
        u -0h0e ~0e2c4c6e -6h6c
        v -0h3c6h
        w -0h1c3g5c6h
        x -0h6c -6h0c
        y -0h3c -6h2a0a
        z -0h6h0c6c
        { ~5k4j4h2f4d4b5a
        | -3k3a
        } ~1k2j2h4f2d2b1a
        ~ ~0f2g4e6f
        """);

    /// <summary>Strokes of a letter: columns from 0 to 6, rows up from the baseline. A square where the letter is not known.</summary>
    public static IReadOnlyList<DrawingPoint[]> Of(char letter) => letter switch
    {
        ' ' or '\u00a0' => [],
        '°' => [Smooth([new(2, 6), new(3, 7), new(4, 6), new(3, 5)], true)],
        '±' => [[new(3, 6), new(3, 2)], [new(1, 4), new(5, 4)], [new(1, 1), new(5, 1)]],
        'µ' => [[new(0, 5), new(0, -2)], Smooth([new(0, 1.5), new(2, 0), new(4, 0), new(6, 2)], false), [new(6, 5), new(6, 0)]],
        _ => Letters.GetValueOrDefault(letter) ?? [[new(0, 0), new(6, 0), new(6, 7), new(0, 7), new(0, 0)]],
    };

    private static Dictionary<char, IReadOnlyList<DrawingPoint[]>> Parse(string text)
    {
        var letters = new Dictionary<char, IReadOnlyList<DrawingPoint[]>>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            letters[line[0]] = [.. line[2..].Trim().Split(' ').Select(Stroke)];
        }

        return letters;
    }

    private static DrawingPoint[] Stroke(string text)
    {
        var points = new DrawingPoint[(text.Length - 1) / 2];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new DrawingPoint(text[1 + (2 * i)] - '0', text[2 + (2 * i)] - 'c');
        }

        return text[0] switch { '~' => Smooth(points, false), '@' => Smooth(points, true), _ => points };
    }

    // Catmull and Rom's spline through all points.
    private static DrawingPoint[] Smooth(DrawingPoint[] points, bool isClosed)
    {
        if (points.Length < 3)
        {
            return points;
        }

        var count = points.Length;
        var curve = new List<DrawingPoint>();
        for (var i = 0; i < (isClosed ? count : count - 1); i++)
        {
            DrawingPoint At(int index) => isClosed ? points[((index % count) + count) % count] : points[Math.Clamp(index, 0, count - 1)];
            var (before, from, to, after) = (At(i - 1), At(i), At(i + 1), At(i + 2));
            for (var step = 0; step < CurveSteps; step++)
            {
                var t = step / (double)CurveSteps;
                curve.Add(new DrawingPoint(Between(before.X, from.X, to.X, after.X, t), Between(before.Y, from.Y, to.Y, after.Y, t)));
            }
        }

        curve.Add(isClosed ? points[0] : points[^1]);
        return [.. curve];
    }

    private static double Between(double before, double from, double to, double after, double t) =>
        0.5 * ((2 * from) + ((to - before) * t) + (((2 * before) - (5 * from) + (4 * to) - after) * t * t) + (((3 * from) - before - (3 * to) + after) * t * t * t));
}
