using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>What the light curve shows and how; the page's address holds it.</summary>
public sealed record LightCurveView
{
    /// <summary>Name in the address of everything but what is hidden: words parted by commas.</summary>
    public const string ViewKey = "lc";

    /// <summary>Name in the address of a hidden bandpass, of an instrument after an at sign, or of an origin after a tilde; repeated.</summary>
    public const string HideKey = "hide";

    /// <summary>Name in the address of another object at the same place whose points are shown too; repeated.</summary>
    public const string WithKey = "with";

    /// <summary>Usual size of a mark, pixels.</summary>
    public const int UsualSize = 8;

    /// <summary>Largest size of a mark, pixels.</summary>
    public const int MostSize = 20;

    /// <summary>Longest period that can be folded by, days.</summary>
    public const double MostPeriodDays = 1e6;

    private const double MostSignalToNoise = 1000;
    private const int MostHidden = 500;

    /// <summary>mag, flux or abs.</summary>
    public string Y { get; init; } = "mag";

    /// <summary>mjd, utc, ago, t0 or phase.</summary>
    public string X { get; init; } = "mjd";

    /// <summary>ab or vega.</summary>
    public string System { get; init; } = MagnitudeSystems.Ab;

    /// <summary>Signal to noise above which a point is a detection.</summary>
    public double Snr { get; init; } = StoredFlux.DetectionSignalToNoise;

    /// <summary>Days; null where none is chosen.</summary>
    public double? Period { get; init; }

    /// <summary>Cycles shown when folded, 1 or 2.</summary>
    public int Cycles { get; init; } = 2;

    public bool LogX { get; init; }
    public bool LogY { get; init; }
    public bool Forced { get; init; } = true;
    public bool Limits { get; init; } = true;

    /// <summary>all, good (none that is rejected) or validated.</summary>
    public string Verdict { get; init; } = "all";

    /// <summary>Diameter of a mark, pixels.</summary>
    public int Size { get; init; } = UsualSize;

    public IReadOnlyList<string> HiddenBands { get; init; } = [];
    public IReadOnlyList<string> HiddenInstruments { get; init; } = [];
    public IReadOnlyList<string> HiddenOrigins { get; init; } = [];

    /// <summary>Other objects whose points are shown too.</summary>
    public IReadOnlyList<string> With { get; init; } = [];

    /// <summary>Reads an address; what makes no sense counts as not given.</summary>
    public static LightCurveView Parse(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        var view = new LightCurveView();
        foreach (var word in query.GetValueOrDefault(ViewKey).ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            view = word switch
            {
                "flux" or "abs" => view with { Y = word },
                "utc" or "ago" or "t0" or "phase" => view with { X = word },
                MagnitudeSystems.Vega => view with { System = word },
                "logx" => view with { LogX = true },
                "logy" => view with { LogY = true },
                "once" => view with { Cycles = 1 },
                "noforced" => view with { Forced = false },
                "nolimits" => view with { Limits = false },
                "good" or "validated" => view with { Verdict = word },
                ['s', 'n', .. var cut] when Number(cut, 0, MostSignalToNoise) is { } snr => view with { Snr = snr },
                ['m', .. var pixels] when Number(pixels, 1, MostSize) is { } size => view with { Size = (int)size },
                ['p', .. var days] when Number(days, 1e-6, MostPeriodDays) is { } period => view with { Period = period },
                _ => view,
            };
        }

        var hidden = query.GetValueOrDefault(HideKey).Where(name => !string.IsNullOrEmpty(name)).Select(name => name!).Take(MostHidden).ToList();
        return view with
        {
            HiddenBands = [.. hidden.Where(name => name[0] is not ('@' or '~'))],
            HiddenOrigins = [.. hidden.Where(name => name[0] == '~').Select(name => name[1..])],
            With = [.. query.GetValueOrDefault(WithKey).Where(name => !string.IsNullOrEmpty(name)).Select(name => name!).Distinct().Take(MostHidden)],
            HiddenInstruments = [.. hidden.Where(name => name[0] == '@').Select(name => name[1..])],
        };
    }

    /// <summary>Values by name of the address; none for a name whose state is as usual.</summary>
    public Dictionary<string, string[]> ToAddress()
    {
        List<string> words =
        [
            .. Y == "mag" ? [] : new[] { Y },
            .. X == "mjd" ? [] : new[] { X },
            .. System == MagnitudeSystems.Ab ? [] : new[] { System },
            .. LogX ? new[] { "logx" } : [],
            .. LogY ? new[] { "logy" } : [],
            .. Cycles == 2 ? [] : new[] { "once" },
            .. Forced ? [] : new[] { "noforced" },
            .. Limits ? [] : new[] { "nolimits" },
            .. Verdict == "all" ? [] : new[] { Verdict },
            .. Snr == StoredFlux.DetectionSignalToNoise ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"sn{Snr:0.###}") },
            .. Size == UsualSize ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"m{Size}") },
            .. Period is { } days ? new[] { string.Create(CultureInfo.InvariantCulture, $"p{days:R}") } : [],
        ];
        return new Dictionary<string, string[]>
        {
            [ViewKey] = words.Count == 0 ? [] : [string.Join(',', words)],
            [HideKey] = [.. HiddenBands, .. HiddenInstruments.Select(name => "@" + name), .. HiddenOrigins.Select(name => "~" + name)],
            [WithKey] = [.. With],
        };
    }

    /// <summary>The period in days that a text gives, such as 0.7213 or 17.3 h or 40 min; null where it gives none.</summary>
    public static double? ParsePeriodDays(string? text)
    {
        var trimmed = (text ?? "").Trim();
        var unit = new string([.. trimmed.Reverse().TakeWhile(c => char.IsLetter(c)).Reverse()]);
        double? perDay = unit.ToLowerInvariant() switch
        {
            "" or "d" or "day" or "days" => 1,
            "h" or "hr" or "hour" or "hours" => 24,
            "m" or "min" or "minute" or "minutes" => 1440,
            "s" or "sec" or "seconds" => 86_400,
            _ => null,
        };
        return perDay is { } many && double.TryParse(trimmed[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value / many is >= 1e-6 and <= MostPeriodDays and var days
            ? days
            : null;
    }

    private static double? Number(string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null;
}
