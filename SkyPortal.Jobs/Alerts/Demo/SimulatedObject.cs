namespace SkyPortal.Jobs.Alerts.Demo;

/// <summary>
/// One object of the simulated sky: where it is, what lies beneath it, and how its difference flux goes with time. The light
/// curves are simple shapes with the rise times, decline rates, colours and amplitudes that each kind shows.
/// </summary>
public sealed class SimulatedObject
{
    private readonly double _peakMag;
    private readonly double _epoch;
    private readonly double _period;
    private readonly double _amplitude;
    private readonly double _phase;

    /// <summary>Draws an object of a kind.</summary>
    /// <param name="kind">Kind.</param>
    /// <param name="number">Number within the night, for the name.</param>
    /// <param name="nightMjd">Begin of the night, MJD.</param>
    /// <param name="random">Source of chance, used in a fixed order.</param>
    /// <param name="isPartnership">Taken under programme 2.</param>
    public SimulatedObject(SimulatedKind kind, int number, double nightMjd, Random random, bool isPartnership)
    {
        Kind = kind;
        Number = number;
        IsPartnership = isPartnership;
        Name = NameOf(number);
        RaDegrees = random.NextDouble() * 360;
        DecDegrees = double.RadiansToDegrees(Math.Asin((random.NextDouble() * 1.3) - 0.4));
        _phase = random.NextDouble();
        _amplitude = 0.3 + (0.7 * random.NextDouble());
        _peakMag = 16.6 + (2.6 * random.NextDouble());
        _period = kind switch
        {
            SimulatedKind.RrLyrae => 0.4 + (0.3 * random.NextDouble()),
            SimulatedKind.EclipsingBinary => 0.6 + (4 * random.NextDouble()),
            SimulatedKind.Mira => 200 + (200 * random.NextDouble()),
            _ => 20 + (60 * random.NextDouble()),
        };
        // Transients are caught somewhere between three days before and four weeks after maximum.
        _epoch = nightMjd + 3 - (31 * random.NextDouble());
        HostDistanceArcsec = kind switch
        {
            SimulatedKind.Agn or SimulatedKind.TidalDisruption => 0.15 * random.NextDouble(),
            _ when IsTransient => 0.8 + (5 * random.NextDouble()),
            _ => 0.2 * random.NextDouble(),
        };
        HostAngleRadians = random.NextDouble() * Math.Tau;
        HostMag = IsTransient ? 17.5 + (3 * random.NextDouble()) : 15.5 + (3 * random.NextDouble());
        Seed = random.Next();
    }

    public SimulatedKind Kind { get; }
    public int Number { get; }
    public string Name { get; }
    public double RaDegrees { get; }
    public double DecDegrees { get; }
    public bool IsPartnership { get; }

    /// <summary>Distance of the host's centre, or of the star, arcseconds.</summary>
    public double HostDistanceArcsec { get; }

    public double HostAngleRadians { get; }

    /// <summary>Magnitude of the host or star on the reference image.</summary>
    public double HostMag { get; }

    /// <summary>Seed of the object's own noise.</summary>
    public int Seed { get; }

    /// <summary>Whether it was not there before.</summary>
    public bool IsTransient => Kind is SimulatedKind.SupernovaIa or SimulatedKind.SupernovaIi or SimulatedKind.SupernovaIbc
        or SimulatedKind.Superluminous or SimulatedKind.TidalDisruption or SimulatedKind.Nova;

    /// <summary>Whether the nearest catalogued source looks like a galaxy.</summary>
    public bool HasGalaxy => (IsTransient && Kind != SimulatedKind.Nova) || Kind == SimulatedKind.Agn;

