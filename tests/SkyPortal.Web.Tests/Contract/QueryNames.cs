namespace SkyPortal.Web.Tests.Contract;

/// <summary>Documented names of query parameters, by route.</summary>
internal static class QueryNames
{
    private const string Spectra = """
        minimalPayload observedBefore observedAfter modifiedBefore modifiedAfter objID instrumentIDs groupIDs followupRequestIDs assignmentIDs origin label type
        commentsFilter commentsFilterAuthor commentsFilterBefore commentsFilterAfter
        """;

    private const string Alerts = """
        page numPerPage cursor sort_value sort_order objectId candid survey programid filter isdiffpos objectidps cone objectcone time__gt time__lt time__since jd__gt jd__lt mjd__gte mjd__lte
        ra__gt ra__lt dec__gt dec__lt l__gt l__lt b__gt b__lt magpsf__gte magpsf__lte sigmapsf__lte magap__gte magap__lte distnr__gte distnr__lte deltamaglatest__gte deltamaglatest__lte
        deltamagref__gte deltamagref__lte rb__gte drb__gte score__gte classtar__gte classtar__lte fwhm__lte psfFlux__gte pixelFlags_edge nosuchfield__gte
        """;

    private static readonly Dictionary<string, string> Names = new()
    {
        ["ListAlerts"] = $"{Alerts} includeFields",
        ["SearchMars"] = $"{Alerts} format",
        ["ExportAlerts"] = $"{Alerts} format",
        ["GetMarsAlert"] = "format",
        ["GetMarsAlertOfSurvey"] = "format",
        ["GetAlertCutout"] = "format scale low high",
        ["ListCandidates"] = """
            includeComments includeAlerts numPerPage pageNumber autosave autosaveGroupIds savedStatus startDate endDate groupIDs filterIDs sortByAnnotationOrigin sortByAnnotationKey
            sortByAnnotationOrder annotationFilterList includePhotometry classifications classificationsReject minRedshift maxRedshift listName listNameReject photometryAnnotationsFilter
            photometryAnnotationsFilterOrigin photometryAnnotationsFilterMinCount localizationDateobs localizationName localizationCumprob firstDetectionAfter lastDetectionBefore numberDetections
            requireDetections excludeForcedPhotometry objID queryID annotationExcludeOrigin nameOnly
            photometryAnnotationsFilterBefore photometryAnnotationsFilterAfter includeSpectra includeFollowupRequests includeAssociatedObjs
            """,
        ["GetThumbnailImage"] = "scale low high",
        ["GetThumbnailPicture"] = "scale low high",
        ["GetCandidate"] = "includeComments includeAlerts includePhotometry includeSpectra",
        ["ListCandidateRows"] = "startDate endDate groupIDs filterIDs savedStatus pageNumber numPerPage",
        ["ListGcnEvents"] = """
            pageNumber numPerPage sortBy sortOrder startDate endDate groupIds partialdateobs gcnTagKeep gcnTagRemove localizationTagKeep localizationTagRemove gcnPropertiesFilter
            localizationPropertiesFilter excludeNoticeContent
            """,
        ["GetGcnEvent"] = "partialdateobs excludeNoticeContent",
        ["GetLocalization"] = "include2DMap",
        ["ListWatchEntries"] = "pageNumber numPerPage",
        ["ListWatchMatches"] = "pageNumber numPerPage",
        ["ListAllWatchMatches"] = "pageNumber numPerPage",
        ["ListScanReports"] = "page numPerPage",
        ["ExportScanReport"] = "format",
        ["ListClassifications"] = "includeTaxonomy startDate endDate numPerPage pageNumber",
        ["ListClassifiedSources"] = "startDate endDate",
        ["GetClassification"] = "includeTaxonomy",
        ["ListAdmissionRequests"] = "groupID",
        ["ListGroups"] = "includeGroupUsers name includeSingleUserGroups",
        ["GetGroup"] = "includeGroupUsers",
        ["GetInstruments"] = "name includeGeoJSON includeRegion localizationDateobs localizationCumprob airmassTime",
        ["ListTokens"] = "userID",
        ["SearchInvitations"] = "includeUsed numPerPage pageNumber email group stream invitedBy",
        ["ExplainAccess"] = "resource id user_id",
        ["ListListings"] = "listName",
        ["ListAllocations"] = "instrument_id apiType apiImplements",
        ["GetAllocation"] = "pageNumber numPerPage sortBy sortOrder",
        ["ListInstrumentForms"] = "apiType",
        ["ListFollowupRequests"] = """
            pageNumber numPerPage startDate endDate observationStartDate observationEndDate sourceID instrumentID allocationID requesters priorityThreshold status sortBy sortOrder
            includeObjThumbnails
            """,
        ["CountPhotStats"] = "createdAtStartTime createdAtEndTime quickUpdateStartTime quickUpdateEndTime fullUpdateStartTime fullUpdateEndTime",
        ["PostPhotStats"] = "numPerPage pageNumber createdAtStartTime createdAtEndTime",
        ["PatchPhotStats"] = "numPerPage pageNumber createdAtStartTime createdAtEndTime quickUpdateStartTime quickUpdateEndTime fullUpdateStartTime fullUpdateEndTime",
        ["GetPhotometry"] = "format magsys includeOwnerInfo includeStreamInfo includeValidationInfo",
        ["GetColorMagnitude"] = "catalog apparentMagKey parallaxKey absorptionKey absoluteMagKey blueMagKey redMagKey colorKey",
        ["GetPeriodogram"] = "minPeriodDays maxPeriodDays filters method instrumentIds",
        ["GetPhotometryRange"] = "magsys format instrument_ids min_date max_date",
        ["AggregatePhotStats"] = "xField yField zField classifications classificationProbThreshold group_id obj_ids maxMatches",
        ["GetSourcePhotometry"] = "export individualOrSeries phaseFoldData format magsys includeOwnerInfo includeStreamInfo includeValidationInfo includeAnnotationInfo deduplicatePhotometry includeSuperObjsPhotometry includeExtinction",
        ["SourceExists"] = "ra dec radius",
        ["ListSources"] = """
            TNSname includePhotometry includeComments includePhotometryExists includeSpectrumExists includeCommentExists includePeriodExists includeThumbnails ra dec radius sourceID
            rejectedSourceIDs simbadClass alias origin hasTNSname hasBeenLabelled hasNotBeenLabelled currentUserLabeller numPerPage pageNumber startDate endDate requireDetections listName
            group_ids includeColorMagnitude includeRequested pendingOnly savedBefore savedAfter savedByCurrentUser hasSpectrumAfter hasSpectrumBefore saveSummary sortBy sortOrder
            includeHosts includeLabellers removeNested includeDetectionStats classifications classifications_simul nonclassifications classified unclassified annotationsFilter annotationsFilterOrigin
            annotationsFilterBefore annotationsFilterAfter commentsFilter commentsFilterAuthor commentsFilterBefore commentsFilterAfter minRedshift maxRedshift minPeakMagnitude
            maxPeakMagnitude minLatestMagnitude maxLatestMagnitude numberDetections hasSpectrum hasFollowupRequest followupRequestStatus createdOrModifiedAfter localizationDateobs
            localizationName localizationCumprob spatialCatalogName spatialCatalogEntryName includeGeoJSON useCache queryID excludeForcedPhotometry hasNoTNSname hasNoSpectrum
            cursor fields objIDs anyName
            """,
        ["ExportSources"] = "format fields rows objIDs anyName sortBy sortOrder group_ids sourceID ra dec radius minRedshift maxRedshift savedAfter classifications annotationsFilter commentsFilter",
        ["GetSource"] = """
            TNSname includePhotometry deduplicatePhotometry includeComments includePhotometryExists includeSpectrumExists includeCommentExists includePeriodExists includeThumbnails
            includeLabellers includeCandidates includeColorMagnitude includeTags includeAssociatedObjs includeDetectionStats includeRequested pendingOnly includeSuperObjs
            """,
        ["ListSuperObjs"] = "name isRoid objID",
        ["ListObjTags"] = "obj_id objtagoption_id includeSuperObjs",
        ["GetSeries"] = "dataFormat",
        ["ListSeries"] = """
            dataFormat ra dec radius objectID rejectedObjectID rejectedObjectIDs seriesName seriesObjID filter channel origin filename startBefore startAfter midBefore midAfter
            midTimeBefore midTimeAfter endBefore endAfter detected expTime minExpTime maxExpTime minFrameRate maxFrameRate minNumExposures maxNumExposures instrumentID
            followupRequestID assignmentID ownerID magBrighterThan magFainterThan limitingMagBrighterThan limitingMagFainterThan limitingMagIsNaN limitingMagIsNone magrefBrighterThan
            magrefFainterThan minRMS maxRMS useRobustMagAndRMS minMedianSNR maxMedianSNR minBestSNR maxBestSNR minWorstSNR maxWorstSNR hash sortBy sortOrder pageNumber numPerPage
            """,
        ["ListSimilarSources"] = "numItems",
        ["ListObjClassifications"] = "includeSuperObjs",
        ["GetPosition"] = "instrument_ids stream_ids stream_only snr_threshold method",
        ["ListGalaxies"] = """
            catalog_name galaxyName ra dec radius minDistance maxDistance minRedshift maxRedshift minMstar maxMstar localizationDateobs catalogNamesOnly includeGeoJSON numPerPage pageNumber
            sortBy sortOrder
            """,
        ["ListBrokerAlerts"] = "objectId object_id candid survey ra dec radius radius_units jd_start jd_end limit",
        ["GetBrokerCutouts"] = "objectId",
        ["GetBrokerPhotometry"] = "survey format magsys refresh",
        ["GetBrokersPhotometry"] = "survey format magsys refresh",
        ["SearchBrokerCone"] = "ra dec radius radius_units",
        ["SearchBrokerFilters"] = "name groupID streamID brokerID pageNumber numPerPage",
        ["ListBrokerFilterModules"] = "survey elements",
        ["GetBrokerFilterModule"] = "survey elements",
        ["GetAtlasCone"] = "ra dec radius",
        ["GetAtlasObject"] = "mjd",
        ["ListOutsideTransactions"] = "service objID pageNumber numPerPage",
        ["SearchComments"] = "text pageNumber numPerPage",
        ["ListComments"] = "text pageNumber numPerPage channel",
        ["SearchSpectrumComments"] = "text pageNumber numPerPage",
        ["ListSpectrumComments"] = "text pageNumber numPerPage channel",
        ["DeleteCommentChannel"] = "channel",
        ["MoveCommentAttachments"] = "pageNumber numPerPage",
        ["GetSpectrumCommentAttachment"] = "download preview",
        ["GetSpectrumCommentAttachmentPdf"] = "download preview",
        ["GetCommentAttachment"] = "download preview",
        ["GetCommentAttachmentPdf"] = "download preview",
        ["SearchClasses"] = "q limit",
        ["GetTelescopes"] = "name latitudeMin latitudeMax longitudeMin longitudeMax",
        ["SearchUsers"] = "numPerPage pageNumber firstName lastName username email role acl group stream includeExpired sortBy sortOrder",
        ["ListSpectra"] = Spectra,
        ["ListSpectraOld"] = Spectra,
        ["GetSpectraRange"] = "instrument_ids min_date max_date",
        ["GetSpectraRangeOld"] = "instrument_ids min_date max_date",
        ["GetSpectrum"] = "includeOriginalFile",
        ["GetSpectrumOld"] = "includeOriginalFile",
        ["GetSourceSpectra"] = "sortBy sortOrder normalization includeOriginalFile",
        ["MakeSyntheticPhotometry"] = "filters",
        ["GetObservability"] = "maxAirmass twilight",
        ["GetAirmass"] = "time",
        ["GetThumbnailPath"] = "types requiredDepth",
        ["PatchThumbnailPath"] = "types requiredDepth numPerPage pageNumber",
        ["GetOffsets"] = "facility num_offset_stars obstime use_ztfref observing_run_id",
        ["GetFinder"] = "imsize facility image_source use_ztfref obstime type num_offset_stars mag_min mag_limit as_json use_cache",
        ["GetUnsourcedFinder"] = "location_type catalog_id ra dec imsize facility image_source use_ztfref obstime type num_offset_stars",
        ["GetEphemeris"] = "time",
        ["ListEphemerides"] = "time telescopeIds",
        ["PostPhotometry"] = "refresh report obj_id instrument_id filter magsys zp origin limiting_mag_nsigma group_ids stream_ids",
        ["PutPhotometry"] = "refresh overwrite_flux duplicate_ignore_flux obj_id instrument_id filter magsys zp origin limiting_mag_nsigma group_ids stream_ids",
    };

