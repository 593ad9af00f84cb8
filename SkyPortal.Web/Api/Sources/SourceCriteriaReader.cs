using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Api.Gcn;

namespace SkyPortal.Web.Api.Sources;

/// <summary>Reads the criteria of a list of sources from a query; what cannot be read is refused with the parameter's name.</summary>
internal static class SourceCriteriaReader
{
    // Each is a search of its own; the database plans hundreds of them for minutes.
    private const int MostConditions = 30;
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"];

    /// <summary>Reads them.</summary>
    /// <param name="query">The query.</param>
    /// <param name="needsWindow">Whether a sky map may be named only together with the times between which objects were detected.</param>
    public static SourceCriteria Read(ApiQuery query, bool needsWindow = true)
    {
        RefuseWhatIsNotThere(query);
        var (page, perPage) = query.Page(100);
        var (sort, path) = Sort(query);
        var cone = Cone(query);
        var detections = query.Bool("requireDetections", true);
        return new SourceCriteria
        {
            PageNumber = page,
            NumPerPage = perPage,
            Cursor = query.Text("cursor") is { } cursor ? (cursor == "*" ? "" : cursor) : null,
            Sort = sort,
            SortPath = path,
            Ascending = Ascending(query),
            GroupIds = query.Ints("group_ids", $"Invalid group_ids: {query.Text("group_ids")}"),
            Saves = Saves(query),
            SavedBefore = Time(query, "savedBefore"),
            SavedAfter = Time(query, "savedAfter"),
            SavedByViewer = query.Bool("savedByCurrentUser"),
            NamePart = query.Text("sourceID"),
            Ids = query.List("objIDs"),
            AnyNamePart = query.Text("anyName"),
            RejectedIds = query.List("rejectedSourceIDs"),
            OriginPart = query.Text("origin"),
            SimbadClassPart = query.Text("simbadClass"),
            AliasPart = query.Text("alias"),
            HasTnsName = query.Bool("hasTNSname"),
            HasNoTnsName = query.Bool("hasNoTNSname"),
            ConeCenter = cone?.Center,
            ConeRadiusDegrees = cone?.RadiusDegrees ?? 0,
            SkyMap = Localized(query, needsWindow),
            ChangedAfter = Time(query, "createdOrModifiedAfter"),
            MinRedshift = query.StrictNumber("minRedshift"),
            MaxRedshift = query.StrictNumber("maxRedshift"),
            FirstDetectedFromMjd = detections ? MjdDays(query, "startDate") : null,
            LastDetectedToMjd = detections ? MjdDays(query, "endDate") : null,
            MinDetections = detections ? Count(query, "numberDetections") : null,
            ExcludeForcedPhotometry = query.Bool("excludeForcedPhotometry"),
            PeakMagAtMost = detections ? query.StrictNumber("minPeakMagnitude") : null,
            PeakMagAtLeast = detections ? query.StrictNumber("maxPeakMagnitude") : null,
            LatestMagAtMost = detections ? query.StrictNumber("minLatestMagnitude") : null,
            LatestMagAtLeast = detections ? query.StrictNumber("maxLatestMagnitude") : null,
            Classified = query.Bool("classified"),
            Unclassified = query.Bool("unclassified"),
            Classes = Classes(query, "classifications"),
            AllClasses = query.Bool("classifications_simul"),
            NotClasses = Classes(query, "nonclassifications"),
            Annotations = Annotations(query),
            AnnotationOrigin = query.Text("annotationsFilterOrigin"),
            AnnotatedBefore = Time(query, "annotationsFilterBefore"),
            AnnotatedAfter = Time(query, "annotationsFilterAfter"),
            CommentParts = query.List("commentsFilter"),
            CommentAuthorId = Count(query, "commentsFilterAuthor"),
            CommentedBefore = Time(query, "commentsFilterBefore"),
            CommentedAfter = Time(query, "commentsFilterAfter"),
            ListName = query.Text("listName"),
            Labelled = query.Bool("hasBeenLabelled"),
            NotLabelled = query.Bool("hasNotBeenLabelled"),
            LabelledByViewer = query.Bool("currentUserLabeller"),
            NeedsFollowup = query.Bool("hasFollowupRequest"),
            HasSpectrum = query.Bool("hasSpectrum"),
            HasNoSpectrum = query.Bool("hasNoSpectrum"),
            SpectrumBefore = Time(query, "hasSpectrumBefore"),
            SpectrumAfter = Time(query, "hasSpectrumAfter"),
        };
    }

    /// <summary>Which saves are meant: active, offered, or both.</summary>
    public static SaveKind Saves(ApiQuery query) => query.Bool("pendingOnly")
        ? SaveKind.Requested
        : query.Bool("includeRequested") ? SaveKind.ActiveOrRequested : SaveKind.Active;

    /// <summary>A cone, checked.</summary>
    public static (SkyPosition Center, double RadiusDegrees) Cone(double raDegrees, double decDegrees, double radiusDegrees)
    {
        if (radiusDegrees is < 0 or > 180)
        {
            throw Refusal.Invalid("Invalid radius: it must be 0 to 180 degrees.");
        }

        return SkyPosition.TryCreate(raDegrees, decDegrees, out var center, out var error)
            ? (center, radiusDegrees)
            : throw Refusal.Invalid($"Invalid ra or dec: {error}");
    }