    /// <summary>Flux of the difference image, microjansky, without noise; negative where fainter than the reference.</summary>
    /// <param name="mjd">Time.</param>
    /// <param name="band">g or r.</param>
    public double DifferenceMicroJansky(double mjd, char band) => Kind switch
    {
        SimulatedKind.SupernovaIa => Transient(mjd, 17, band == 'g' ? 14 : 22, band == 'g' ? 0 : 0.05, false),
        SimulatedKind.SupernovaIi => Transient(mjd, 8, 90, band == 'g' ? 0.3 : 0, true),
        SimulatedKind.SupernovaIbc => Transient(mjd, 13, band == 'g' ? 11 : 18, band == 'g' ? 0.4 : 0, false),
        SimulatedKind.Superluminous => Transient(mjd, 35, 45, band == 'g' ? 0 : 0.2, false),
        SimulatedKind.TidalDisruption => Transient(mjd, 25, 50, band == 'g' ? 0 : 0.2, false),
        SimulatedKind.Nova => Transient(mjd, 1.5, 8, band == 'g' ? 0.2 : 0, false),
        SimulatedKind.Agn => Star(0.25 * _amplitude * (Math.Sin(Math.Tau * ((mjd / _period) + _phase)) + (0.6 * Math.Sin(Math.Tau * ((mjd / (0.37 * _period)) + (2 * _phase)))))),
        SimulatedKind.RrLyrae => Star(Sawtooth(mjd) * _amplitude * (band == 'g' ? 1.1 : 0.8)),
        SimulatedKind.EclipsingBinary => Star(Eclipse(mjd) * _amplitude),
        SimulatedKind.Mira => Star(2.2 * _amplitude * Math.Sin(Math.Tau * ((mjd / _period) + _phase))),
        SimulatedKind.Asteroid => MicroJansky(_peakMag + 1 + (band == 'g' ? 0.5 : 0)),
        _ => MicroJansky(_peakMag + 1.2) * (_phase < 0.5 ? -1 : 1),
    };

    /// <summary>Where a body that moves is at a time, RA in [0, 360) and Dec in [-90, 90]; others stay.</summary>
    public (double Ra, double Dec) PositionAt(double mjd)
    {
        if (Kind != SimulatedKind.Asteroid)
        {
            return (RaDegrees, DecDegrees);
        }

        var days = mjd - _epoch;
        var ra = (((RaDegrees + (0.2 * _amplitude * days)) % 360) + 360) % 360;
        return (ra, Math.Clamp(DecDegrees + (0.06 * (_phase - 0.5) * days), -90, 90));
    }

    /// <summary>Microjansky of an AB magnitude (zero point 23.9).</summary>
    public static double MicroJansky(double magnitude) => Math.Pow(10, -0.4 * (magnitude - 23.9));

    // Rise as a gaussian of time, fall exponential; a plateau holds the light for two months before it falls.
    private double Transient(double mjd, double riseDays, double fallDays, double colorMag, bool plateau)
    {
        var t = mjd - _epoch;
        var shape = t < 0
            ? (t < -1.3 * riseDays ? 0 : Math.Exp(-Math.Pow(t / (0.55 * riseDays), 2)))
            : plateau ? (0.75 + (0.25 * Math.Exp(-t / 10))) * Math.Exp(-Math.Max(0, t - 60) / fallDays) : Math.Exp(-t / fallDays);
        return shape * MicroJansky(_peakMag + colorMag + (Math.Max(0, t) * colorMag * 0.02));
    }

    private double Star(double brighterMag) => MicroJansky(HostMag - brighterMag) - MicroJansky(HostMag);

    private double Sawtooth(double mjd)
    {
        var phase = ((mjd / _period) + _phase) % 1;
        return phase < 0.15 ? -0.5 + (phase / 0.15) : 0.5 - ((phase - 0.15) / 0.85);
    }

    private double Eclipse(double mjd)
    {
        var phase = ((mjd / _period) + _phase) % 1;
        return phase < 0.08 ? -Math.Sin(Math.PI * phase / 0.08) : phase is > 0.5 and < 0.58 ? -0.5 * Math.Sin(Math.PI * (phase - 0.5) / 0.08) : 0.02;
    }

    private static string NameOf(int number)
    {
        Span<char> letters = stackalloc char[7];
        // A bijection that spreads neighbours, so that names look like a survey's: 26^7 = 8031810176, the factor is coprime to it.
        var value = (long)((System.Int128)number * 5_915_587_277 % 8_031_810_176);
        for (var i = 6; i >= 0; i--)
        {
            letters[i] = (char)('a' + (value % 26));
            value /= 26;
        }

        return $"ZTF26{letters}";
    }
}
