using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>How a field is compared with a value.</summary>
public enum AlertComparison
{
    /// <summary>The same.</summary>
    Equal,

    /// <summary>More than.</summary>
    Above,

    /// <summary>At least.</summary>
    AtLeast,

    /// <summary>Less than.</summary>
    Below,

    /// <summary>At most.</summary>
    AtMost,
}

/// <summary>A bound of a numeric field; an alert without the field is outside of every bound.</summary>
/// <param name="Field">Name of the field; see <see cref="AlertFieldSql"/>.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what, in the unit of the field.</param>
/// <param name="Integer">The same exactly, where the value is an integer of 64 bits.</param>
public sealed record AlertBound(string Field, AlertComparison Comparison, double Value, long? Integer = null);

/// <summary>Which archived alerts are wanted; all conditions together.</summary>
public sealed record AlertCriteria
{
    /// <summary>Rows on a page unless others are asked for.</summary>
    public const int UsualPerPage = 100;

    /// <summary>Most rows on a page.</summary>
    public const int MostPerPage = 500;

    /// <summary>Most rows before a page that is named by its number; farther on a cursor leads.</summary>
    public const int MostSkipped = 200_000;

    /// <summary>Largest radius of a cone, degrees.</summary>
    public const double LargestConeDegrees = 180;

    /// <summary>Surveys; null for all.</summary>
    public string[]? Surveys { get; init; }

    /// <summary>Names of objects; null for all.</summary>
    public string[]? ObjIds { get; init; }

    /// <summary>The surveys' numbers of alerts; null for all.</summary>
    public long[]? AlertIds { get; init; }

    /// <summary>Programmes; null for all.</summary>
    public int[]? Programmes { get; init; }

    /// <summary>Band letters; null for all.</summary>
    public string[]? Bands { get; init; }

    /// <summary>Brighter than the reference, or fainter; null for both.</summary>
    public bool? IsPositive { get; init; }

    /// <summary>Bounds of numeric fields, times (mjd) and coordinates among them.</summary>
    public IReadOnlyList<AlertBound> Bounds { get; init; } = [];

    /// <summary>Middle of a cone; null for none.</summary>
    public SkyPosition? ConeCenter { get; init; }

    /// <summary>Its radius, degrees.</summary>
    public double ConeRadiusDegrees { get; init; }

    /// <summary>By what they are sorted; see <see cref="AlertFieldSql"/>.</summary>
    public string Sort { get; init; } = AlertFieldSql.Time;

    /// <summary>Smallest first. Alerts without the value come last either way.</summary>
    public bool Ascending { get; init; }

    /// <summary>Number of the page, from 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Rows on a page.</summary>
    public int PerPage { get; init; } = UsualPerPage;

    /// <summary>Where the page before ended; counts before <see cref="Page"/>.</summary>
    public string? Cursor { get; init; }
}