    /// <summary>Parameters without which a route looks at none of the others, so that these are looked at.</summary>
    private static readonly Dictionary<string, string> Companions = new()
    {
        ["AggregatePhotStats"] = "xField=peak_mjd_global&yField=num_obs_global",
        ["SearchComments"] = "text=a",
        ["SearchSpectrumComments"] = "text=a",
        ["ListSpectrumComments"] = "text=a",
        ["DeleteCommentChannel"] = "channel=c",
        ["ListComments"] = "text=a",
        ["SourceExists"] = "ra=1&dec=1&radius=1",
        ["ListSeries.ra"] = "dec=1&radius=1",
        ["ListSeries.dec"] = "ra=1&radius=1",
        ["ListSeries.radius"] = "ra=1&dec=1",
        ["ListGalaxies.ra"] = "dec=1&radius=1",
        ["ListGalaxies.dec"] = "ra=1&radius=1",
        ["ListGalaxies.radius"] = "ra=1&dec=1",
        ["ListGalaxies.sortBy"] = "sortOrder=asc",
        ["ListGalaxies.sortOrder"] = "sortBy=name",
        ["GetAtlasCone"] = "ra=1&dec=1&radius=1",
        ["ListSources.localizationDateobs"] = "startDate=2020-01-01&endDate=2027-01-01",
        ["ListSources.localizationName"] = "startDate=2020-01-01&endDate=2027-01-01&localizationDateobs=2026-01-02T03:04:05",
        ["ListSources.localizationCumprob"] = "startDate=2020-01-01&endDate=2027-01-01&localizationDateobs=2026-01-02T03:04:05",
        ["ListCandidates.localizationName"] = "requireDetections=false&localizationDateobs=2026-01-02T03:04:05",
        ["ListCandidates.localizationCumprob"] = "requireDetections=false&localizationDateobs=2026-01-02T03:04:05",
        ["ListSources.ra"] = "dec=1&radius=1",
        ["ListSources.dec"] = "ra=1&radius=1",
        ["ListSources.radius"] = "ra=1&dec=1",
        ["ExportSources.ra"] = "dec=1&radius=1",
        ["ExportSources.dec"] = "ra=1&radius=1",
        ["ExportSources.radius"] = "ra=1&dec=1",
        ["ListSources.queryID"] = "useCache=true&pageNumber=2",
        ["ListSources.sortBy"] = "sortOrder=asc",
        ["ListSources.annotationsFilterOrigin"] = "annotationsFilter=drb",
        ["ListCandidates.sortByAnnotationOrigin"] = "sortByAnnotationKey=a",
        ["ListCandidates.sortByAnnotationKey"] = "sortByAnnotationOrigin=a",
        ["ListCandidates.objID"] = "nameOnly=true",
        ["ListCandidates.queryID"] = "pageNumber=2",
        ["ExplainAccess.resource"] = "id=1",
        ["ExplainAccess.id"] = "resource=source",
        ["ExplainAccess.user_id"] = "resource=source&id=SAMPLE1",
    };

    /// <summary>Names of a route's parameters; two that every list has where it has none of its own.</summary>
    public static IReadOnlyList<string> Of(string route) =>
        Names.GetValueOrDefault(route, "pageNumber numPerPage").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What goes with a parameter in a query.</summary>
    public static string With(string route, string name) =>
        string.Join('&', (Companions.GetValueOrDefault($"{route}.{name}") ?? Companions.GetValueOrDefault(route, "")).Split('&').Where(part => part.Length > 0 && !part.StartsWith(name + "=", StringComparison.Ordinal)));
}
