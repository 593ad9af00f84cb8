namespace SkyPortal.Domain.Astronomy;

/// <summary>TAI - UTC since 1972, from the IERS's Bulletin C. No leap second is announced after the last entry.</summary>
public static class LeapSeconds
{
    // The first day (MJD, UTC) of each step of one second; the first entry sets 10 s on 1972-01-01.
    private static readonly int[] StepDays =
    [
        41317, 41499, 41683, 42048, 42413, 42778, 43144, 43509, 43874, 44239, 44786, 45151, 45516, 46247,
        47161, 47892, 48257, 48804, 49169, 49534, 50083, 50630, 51179, 53736, 54832, 56109, 57204, 57754,
    ];

    /// <summary>TAI - UTC in seconds; 10 s is also given for moments before 1972, where UTC was not yet kept in whole seconds.</summary>
    /// <param name="utcMjdDays">The moment as Modified Julian Date in UTC.</param>
    public static double TaiMinusUtcSeconds(double utcMjdDays)
    {
        var step = StepDays.Length - 1;
        while (step > 0 && utcMjdDays < StepDays[step])
        {
            step--;
        }

        return 10 + step;
    }
}
