using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>A small site with one of everything, a body that is right for every route that takes one, and both kinds of callers.</summary>
internal sealed partial class SampleSite
{
    private const double Fresh = 54321.5;
    private readonly Dictionary<string, string> _arguments = [];
    private int _number;
    private readonly Dictionary<string, object> _bodies = [];

    /// <summary>An administrator.</summary>
    public required TestClient Admin { get; init; }

    /// <summary>A full user who is a member of the site's group.</summary>
    public required TestClient Member { get; init; }

    /// <summary>Fills a site.</summary>
    public static async Task<SampleSite> MakeAsync(TestNode node)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var group = new Group { Name = "sample group" };
        var other = new Group { Name = "other group" };
        var telescope = new Telescope { Name = "Sample telescope", Nickname = "ST", Lat = 33, Lon = -116, Elevation = 1700 };
        db.AddRange(group, other, telescope);
        await db.SaveChangesAsync();
        var instrument = new Instrument { Name = "Sample camera", Type = "imager", TelescopeId = telescope.Id, Filters = ["ztfg", "ztfr"] };
        var streams = await db.Set<AlertStream>().OrderBy(row => row.Id).Take(2).ToListAsync();
        var stream = streams[0];
        db.AddRange(instrument, new GroupStream { GroupId = group.Id, StreamId = stream.Id });
        await db.SaveChangesAsync();
        var site = new SampleSite { Admin = await node.AdminAsync(), Member = await node.ClientAsync("sample-member", Role.FullUser, (group.Id, true)) };
        await site.FillAsync(node, db, new Ids(group.Id, other.Id, telescope.Id, instrument.Id, stream.Id, streams[1].Id, (await node.ClientAsync("sample-guest")).UserId));
        return site;
    }

    /// <summary>The value of a path's argument that names a row of this site, escaped.</summary>
    public string Argument(ApiRoute route, string name) => _arguments.GetValueOrDefault($"{route.Name}.{name}") ?? _arguments[name];

    /// <summary>The body of a route before its names are made new.</summary>
    public JsonElement Pattern(string routeName) => JsonSerializer.SerializeToElement(_bodies[routeName]);

    /// <summary>A body that is right for a route; an empty object where it takes none.</summary>
    public JsonElement Body(string routeName) =>
        JsonSerializer.Deserialize<JsonElement>(New(JsonSerializer.Serialize(_bodies.GetValueOrDefault(routeName) ?? new { })));

    /// <summary>A body with new names, so that what was made before does not stand in its way.</summary>
    public string New(string body)
    {
        var number = Interlocked.Increment(ref _number);
        return body.Replace("-n-", $"{number}", StringComparison.Ordinal).Replace("54321.5", $"5{number:0000}.25", StringComparison.Ordinal);
    }

    /// <summary>Whether a sample body is given for a route.</summary>
    public bool HasBody(string routeName) => _bodies.ContainsKey(routeName);

    /// <summary>How many rows each table holds.</summary>
    public static async Task<Dictionary<string, int>> CountsAsync(TestNode node)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var counts = new Dictionary<string, int>();
        // What was asked of another server is kept whatever came of the request.
        foreach (var entity in db.Model.GetEntityTypes().Where(entity => entity.ClrType != typeof(Domain.Operations.OutsideTransaction)))
        {
            counts[entity.ClrType.Name] = await Access.World.CountAsync(db, entity.ClrType);
        }

        return counts;
    }

    private async Task FillAsync(TestNode node, SkyPortalContext db, Ids ids)
    {
        Describe(ids);
        var taxonomy = (await Admin.PostAsync("/api/taxonomy", Body("PostTaxonomy"))).GetProperty("taxonomy_id").GetInt32();
        var filter = (await Admin.PostAsync("/api/filters", Body("PostFilter"))).GetProperty("id").GetInt32();
        var model = (await Admin.PostAsync("/api/internal/scoring_models", Body("PostScoringModel"))).GetProperty("id").GetInt32();
        var filterTest = (await Admin.PostAsync($"/api/filters/{filter}/tests", Body("StartFilterTest"))).GetProperty("id").GetInt64();
        _bodies["PostCandidate"] = new { id = "SAMPLE2", ra = 10.0, dec = 20.0, redshift = 0.1, altdata = new { a = 1 }, filter_ids = new[] { filter }, passing_alert_id = 5, passed_at = "2026-03-01T04:05:06" };
        _bodies["PostClassification"] = new
        {
            obj_id = "SAMPLE1", classification = "SN", taxonomy_id = taxonomy, probability = 0.5, origin = "sweep", ml = false, group_ids = new[] { ids.Group }, vote = true, label = true,
            classifications = (object?)null,
        };
        await Admin.PostAsync("/api/sources", Body("SaveSource"));
        await Member.PostAsync("/api/candidates", Body("PostCandidate"));
        var comment = (await Member.PostAsync("/api/sources/SAMPLE1/comments", Body("PostComment"))).GetProperty("comment_id").GetInt64();
        var annotation = (await Member.PostAsync("/api/sources/SAMPLE1/annotations", Body("PostAnnotation"))).GetProperty("annotation_id").GetInt64();
        var classification = (await Admin.PostAsync("/api/classification", Body("PostClassification"))).GetProperty("classification_id").GetInt64();
        var thumbnail = (await Member.PostAsync("/api/thumbnail", Body("PostThumbnail"))).GetProperty("id").GetInt64();
        var listing = (await Member.PostAsync("/api/listing", Body("AddToList"))).GetProperty("id").GetInt64();
        var point = (await Member.PostAsync("/api/photometry", Body("PostPhotometry"))).GetProperty("ids")[0].GetInt64();
        var spectrum = (await Member.PostAsync("/api/spectra/ascii", Body("PostSpectrumAscii"))).GetProperty("id").GetInt64();
        var remark = (await Member.PostAsync($"/api/photometry/{point}/annotations", Body("PostPhotometryAnnotation"))).GetProperty("annotation_id").GetInt64();
        var spectralComment = (await Member.PostAsync($"/api/spectra/{spectrum}/comments", Body("PostSpectrumComment"))).GetProperty("comment_id").GetInt64();
        var spectralAnnotation = (await Member.PostAsync($"/api/spectra/{spectrum}/annotations", Body("PostSpectrumAnnotation"))).GetProperty("annotation_id").GetInt64();
        await Admin.PostAsync($"/api/photometry/{point}/validation", Body("PostPhotometryValidation"));
        var archiveQuery = (await Admin.PostAsync("/api/sources/SAMPLE1/archives", Body("AskArchives"))).GetProperty("ids")[0].GetInt64();
        await FillBrokersAsync(ids);
        var watchList = (await Member.PostAsync("/api/watchlists", Body("PostWatchList"))).GetProperty("id").GetInt32();
        await Member.PostAsync($"/api/watchlists/{watchList}/entries", Body("PostWatchEntries"));
        var watchEntry = (await Member.GetAsync($"/api/watchlists/{watchList}/entries")).GetProperty("entries")[0].GetProperty("id").GetInt64();
        var guest = await node.ClientAsync("sample-guest");
        await Admin.PostAsync($"/api/streams/{ids.Stream}/users", new { user_id = ids.Guest });
        var request = (await guest.PostAsync("/api/group_admission_requests", new { groupID = ids.Group, userID = guest.UserId })).GetProperty("id").GetInt32();
        var token = await db.Set<ApiToken>().Where(row => row.CreatedById == guest.UserId).Select(row => row.PublicId).FirstAsync();
        var invitation = new Invitation { SecretHash = new byte[32], RoleId = Role.FullUser, UserEmail = "guest@example.org", InvitedById = Admin.UserId, GroupIds = [ids.Group], AdminForGroups = [false], CanSaveToGroups = [true], CanSharePhotometryForGroups = [false] };
        var notification = new Domain.Notifications.UserNotification { UserId = Admin.UserId, Text = "a word", NotificationType = "mention", Url = "/source/SAMPLE1" };
        db.AddRange(invitation, notification);
        await db.SaveChangesAsync();
        await FillRecordAsync(ids, point, spectrum);
        await FillGcnAsync(ids);
        await FillFollowupAsync(db, ids, filter);
        // A report needs a source that is saved to the group and passed a filter of it.
        await Admin.PostAsync("/api/sources", new { id = "SAMPLE3", ra = 11.0, dec = 21.0, group_ids = new[] { ids.Group } });
        await Admin.PostAsync("/api/candidates", new { id = "SAMPLE3", filter_ids = new[] { filter }, passed_at = "2026-03-02T00:00:00", ra = 11.0, dec = 21.0 });
        await Admin.PostAsync("/api/candidates/scan_reports", new { group_ids = new[] { ids.Group }, passed_filters_range = new { start_date = "2020-01-01", end_date = "2030-01-01" }, saved_candidates_range = new { start_saved_date = "2020-01-01", end_saved_date = "2040-01-01" } });
        var reportItem = await db.Set<ScanReportItem>().FirstAsync();
        foreach (var (name, value) in new (string, object)[]
        {
            ("objId", "SAMPLE1"), ("groupId", ids.Group), ("streamId", ids.Stream), ("userId", ids.Guest), ("filterId", filter), ("modelId", model), ("taxonomyId", taxonomy), ("commentId", comment),
            ("watchListId", watchList), ("entryId", watchEntry), ("version", 1), ("other", 1), ("testId", filterTest),
            ("annotationId", annotation), ("classificationId", classification), ("thumbnailId", thumbnail), ("listingId", listing), ("invitationId", invitation.Id), ("notificationId", notification.Id), ("requestId", request),
            ("tokenId", token), ("aclId", "Comment"), ("roleId", "View%20only"), ("survey", "ZTF"), ("alertId", 5), ("cutout", "science"), ("transactionId", 1), ("atlasId", "1100024010021200100"), ("listId", 72), ("queryId", archiveQuery), ("uploadId", Guid.Empty), ("reportId", reportItem.ScanReportId), ("itemId", reportItem.Id),
            ("CopyPhotometry.objId", "SAMPLE2"), ("PostGroupStream.groupId", ids.Other), ("PostStreamUser.streamId", ids.OtherStream), ("photometryId", point), ("spectrumId", spectrum), ("GetPhotometryAnnotation.annotationId", remark), ("EditPhotometryAnnotation.annotationId", remark), ("DeletePhotometryAnnotation.annotationId", remark),
            ("GetSpectrumComment.commentId", spectralComment), ("EditSpectrumComment.commentId", spectralComment), ("DeleteSpectrumComment.commentId", spectralComment),
            ("GetSpectrumCommentAttachment.commentId", spectralComment), ("GetSpectrumCommentAttachmentPdf.commentId", spectralComment),
            ("GetSpectrumAnnotation.annotationId", spectralAnnotation), ("EditSpectrumAnnotation.annotationId", spectralAnnotation), ("DeleteSpectrumAnnotation.annotationId", spectralAnnotation),
            ("telescopeId", ids.Telescope), ("objName", "Ceres"),
            ("GetPhotometry.id", point), ("PatchPhotometry.id", point), ("DeletePhotometry.id", point), ("GetTelescope.id", ids.Telescope), ("PutTelescope.id", ids.Telescope),
            ("DeleteTelescope.id", ids.Telescope), ("GetInstrument.id", ids.Instrument), ("PutInstrument.id", ids.Instrument), ("DeleteInstrument.id", ids.Instrument),
            ("DeleteInstrumentFields.id", ids.Instrument),
        })
        {
            _arguments[name] = $"{value}";
        }
    }

    private void DescribeSpectra(Ids ids, int[] groups)
    {
        var about = new
        {
            obj_id = "SAMPLE1", instrument_id = ids.Instrument, observed_at = "2026-03-01T04:05:06", type = "source", label = "A label", origin = "sweep", pi = new[] { ids.Guest }, external_pi = "A. Person",
            reduced_by = new[] { ids.Guest }, external_reducer = "A. Person", observed_by = new[] { ids.Guest }, external_observer = "A. Person", group_ids = groups,
        };
        var wavelengths = Enumerable.Range(0, 60).Select(index => 4000.0 + (100 * index)).ToArray();
        var spectrum = Merge(about, new { wavelengths, fluxes = wavelengths, errors = wavelengths, units = "Jy", altdata = new { a = 1 } });
        var ascii = new { ascii = string.Concat(wavelengths.Select(wavelength => $"{wavelength} 1 0.1\n")), wave_column = 0, flux_column = 1, fluxerr_column = 2 };
        string[] cards = ["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 3", "CRVAL1  = 4000.0", "CDELT1  = 2.0", "END"];
        byte[] image = [.. System.Text.Encoding.ASCII.GetBytes(string.Concat(cards.Select(card => card.PadRight(80))).PadRight(2880)), 1, 2, 3, .. new byte[2877]];
        var fits = new { fits = Convert.ToBase64String(image) };
        foreach (var mark in new[] { "", "Old" })
        {
            Add($"PostSpectrum{mark}", spectrum);
            Add($"EditSpectrum{mark}", spectrum);
            Add($"PostSpectrumAscii{mark}", Merge(Merge(about, ascii), new { filename = "a.txt", units = "Jy" }));
            Add($"ParseSpectrumAscii{mark}", ascii);
        }

        Add("PostSpectrumFits", Merge(Merge(about, fits), new { filename = "a.fits", units = "Jy" }));
        Add("ParseSpectrumFits", fits);
        Add("GetSpectraTogether", new { group_id = ids.Group, classifications = new[] { "SN" }, classificationProbThreshold = 0.5, maxSources = 10 });
        Add("MakeSyntheticPhotometry", new { filters = new[] { "ztfr" } });
    }

    private void Describe(Ids ids)
    {
        var groups = new[] { ids.Group };
        var point = new
        {
            obj_id = "SAMPLE1", mjd = Fresh, instrument_id = ids.Instrument, filter = "ztfg", mag = 18.5, magerr = 0.1, limiting_mag = 20.5, limiting_mag_nsigma = 5, magsys = "ab", ra = 10.0, dec = 20.0,
            ra_unc = 0.1, dec_unc = 0.1, origin = "sweep", group_ids = groups, stream_ids = Array.Empty<int>(), altdata = new { a = 1 },
        };
        var flux = new
        {
            obj_id = "SAMPLE1", mjd = new[] { Fresh, 60002.5 }, instrument_id = ids.Instrument, filter = new[] { "ztfg", "ztfr" }, flux = new[] { 10.0, 11.0 }, fluxerr = 1.0, zp = 25.0, magsys = "ab",
            ref_flux = 1.0, ref_fluxerr = 0.1, ref_zp = 25.0, group_ids = "all",
        };
        var telescope = new { name = "Telescope -n-", nickname = "TS", lat = 1.0, lon = 2.0, elevation = 3.0, diameter = 4.0, skycam_link = "http://example.org/cam", weather_link = "http://example.org", robotic = false, fixed_location = true };
        var instrument = new
        {
            name = "Camera -n-", type = "imager", band = "V", telescope_id = ids.Telescope, filters = new[] { "ztfg", "ztfr" }, sensitivity_data = new { ztfg = new { limiting_magnitude = 20.3, magsys = "ab", exposure_time = 30 } },
            configuration_data = new { a = 1 }, treasuremap_id = 1, tns_id = 2, across_id = "x", field_data = new { ID = new[] { 1, 2 }, RA = new[] { 10.0, 20.0 }, Dec = new[] { 0.0, 5.0 } }, field_fov_type = "circle",
            field_fov_attributes = new[] { 1.5 },
        };
        var profile = new { username = "sample-guest", first_name = "A", last_name = "B", affiliations = new[] { "C" }, contact_email = "a@example.org", contact_phone = "+15551234567", bio = "A biography", is_bot = false, preferences = new { theme = "dark" } };
        var source = new
        {
            id = "SAMPLE1", ra = 10.0, dec = 20.0, ra_dis = 10.0, dec_dis = 20.0, ra_err = 0.1, dec_err = 0.1, offset = 0.1, t0 = 60000.0, redshift = 0.1, redshift_error = 0.01, redshift_origin = "host", summary = "A summary",
            altdata = new { a = 1 }, dist_nearest_source = 1.0, mag_nearest_source = 18.0, e_mag_nearest_source = 0.1, transient = true, varstar = false, is_roid = false, mpc_name = "m", tns_name = "t", tns_info = new { a = 1 },
            score = 0.5, origin = "sweep", alias = new[] { "other name" }, detect_photometry_count = 1,
        };
        DescribeSpectra(ids, groups);
        Add("PostTaxonomy", new { name = "taxonomy -n-", version = "1", hierarchy = new { @class = "SN", subclasses = new[] { new { @class = "Ia" } } }, group_ids = groups, provenance = "here", isLatest = true });
        Add("EditTaxonomy", new { name = "changed taxonomy", version = "1", provenance = "here", isLatest = true, group_ids = groups });
        Add("PostFilter", new { name = "filter -n-", stream_id = ids.Stream, group_id = ids.Group, broker_id = (int?)null, altdata = new { a = 1 }, autosave = false, expression = "mag < 20", annotations = new { drb = "drb" }, active = true, note = "a sample", @override = "it is a sample" });
        Add("PatchFilter", new { name = "sample filter", altdata = new { a = 1 }, autosave = false, expression = "mag < 20", annotations = new { drb = "drb" }, active = true, group_id = ids.Group, stream_id = ids.Stream, note = "a sample", @override = "it is a sample" });
        Add("PostScoringModel", new
        {
            name = "model -n-", group_id = ids.Group, stream_id = ids.Stream, model = Convert.ToBase64String(TestSupport.TinyModel.File),
            inputs = new { triplet = new { cutouts = new[] { "science", "template", "difference" }, size = 63 }, features = new { expressions = new[] { "drb", "mag" }, missing = 0 } },
            outputs = new { score = new[] { "a", "b", "c", "d", "e" } },
        });
        Add("PatchScoringModel", new { active = true });
        Add("PostWatchList", new { name = "watch list -n-", description = "d", group_ids = groups, active = true });
        Add("PatchWatchList", new { name = "sample watch list", description = "d", group_ids = groups, active = true });
        Add("PostWatchEntries", new { csv = "10,20,3,a", entries = new object[] { new { ra = 10.0, dec = 20.0, radius_arcsec = 2.0, label = "l" }, new { name = "SAMPLE1", label = "l" } }, radius_arcsec = 2.0 });
        Add("PutFilterActions", new { autosave = false, group_ids = groups, saver_id = Member.UserId, ignore_group_ids = groups, ignore_rejected = true, comment = "from the filter", annotate = true, notify_user_ids = new[] { Member.UserId } });
        Add("PostFilterVersion", new { expression = "mag < 20", annotations = new { drb = "drb" }, note = "a sample", active = false, @override = "it is a sample" });
        Add("StartFilterTest", new { expression = "mag < 20", version = 1, other_version = 1, first_night = "2026-03-01", last_night = "2026-03-02" });
        Add("ActivateFilterVersion", new { @override = "it is a sample" });
        Add("ValidateFilter", new { stream_id = ids.Stream, expression = "mag < 20", annotations = new { drb = "drb" } });
        Add("SaveSource", Merge(source, new { group_ids = groups, refresh_source = false, ignore_if_in_group_ids = new Dictionary<string, int[]> { [$"{ids.Group}"] = [ids.Other] }, saver_per_group_id = new Dictionary<string, int> { [$"{ids.Group}"] = Member.UserId } }));
        Add("ChangeSource", source);
        Add("UnsaveSource", new { group_id = ids.Other });
        Add("LabelSource", new { groupIds = groups });
        Add("UnlabelSource", new { groupIds = groups });
        Add("ShareSource", new { objId = "SAMPLE1", inviteGroupIds = new[] { ids.Other }, unsaveGroupIds = Array.Empty<int>() });
        Add("AnswerSourceOffer", new { groupID = ids.Group, active = true, requested = false });
        Add("PostComment", new { text = "A remark", group_ids = groups, attachment = new { name = "a.txt", body = "aGVsbG8=" }, channel = "c", origin = "sweep" });
        Add("EditComment", new { text = "Another remark", group_ids = groups, attachment = new { name = "a.txt", body = "aGVsbG8=" } });
        Add("PostSpectrumComment", new { text = "A remark", group_ids = groups, attachment = new { name = "a.txt", body = "aGVsbG8=" }, origin = "sweep" });
        Add("EditSpectrumComment", new { text = "Another remark", group_ids = groups, attachment = new { name = "a.txt", body = "aGVsbG8=" } });
        Add("PostSpectrumAnnotation", new { origin = "origin -n-", data = new { quality = 1, nested = new { a = 1 } }, group_ids = groups });
        Add("EditSpectrumAnnotation", new { origin = "changed", data = new { quality = 1 }, group_ids = groups });
        Add("AddToAtlasList", new { list_id = 72 });
        Add("AskArchives", new { archives = new[] { "ztf" }, group_ids = groups });
        Add("PostGaiaAnnotation", new { catalog = "gaiadr3.gaia_source", crossmatchRadius = 2, crossmatchLimmag = 20.5, crossmatchNumber = 1, group_ids = groups });
        Add("PostIrsaAnnotation", new { catalog = "allwise_p3as_psd", crossmatchRadius = 2, group_ids = groups });
        Add("PostVizierAnnotation", new { catalog = "VII/290", crossmatchRadius = 2, group_ids = groups });
        Add("PostDataLabAnnotation", new { catalog = "ls_dr10", crossmatchRadius = 2, group_ids = groups });
        Add("PostPs1Annotation", new { catalog = "ps1.dr2", crossmatchRadius = 2, crossmatchMinDetections = 1, crossmatchNumber = 5, group_ids = groups });
        Add("PostAnnotation", new { origin = "origin -n-", data = new { drb = 0.9, nested = new { a = 1 } }, group_ids = groups });
        Add("PostPhotometryAnnotation", new { origin = "origin -n-", data = new { quality = 1, nested = new { a = 1 } }, group_ids = groups });
        Add("EditPhotometryAnnotation", new { origin = "changed", data = new { quality = 1 }, group_ids = groups });
        Add("PostScanReport", new
        {
            group_ids = groups, passed_filters_range = new { start_date = "2020-01-01T00:00:00", end_date = "2030-01-01T00:00:00.-n-" }, passed_filters_window_hours = 24.0,
            saved_candidates_range = new { start_saved_date = "2020-01-01T00:00:00", end_saved_date = "2040-01-01T00:00:00" }, saved_candidates_window_hours = 24.0,
        });
        Add("EditScanReportItem", new { comment = "Another remark" });
        Add("DeleteOldCandidates", new { maxAgeMonths = 600, batchSize = 10, dryRun = true });
        Add("EditAnnotation", new { origin = "changed", data = new { drb = 0.9 }, group_ids = groups });
        Add("EditClassification", new { classification = "SN", probability = 0.7, ml = true, origin = "sweep", group_ids = groups });
        Add("DeleteClassification", new { label = true });
        Add("VoteOnClassification", new { vote = 1 });
        Add("PlanMovingObject", new
        {
            instrument_id = ids.Instrument, exposure_count = 2, exposure_time = 30.0, start_time = "2026-03-01T04:00:00", end_time = "2026-03-01T06:00:00", filter = "ztfg", primary_only = true,
            airmass_limit = 2.5, moon_distance_limit = 30.0, sun_altitude_limit = -18.0, references_only = false,
        });
        Add("PatchThumbnailPath", new { });
        Add("DeleteThumbnailPath", new { });
        Add("PutThumbnail", new { type = "new", public_url = "https://example.org/a.png", origin = "sweep", is_grayscale = false });
        Add("PostSurveyThumbnails", new { objID = "SAMPLE1", types = new[] { "sdss" } });
        Add("PostThumbnail", new { obj_id = "SAMPLE1", data = Convert.ToBase64String(PngEncoder.EncodeGrey(new byte[400], 20, 20)), ttype = "new", survey = "ZTF" });
        Add("AddToList", new { obj_id = "SAMPLE1", list_name = "list_-n-", user_id = Member.UserId, @params = new { a = 1 } });
        Add("ChangeListEntry", new { obj_id = "SAMPLE1", list_name = "changed", user_id = Member.UserId, @params = new { a = 1 } });
        Add("RemoveFromList", new { obj_id = "SAMPLE1", list_name = "nothing", user_id = Member.UserId });
        Add("PostPhotometry", point);
        Add("PutPhotometry", flux);
        Add("PatchPhotometry", new { mjd = 60003.5, mag = 18.5, magerr = 0.1, limiting_mag = 20.5, magsys = "ab", filter = "ztfg", obj_id = "SAMPLE1", instrument_id = ids.Instrument, origin = "sweep", ra = 10.0, dec = 20.0, ra_unc = 0.1, dec_unc = 0.1, altdata = new { a = 1 }, group_ids = groups });
        Add("CopyPhotometry", new { origin_id = "SAMPLE1", group_ids = groups });
        Add("PostPhotometryValidation", new { validated = true, explanation = "why", notes = "more", magsys = "ab" });
        Add("PatchPhotometryValidation", new { validated = "rejected", explanation = "why", notes = "more" });
        Add("PostTelescope", telescope);
        Add("PutTelescope", telescope);
        Add("PostInstrument", instrument);
        Add("PutInstrument", instrument);
        Add("PostGroup", new { name = "group -n-", nickname = "g-n-", description = "d", auto_accept_requests = false, group_admins = new[] { Admin.UserId } });
        Add("PutGroup", new { name = "sample group", nickname = "sg", description = "d", @private = false, auto_accept_requests = false });
        Add("PostGroupUser", new { userID = ids.Guest, admin = false, canSave = true, canSharePhotometry = false });
        Add("PatchGroupUser", new { userID = Member.UserId, admin = true, canSave = true, canSharePhotometry = false });
        Add("PostUsersFromGroups", new { fromGroupIDs = new[] { ids.Other } });
        Add("PostGroupStream", new { stream_id = ids.Stream });
        Add("PostAdmissionRequest", new { groupID = ids.Other, userID = Admin.UserId });
        Add("PatchAdmissionRequest", new { status = "declined" });
        Add("SearchMarsTogether", new { queries = new object[] { new { objectId = "ZTF26aaaaaaa", magpsf__lte = 20.5, page = 1 }, new { filter = "g" } } });
        Add("PostStream", new { name = "stream -n-", altdata = new { collection = "ZTF_alerts", selector = new[] { 1 } }, auto_join = false });
        Add("PatchStream", new { name = "renamed stream", altdata = new { collection = "ZTF_alerts", selector = new[] { 1 } }, auto_join = false });
        Add("PostStreamUser", new { user_id = ids.Guest });
        Add("PostInvitation", new { userEmail = "new-n-@example.org", groupIDs = groups, role = "Full user", streamIDs = new[] { ids.Stream }, groupAdmin = new[] { false }, canSave = new[] { true }, canSharePhotometry = new[] { false }, userExpirationDate = "2030-01-01" });
        Add("PatchInvitation", new { groupIDs = groups, streamIDs = new[] { ids.Stream }, role = "Full user", userExpirationDate = "2030-01-01" });
        Add("PostUser", new { username = "user-n-", first_name = "A", last_name = "B", affiliations = new[] { "C" }, contact_email = "b@example.org", contact_phone = "+15551234567", oauth_uid = "oauth-n-", roles = new[] { "Full user" }, groupIDsAndAdmin = new object[] { new object[] { ids.Group, false } } });
        Add("PatchUser", Merge(profile, new { expirationDate = "2030-01-01" }));
        Add("PostUserAcls", new { aclIds = new[] { "Comment" } });
        Add("PostUserRoles", new { roleIds = new[] { "View only" } });
        Add("PatchProfile", Merge(profile, new { username = "renamed-n-" }));
        Add("PatchUserProfile", profile);
        Add("PostToken", new { name = "token -n-", acls = new[] { "Comment" }, user_id = Member.UserId });
        Add("PutToken", new { name = "renamed", acls = new[] { "Comment" }, user_id = ids.Guest });
        Add("PutPassword", new { user_id = Member.UserId, current_password = "x", password = "a long enough password" });
    }

    private void Add(string route, object body) => _bodies[route] = body;

    private static Dictionary<string, JsonElement> Merge(object one, object other)
    {
        var merged = JsonSerializer.SerializeToElement(one).EnumerateObject().ToDictionary(field => field.Name, field => field.Value);
        foreach (var field in JsonSerializer.SerializeToElement(other).EnumerateObject())
        {
            merged[field.Name] = field.Value;
        }

        return merged;
    }

    private sealed record Ids(int Group, int Other, int Telescope, int Instrument, int Stream, int OtherStream, int Guest);
}