    private static void RefuseWhatIsNotThere(ApiQuery query)
    {
        if (query.Text("spatialCatalogName") is { } catalog)
        {
            throw Refusal.Invalid(query.Text("spatialCatalogEntryName") is null
                ? "spatialCatalogEntryName must be defined if spatialCatalogName is as well"
                : $"Spatial catalog {catalog} not found");
        }
    }

    private static SkyMapPart? Localized(ApiQuery query, bool needsWindow)
    {
        var part = SkyMapQuery.Read(query);
        if (part is null || !needsWindow)
        {
            return part;
        }

        if (Time(query, "startDate") is not { } first || Time(query, "endDate") is not { } last)
        {
            throw Refusal.Invalid("must specify startDate and endDate when filtering by localizationDateobs or localizationName");
        }

        SkyMapQuery.CheckWindow(first, last, "startDate", "endDate");
        return part;
    }

    private static DateTime? Time(ApiQuery query, string name)
    {
        try
        {
            return query.Time(name);
        }
        catch (Refusal)
        {
            throw Refusal.Invalid($"Error parsing query params: {{'{name}': ['Not a valid date or time: {query.Text(name)}']}}");
        }
    }

    private static double? MjdDays(ApiQuery query, string name) => Time(query, name) is { } time ? Mjd.DaysOf(time) : null;

    private static int? Count(ApiQuery query, string name) => query.StrictNumber(name) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var number => (int)Math.Ceiling(number),
        _ => throw Refusal.Invalid($"Invalid {name}: {query.Text(name)}"),
    };

    private static (SkyPosition Center, double RadiusDegrees)? Cone(ApiQuery query)
    {
        var given = new[] { "ra", "dec", "radius" }.Count(name => query.Text(name) is not null);
        if (given == 0)
        {
            return null;
        }

        if (given < 3)
        {
            throw Refusal.Invalid("If any of 'ra', 'dec' or 'radius' are provided, all three are required.");
        }

        return Cone(query.StrictNumber("ra")!.Value, query.StrictNumber("dec")!.Value, query.StrictNumber("radius")!.Value);
    }

    private static bool Ascending(ApiQuery query) => (query.Text("sortOrder") ?? "desc").ToLowerInvariant() switch
    {
        "asc" => true,
        "desc" => false,
        var other => throw Refusal.Invalid($"Invalid sort_order: {other}"),
    };

    private static (SourceSort Sort, string[] Path) Sort(ApiQuery query)
    {
        var by = query.Text("sortBy") ?? "saved_at";
        SourceSort? plain = by switch
        {
            "saved_at" => SourceSort.SavedAt,
            "id" => SourceSort.Id,
            "alias" => SourceSort.Alias,
            "origin" => SourceSort.Origin,
            "ra" => SourceSort.Ra,
            "dec" => SourceSort.Dec,
            "redshift" => SourceSort.Redshift,
            "favorites" => SourceSort.Favorites,
            "tns_name" => SourceSort.TnsName,
            "mpc_name" => SourceSort.MpcName,
            "gal_lon" => SourceSort.GalLon,
            "gal_lat" => SourceSort.GalLat,
            "classification" => SourceSort.Classification,
            "peak_mag" => SourceSort.PeakMag,
            "latest_mag" => SourceSort.LatestMag,
            "num_detections" => SourceSort.Detections,
            // There are no verdicts yet: all are alike, the newest saves first.
            "gcn_status" => query.Text("localizationDateobs") is null ? throw Refusal.Invalid("sortBy gcn_status needs localizationDateobs.") : SourceSort.SavedAt,
            _ => null,
        };
        if (plain is { } sort)
        {
            return (sort, []);
        }

        return by.Split('.') switch
        {
            ["annotation", var origin, .. { Length: > 0 } key] when origin.Length > 0 => (SourceSort.Annotation, [origin, string.Join('.', key)]),
            ["altdata", .. { Length: > 0 } path] => (SourceSort.Altdata, path),
            _ => throw Refusal.Invalid($"Invalid sort_by: {by}"),
        };
    }

    private static IReadOnlyList<string> Few(ApiQuery query, string name) => query.List(name) switch
    {
        null => [],
        { Length: <= MostConditions } few => few,
        var many => throw Refusal.Invalid($"Invalid {name}: {many.Length} conditions; at most {MostConditions} are allowed."),
    };

    private static IReadOnlyList<TaxonomyClass> Classes(ApiQuery query, string name) => [.. Few(query, name).Select(item =>
    {
        var at = item.IndexOf(':', StringComparison.Ordinal);
        return at > 0 && at < item.Length - 1
            ? new TaxonomyClass(item[..at].Trim(), item[(at + 1)..].Trim())
            : throw Refusal.Invalid($"Invalid {name}: {item} must be a taxonomy and a class, as in 'Taxonomy: Class'");
    })];

    private static IReadOnlyList<AnnotationTest> Annotations(ApiQuery query) => [.. Few(query, "annotationsFilter").Select(item =>
    {
        var parts = item.Split(':', StringSplitOptions.TrimEntries);
        if (parts.Length == 1)
        {
            return new AnnotationTest(parts[0], null, null);
        }

        if (parts.Length != 3)
        {
            throw Refusal.Invalid($"Invalid annotationsFilter value -- annotation filter must have 1 or 3 values: {item}");
        }

        if (!Comparisons.Contains(parts[2]))
        {
            throw Refusal.Invalid($"Invalid operator: {parts[2]}");
        }

        return double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? new AnnotationTest(parts[0], value, parts[2])
            : throw Refusal.Invalid($"Invalid annotationsFilter value: {parts[1]} is not a number");
    })];
}
