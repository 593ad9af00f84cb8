using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Gcn;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A class of a taxonomy that an object must or must not have.</summary>
public sealed record TaxonomyClass(string Taxonomy, string ClassName);

/// <summary>A value that an annotation must hold: the key alone, or a number compared with it.</summary>
/// <param name="Operator">eq, ne, gt, ge, lt or le; null where the key suffices.</param>
public sealed record AnnotationTest(string Key, double? Value, string? Operator);

/// <summary>By what sources are sorted.</summary>
public enum SourceSort
{
    SavedAt,
    Id,
    Alias,
    Origin,
    Ra,
    Dec,
    Redshift,
    Favorites,
    Annotation,
    Altdata,
    TnsName,
    MpcName,
    GalLon,
    GalLat,

    /// <summary>Newest class that the viewer may read.</summary>
    Classification,

    /// <summary>Brightest magnitude (AB) of those whose points the viewer may all read; so the two below.</summary>
    PeakMag,
    LatestMag,
    Detections,
}

/// <summary>Which sources are asked for; every condition that is given must hold.</summary>
public sealed record SourceCriteria
{
    public int PageNumber { get; init; } = 1;
    public int NumPerPage { get; init; } = 100;

    /// <summary>
    /// Where the last page ended, as that page said it; the empty text for the first page. Null where pages are asked for by number.
    /// What is saved or unsaved meanwhile neither repeats nor hides anything else.
    /// </summary>
    public string? Cursor { get; init; }

    public SourceSort Sort { get; init; }
    public bool Ascending { get; init; }

    /// <summary>Origin and key of the annotation, or path in altdata, by which to sort.</summary>
    public string[] SortPath { get; init; } = [];

    /// <summary>Groups to which the source was saved; null for all of the viewer.</summary>
    public int[]? GroupIds { get; init; }

    public SaveKind Saves { get; init; }
    public DateTime? SavedBefore { get; init; }
    public DateTime? SavedAfter { get; init; }
    public bool SavedByViewer { get; init; }

    /// <summary>Part of the name; where it looks like a TNS name, that one counts too.</summary>
    public string? NamePart { get; init; }

    /// <summary>Part of the name, of the TNS name or of another name, in any case.</summary>
    public string? AnyNamePart { get; init; }

    /// <summary>Exactly these.</summary>
    public string[]? Ids { get; init; }

    public string[]? RejectedIds { get; init; }
    public string? OriginPart { get; init; }
    public string? SimbadClassPart { get; init; }
    public string? AliasPart { get; init; }
    public bool HasTnsName { get; init; }
    public bool HasNoTnsName { get; init; }
    public SkyPosition? ConeCenter { get; init; }
    public double ConeRadiusDegrees { get; init; }

    /// <summary>Part of a sky map in which the object must lie; null for anywhere.</summary>
    public SkyMapPart? SkyMap { get; init; }

    /// <summary>The place of <see cref="SkyMap"/>, once it is read.</summary>
    internal SkyMapPlace? Place { get; init; }

    public DateTime? ChangedAfter { get; init; }
    public double? MinRedshift { get; init; }
    public double? MaxRedshift { get; init; }

    /// <summary>First detection at or after (UTC MJD).</summary>
    public double? FirstDetectedFromMjd { get; init; }

    /// <summary>Last detection at or before (UTC MJD).</summary>
    public double? LastDetectedToMjd { get; init; }

    public int? MinDetections { get; init; }
    public bool ExcludeForcedPhotometry { get; init; }

    /// <summary>Peak magnitude (AB) at most, that is at least as bright.</summary>
    public double? PeakMagAtMost { get; init; }
    public double? PeakMagAtLeast { get; init; }
    public double? LatestMagAtMost { get; init; }
    public double? LatestMagAtLeast { get; init; }

    public bool Classified { get; init; }
    public bool Unclassified { get; init; }
    public IReadOnlyList<TaxonomyClass> Classes { get; init; } = [];
    public bool AllClasses { get; init; }
    public IReadOnlyList<TaxonomyClass> NotClasses { get; init; } = [];
    public IReadOnlyList<AnnotationTest> Annotations { get; init; } = [];
    public string? AnnotationOrigin { get; init; }
    public DateTime? AnnotatedBefore { get; init; }
    public DateTime? AnnotatedAfter { get; init; }

    /// <summary>A comment must hold any of these texts, in any case.</summary>
    public string[]? CommentParts { get; init; }

    public int? CommentAuthorId { get; init; }
    public DateTime? CommentedBefore { get; init; }
    public DateTime? CommentedAfter { get; init; }

    /// <summary>One of the viewer's own lists.</summary>
    public string? ListName { get; init; }

    public bool Labelled { get; init; }
    public bool NotLabelled { get; init; }
    public bool LabelledByViewer { get; init; }

    /// <summary>Follow-up requests are demanded; nothing has any before the platform keeps them.</summary>
    public bool NeedsFollowup { get; init; }

    public bool HasSpectrum { get; init; }
    public bool HasNoSpectrum { get; init; }

    /// <summary>A spectrum observed at or before this time, UTC.</summary>
    public DateTime? SpectrumBefore { get; init; }

    /// <summary>A spectrum observed at or after this time, UTC.</summary>
    public DateTime? SpectrumAfter { get; init; }
}

/// <summary>What each source of a list carries besides the object.</summary>
public sealed record SourceListIncludes
{
    public bool Nested { get; init; } = true;
    public bool Thumbnails { get; init; }
    public bool Comments { get; init; }
    public bool PhotometryExists { get; init; }
    public bool SpectrumExists { get; init; }
    public bool CommentExists { get; init; }
    public bool PeriodExists { get; init; }
    public bool Labellers { get; init; }
    public bool ColorMagnitude { get; init; }
    public bool Hosts { get; init; }
    public bool DetectionStats { get; init; }

    /// <summary>Wire names of the fields that will be used; null for all. What nobody uses is not read.</summary>
    public IReadOnlySet<string>? Fields { get; init; }

    internal bool Wants(string field) => Fields?.Contains(field) != false;

    internal bool AnyFlag => PhotometryExists || CommentExists || PeriodExists || SpectrumExists;
}
