namespace SkyPortal.Web.Api.OpenApi;

/// <summary>A parameter in the query of a route.</summary>
/// <param name="Type">JSON type.</param>
/// <param name="Format">Format of the type; null for none.</param>
internal sealed record QueryParameter(string Name, string Type, string? Format);

/// <summary>
/// What routes read from the query, by route. Handlers read it by name, so it is listed here. A sign behind a name tells its type:
/// ? a truth value, # an integer, ~ a number, ! a time; none a text.
/// </summary>
internal static class QueryParameters
{
    // What all rows of a file of comma-separated values share.
    private const string OfFile = "obj_id instrument_id# filter magsys zp~ origin limiting_mag_nsigma~ group_ids stream_ids";

    private const string Page = "pageNumber# numPerPage#";

    private const string Spectra = """
        minimalPayload? observedBefore! observedAfter! modifiedBefore! modifiedAfter! objID instrumentIDs groupIDs followupRequestIDs assignmentIDs origin label type
        commentsFilter commentsFilterAuthor commentsFilterBefore! commentsFilterAfter!
        """;

    // Besides these any numeric field of a packet may be bounded.
    private const string Alerts = """
        page# numPerPage# cursor sort_value sort_order objectId candid survey programid filter isdiffpos objectidps# cone objectcone time__gt! time__lt!
        time__since~ jd__gt~ jd__lt~ mjd__gte~ mjd__lte~ ra__gt~ ra__lt~ dec__gt~ dec__lt~ l__gt~ l__lt~ b__gt~ b__lt~ magpsf__gte~ magpsf__lte~ sigmapsf__lte~
        magap__gte~ magap__lte~ distnr__gte~ distnr__lte~ deltamaglatest__gte~ deltamaglatest__lte~ deltamagref__gte~ deltamagref__lte~ rb__gte~ drb__gte~
        score__gte~ classtar__gte~ classtar__lte~ fwhm__lte~
        """;

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["ListAlerts"] = $"{Alerts} includeFields?",
        ["SearchMars"] = $"{Alerts} format",
        ["ExportAlerts"] = $"{Alerts} format",
        ["GetMarsAlert"] = "format",
        ["GetMarsAlertOfSurvey"] = "format",
        ["GetAlertCutout"] = "format scale low~ high~",
        ["ListCandidates"] = $"""
            {Page} groupIDs filterIDs startDate! endDate! savedStatus minRedshift~ maxRedshift~ listName listNameReject classifications classificationsReject annotationFilterList
            firstDetectionAfter! lastDetectionBefore! numberDetections# excludeForcedPhotometry? requireDetections? sortByAnnotationOrigin sortByAnnotationKey sortByAnnotationOrder
            localizationDateobs! localizationName localizationCumprob~ queryID nameOnly? objID autosave? photometryAnnotationsFilter photometryAnnotationsFilterOrigin photometryAnnotationsFilterBefore! photometryAnnotationsFilterAfter!
            photometryAnnotationsFilterMinCount# includeAlerts? includePhotometry? includeSpectra? includeComments? includeFollowupRequests? includeAssociatedObjs?
            """,
        ["GetCandidate"] = "includeAlerts? includePhotometry? includeSpectra? includeComments?",
        ["ListCandidateRows"] = $"{Page} startDate! endDate! groupIDs filterIDs",
        ["ListGcnEvents"] = $"""
            {Page} sortBy sortOrder startDate! endDate! groupIds partialdateobs gcnTagKeep gcnTagRemove localizationTagKeep localizationTagRemove gcnPropertiesFilter localizationPropertiesFilter
            """,
        ["GetGcnEvent"] = "partialdateobs",
        ["GetLocalization"] = "include2DMap?",
        ["ListWatchEntries"] = Page,
        ["ListWatchMatches"] = Page,
        ["ListAllWatchMatches"] = Page,
        ["ListScanReports"] = "page# numPerPage#",
        ["ExportScanReport"] = "format",
        ["ListClassifications"] = $"{Page} includeTaxonomy? startDate! endDate!",
        ["ListClassifiedSources"] = "startDate! endDate!",
        ["GetClassification"] = "includeTaxonomy?",
        ["ListComments"] = $"{Page} text channel",
        ["SearchComments"] = $"{Page} text",
        ["ListSpectrumComments"] = $"{Page} text channel",
        ["SearchSpectrumComments"] = $"{Page} text",
        ["DeleteCommentChannel"] = "channel",
        ["MoveCommentAttachments"] = Page,
        ["GetSpectrumCommentAttachment"] = "download? preview?",
        ["GetSpectrumCommentAttachmentPdf"] = "download? preview?",
        ["GetObservability"] = "maxAirmass~ twilight",
        ["GetAirmass"] = "time!",
        ["GetThumbnailPath"] = "types requiredDepth#",
        ["PatchThumbnailPath"] = $"types requiredDepth# {Page}",
        ["GetOffsets"] = "facility num_offset_stars# obstime! use_ztfref? observing_run_id",
        ["GetFinder"] = "imsize~ facility image_source use_ztfref? obstime! type num_offset_stars# mag_min~ mag_limit~ as_json? use_cache?",
        ["GetUnsourcedFinder"] = "location_type catalog_id ra~ dec~ imsize~ facility image_source use_ztfref? obstime! type num_offset_stars#",
        ["GetEphemeris"] = "time!",
        ["ListEphemerides"] = "time! telescopeIds",
        ["GetCommentAttachment"] = "download? preview?",
        ["GetCommentAttachmentPdf"] = "download? preview?",
        ["SearchClasses"] = "q limit#",
        ["ListGroups"] = "name includeSingleUserGroups?",
        ["GetGroup"] = "includeGroupUsers?",
        ["ListAdmissionRequests"] = "groupID#",
        ["ListTokens"] = "userID#",
        ["SearchUsers"] = $"{Page} firstName lastName username email role acl group stream includeExpired? sortBy sortOrder",
        ["SearchInvitations"] = $"{Page} includeUsed? email group stream invitedBy",
        ["ExplainAccess"] = "resource id user_id#",
        ["GetTelescopes"] = "name latitudeMin~ latitudeMax~ longitudeMin~ longitudeMax~",
        ["GetInstruments"] = "name",
        ["ListListings"] = "listName",
        ["ListAllocations"] = "instrument_id# apiType apiImplements",
        ["GetAllocation"] = $"{Page} sortBy sortOrder",
        ["ListInstrumentForms"] = "apiType",
        ["ListFollowupRequests"] = $"""
            {Page} startDate! endDate! observationStartDate! observationEndDate! sourceID instrumentID# allocationID# requesters priorityThreshold~ status sortBy sortOrder includeObjThumbnails?
            """,
        ["SourceExists"] = "ra~ dec~ radius~",
        ["GetPhotometry"] = "format magsys includeOwnerInfo? includeStreamInfo? includeValidationInfo?",
        ["GetSourcePhotometry"] = """
            format magsys export individualOrSeries phaseFoldData? deduplicatePhotometry? includeOwnerInfo? includeStreamInfo? includeAnnotationInfo? includeValidationInfo? includeSuperObjsPhotometry? includeExtinction?
            """,
        ["ListSpectra"] = Spectra,
        ["ListSpectraOld"] = Spectra,
        ["GetSpectraRange"] = "instrument_ids min_date! max_date!",
        ["GetSpectraRangeOld"] = "instrument_ids min_date! max_date!",
        ["GetSpectrum"] = "includeOriginalFile?",
        ["GetSpectrumOld"] = "includeOriginalFile?",
        ["GetSourceSpectra"] = "sortBy sortOrder normalization includeOriginalFile?",
        ["MakeSyntheticPhotometry"] = "filters",
        ["GetColorMagnitude"] = "catalog apparentMagKey parallaxKey absorptionKey absoluteMagKey blueMagKey redMagKey colorKey",
        ["GetPeriodogram"] = "minPeriodDays~ maxPeriodDays~ filters method instrumentIds",
        ["GetPhotometryRange"] = "format magsys instrument_ids min_date! max_date!",
        ["AggregatePhotStats"] = "xField yField zField classifications classificationProbThreshold~ group_id# obj_ids maxMatches#",
        ["PostPhotometry"] = $"report? {OfFile}",
        ["PutPhotometry"] = $"duplicate_ignore_flux? overwrite_flux? {OfFile}",
        ["CountPhotStats"] = "createdAtStartTime! createdAtEndTime! quickUpdateStartTime! quickUpdateEndTime! fullUpdateStartTime! fullUpdateEndTime!",
        ["PostPhotStats"] = $"{Page} createdAtStartTime! createdAtEndTime!",
        ["PatchPhotStats"] = $"{Page} createdAtStartTime! createdAtEndTime! quickUpdateStartTime! quickUpdateEndTime! fullUpdateStartTime! fullUpdateEndTime!",
        ["GetSource"] = """
            TNSname includePhotometry? deduplicatePhotometry? includeThumbnails? includeComments? includePhotometryExists? includeSpectrumExists? includeCommentExists? includePeriodExists?
            includeLabellers? includeCandidates? includeColorMagnitude? includeTags? includeAssociatedObjs? includeDetectionStats? includeRequested? pendingOnly?
            includeSuperObjs?
            """,
        ["ListSuperObjs"] = "name isRoid? objID",
        ["ListObjTags"] = "obj_id objtagoption_id# includeSuperObjs?",
        ["GetSeries"] = "dataFormat",
        ["ListSeries"] = $"""
            {Page} dataFormat ra~ dec~ radius~ objectID rejectedObjectID rejectedObjectIDs seriesName seriesObjID filter channel origin filename startBefore! startAfter! midBefore!
            midAfter! midTimeBefore! midTimeAfter! endBefore! endAfter! detected? expTime~ minExpTime~ maxExpTime~ minFrameRate~ maxFrameRate~ minNumExposures~ maxNumExposures~
            instrumentID# followupRequestID# assignmentID# ownerID# magBrighterThan~ magFainterThan~ limitingMagBrighterThan~ limitingMagFainterThan~ limitingMagIsNaN?
            limitingMagIsNone? magrefBrighterThan~ magrefFainterThan~ minRMS~ maxRMS~ useRobustMagAndRMS? minMedianSNR~ maxMedianSNR~ minBestSNR~ maxBestSNR~ minWorstSNR~
            maxWorstSNR~ hash sortBy sortOrder
            """,
        ["ListSimilarSources"] = "numItems#",
        ["ListObjClassifications"] = "includeSuperObjs?",
        ["GetPosition"] = "instrument_ids stream_ids stream_only? snr_threshold~ method",
        ["ListGalaxies"] = $"""
            {Page} catalog_name galaxyName ra~ dec~ radius~ minDistance~ maxDistance~ minRedshift~ maxRedshift~ minMstar~ maxMstar~ localizationDateobs! catalogNamesOnly? includeGeoJSON?
            sortBy sortOrder
            """,
        ["ListSources"] = $"""
            {Page} sortBy sortOrder useCache? queryID saveSummary? removeNested? includeGeoJSON? group_ids includeRequested? pendingOnly? savedBefore! savedAfter! savedByCurrentUser? sourceID
            rejectedSourceIDs origin simbadClass alias hasTNSname? hasNoTNSname? ra~ dec~ radius~ createdOrModifiedAfter! minRedshift~ maxRedshift~ startDate! endDate! numberDetections#
            requireDetections? excludeForcedPhotometry? minPeakMagnitude~ maxPeakMagnitude~ minLatestMagnitude~ maxLatestMagnitude~ classified? unclassified? classifications
            classifications_simul? nonclassifications annotationsFilter annotationsFilterOrigin annotationsFilterBefore! annotationsFilterAfter! commentsFilter commentsFilterAuthor#
            commentsFilterBefore! commentsFilterAfter! listName hasBeenLabelled? hasNotBeenLabelled? currentUserLabeller? includeThumbnails? includeComments? includePhotometryExists?
            includeSpectrumExists? includeCommentExists? includePeriodExists? includeLabellers? includeColorMagnitude? includeDetectionStats? includeHosts?
            hasSpectrum? hasNoSpectrum? hasSpectrumBefore! hasSpectrumAfter! localizationDateobs! localizationName localizationCumprob~
            """,
    };

    /// <summary>Parameters of a route.</summary>
    public static IEnumerable<QueryParameter> Of(string route) =>
        Names.GetValueOrDefault(route, "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(item => item[^1] switch
        {
            '?' => new QueryParameter(item[..^1], "boolean", null),
            '#' => new QueryParameter(item[..^1], "integer", null),
            '~' => new QueryParameter(item[..^1], "number", null),
            '!' => new QueryParameter(item[..^1], "string", "date-time"),
            _ => new QueryParameter(item, "string", null),
        });
}
