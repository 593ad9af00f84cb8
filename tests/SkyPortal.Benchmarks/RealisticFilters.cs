using System.Globalization;

namespace SkyPortal.Benchmarks;

/// <summary>Filters in the manner of those that groups run on ZTF: cuts on the alert, its history and its neighbours.</summary>
internal static class RealisticFilters
{
    private static readonly string[] Kinds =
    [
        "candidate.drb > {0} and candidate.magpsf < {1} and not is_moving and candidate.isdiffpos",
        "drb > {0} and mag < {1} and age_days < {2} and not (star_galaxy_score > 0.76 and star_distance_arcsec < 2) and abs(galactic_latitude_deg) > 7",
        "candidate.rb > {0} and candidate.fwhm < 5 and candidate.nbad == 0 and abs(candidate.magdiff ?? 0) < 0.1 and candidate.elong < 1.6 and mag < {1}",
        "drb > {0} and n_detections >= {2} and not is_moving and count(history, is_detection and is_positive) >= 2",
        "drb > {0} and mag < {1} and rise_rate > 0.05 and age_days between 0.02 and {2}",
        "candidate.sgscore1 between 0 and 0.5 and candidate.distpsnr1 between 0 and 10 and drb > {0} and peak_mag < {1}",
        "any(prv_candidates, magpsf != null and isdiffpos and magpsf < {1}) and candidate.drb > {0} and candidate.ssdistnr not between 0 and 10",
        "(colour_g_r < -0.1 or rise_rate > 0.3) and drb > {0} and not is_moving and mag < {1}",
        "min(history, mag, band == \"g\") - mag between -2 and {2} and drb > {0}",
        "not (candidate.neargaiabright between 0 and 20 or candidate.neargaia between 0 and 0.5 and candidate.maggaia < 17) and drb > {0} and mag < {1}",
        "band in [\"g\", \"r\"] and snr > 8 and last(history, mag, band == \"r\") - last(history, mag, band == \"g\") > -0.5 and drb > {0}",
        "candidate.ndethist > {2} and mean(prv_candidates, magpsf, fid == 2) > {1} and drb > {0}",
    ];

    /// <summary>So many filters, each different.</summary>
    public static IReadOnlyList<string> Make(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => string.Format(
            CultureInfo.InvariantCulture, Kinds[i % Kinds.Length], 0.3 + (0.6 * (i / Kinds.Length) / Math.Max(count / Kinds.Length, 1)), 17.5 + (i % 7 * 0.5), 2 + (i % 9))),
    ];
}
