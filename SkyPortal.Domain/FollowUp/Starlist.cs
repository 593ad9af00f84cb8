using System.Globalization;
using System.Text.RegularExpressions;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Domain.FollowUp;

/// <summary>A line of a star list, and what it says.</summary>
/// <param name="Text">The line.</param>
/// <param name="Name">Name in the list; null for a heading.</param>
/// <param name="Position">Null for a heading.</param>
/// <param name="Offset">Where the line is of an offset star.</param>
public sealed record StarlistLine(string Text, string? Name = null, SkyPosition? Position = null, OffsetStar? Offset = null);

/// <summary>How a target was measured last, for lists that ask for it.</summary>
/// <param name="Mag">AB magnitude.</param>
/// <param name="Filter">Bandpass.</param>
public sealed record TargetBrightness(double Mag, string Filter);

/// <summary>What an observing run says of a target.</summary>
public sealed record TargetAssignment(string? Comment, string? Priority);

/// <summary>
/// Writes star lists as the observatories read them. Keck: name in 15 columns, sexagesimal position in parts, equinox, keywords,
/// comment after #. Shane: the same after a line that names the columns. Palomar 200 inch: name in 18 columns, two spaces between
/// columns, comment after !. Palomar's NGPS: comma-separated columns with colons in the position.
/// </summary>
public static partial class Starlist
{
    /// <summary>Columns of a list for NGPS.</summary>
    public const string NgpsColumns =
        "NAME,RA,DECL,OFFSET_RA,OFFSET_DEC,COMMENT,PRIORITY,BINSPAT,BINSPECT,SLITANGLE,SLITWIDTH,AIRMASS_MAX,WRANGE_LOW,WRANGE_HIGH,CHANNEL,MAGNITUDE,MAGFILTER,EXPTIME,NEXP";

    private const string ShaneHead = "!Data {name %16} ra_h ra_m ra_s dec_d dec_m dec_s equinox keyval {comment *}";

    /// <summary>The target's line and one for each offset star, after a heading where the format has one.</summary>
    /// <param name="name">Name of the target; it is cut from the left, where names of surveys are alike.</param>
    public static IReadOnlyList<StarlistLine> Write(
        StarlistFacility facility, string name, SkyPosition target, IReadOnlyList<OffsetStar> stars, TargetBrightness? brightness = null, TargetAssignment? assignment = null)
    {
        var lines = new List<StarlistLine>();
        if (facility.Name == "Shane")
        {
            lines.Add(new StarlistLine(ShaneHead));
        }

        var plain = NotForNames().Replace(name, "_");
        var most = facility.Name is "Keck" or "Shane" ? 15 : 18;
        var shortName = plain.Length > most ? plain[^most..] : plain;
        lines.Add(new StarlistLine(TargetLine(facility, shortName, name, target, brightness, assignment), shortName, target));
        for (var i = 0; i < stars.Count; i++)
        {
            var mark = $"_o{i + 1}";
            var starName = (plain.Length > most - mark.Length ? plain[^(most - mark.Length)..] : plain) + mark;
            lines.Add(new StarlistLine(StarLine(facility, starName, stars[i], assignment), starName, stars[i].Position, stars[i]));
        }

        return lines;
    }

    private static string TargetLine(StarlistFacility facility, string shortName, string name, SkyPosition target, TargetBrightness? brightness, TargetAssignment? assignment) => facility.Name switch
    {
        "P200" => $"{shortName,-18}  {Position(target, "  ")}  2000.0  ! source_name={Plain(name)}",
        "P200-NGPS" => Ngps(shortName, target, null, Plain(assignment?.Comment ?? ""), assignment?.Priority, brightness?.Mag, brightness is null ? null : Band(brightness.Filter)),
        _ => $"{shortName,-15} {Position(target, " ")} 2000.0 # source_name={Plain(name)}",
    };

    private static string StarLine(StarlistFacility facility, string name, OffsetStar star, TargetAssignment? assignment)
    {
        var remark = Invariant(
            $"dist={star.DistanceArcsec:0.00}\"; {star.Star.Mag:0.00} mag; {Toward(star.EastArcsec, 'E', 'W')}, {Toward(star.NorthArcsec, 'N', 'S')} to the target; PA={star.PositionAngleDegrees:0.00} deg; ID={star.Star.Id}");
        return facility.Name switch
        {
            "P200" => $"{name,-18}  {Position(star.Position, "  ")}  2000.0  ! {remark}",
            "P200-NGPS" => Ngps(name, star.Position, (star.EastArcsec, star.NorthArcsec), remark.Replace(",", "", StringComparison.Ordinal), assignment?.Priority, star.Star.Mag, "R"),
            _ => Invariant($"{name,-15} {Position(star.Position, " ")} 2000.0 raoffset={star.EastArcsec:0.00} decoffset={star.NorthArcsec:0.00} # {remark}"),
        };
    }

    private static string Ngps(string name, SkyPosition place, (double East, double North)? offset, string comment, string? priority, double? mag, string? filter) => string.Join(
        ',',
        name,
        Sexagesimal.FormatRa(place.RaDegrees, 2),
        Sexagesimal.FormatDec(place.DecDegrees, 2),
        offset is { } east ? Invariant($"{east.East:0.00}") : "",
        offset is { } north ? Invariant($"{north.North:0.00}") : "",
        comment.Replace(',', ' '),
        priority,
        "2,3,PA,1.5,2.5,650,680,R",
        mag is { } known ? Invariant($"{known:0.00}") : "",
        filter,
        "SNR 5,1");

    /// <summary>A step in words: how far and where to.</summary>
    public static string Toward(double arcsec, char positive, char negative) => Invariant($"{Math.Abs(arcsec):0.00}\" {(arcsec < 0 ? negative : positive)}");

    private static string Position(SkyPosition place, string gap) =>
        $"{Sexagesimal.FormatRa(place.RaDegrees, 2, SexagesimalStyle.Spaces)}{gap}{Sexagesimal.FormatDec(place.DecDegrees, 2, SexagesimalStyle.Spaces)}";

    // The letter of the band: of ztfr, sdssr and ps1::r it is R.
    private static string Band(string filter) => char.ToUpperInvariant(filter[^1]) is >= 'A' and <= 'Z' and var letter ? letter.ToString() : "R";

    private static string Plain(string text) => NotPlain().Replace(text, " ").Trim();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[^A-Za-z0-9_+\-.:]")]
    private static partial Regex NotForNames();

    [GeneratedRegex(@"[^\x20-\x7e]+")]
    private static partial Regex NotPlain();
}
