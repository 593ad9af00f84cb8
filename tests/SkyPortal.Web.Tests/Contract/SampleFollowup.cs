using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>Allocations and requests of the small site.</summary>
internal sealed partial class SampleSite
{
    private async Task FillFollowupAsync(SkyPortalContext db, Ids ids, int filter)
    {
        var groups = new[] { ids.Group };
        var camera = new Instrument { Name = "Sample follow-up camera", Type = "imager", TelescopeId = ids.Telescope, Filters = ["ztfg", "ztfr"], ApiClassname = "GENERICAPI" };
        db.Add(camera);
        await db.SaveChangesAsync();
        var allocation = new
        {
            pi = "A. Person", proposal_id = "P1", validity_ranges = new[] { new { start_date = "2020-01-01", end_date = "2090-01-01" } }, hours_allocated = 10.0, default_share_group_ids = groups,
            types = new[] { "triggered" }, group_id = ids.Group, instrument_id = camera.Id, allocation_admin_ids = new[] { Member.UserId },
        };
        // Nothing is told to another server: the sweeps send each many times.
        Add("PostAllocation", Merge(allocation, new { _altdata = new { notification_type = "slack", slack_workspace = "T0", slack_channel = "C0", slack_token = "secret0" } }));
        Add("PutAllocation", allocation);
        var id = (await Admin.PostAsync("/api/allocation", allocation)).GetProperty("id").GetInt32();
        var request = new
        {
            obj_id = "SAMPLE1", allocation_id = id, target_group_ids = groups, status = "pending submission",
            payload = new { observation_choices = new[] { "ztfg" }, exposure_time = 300, exposure_counts = 1, maximum_airmass = 2.0, minimum_lunar_distance = 30, priority = 1, start_date = "2026-03-01", end_date = "2026-03-08" },
        };
        Add("PostFollowupRequest", Merge(request, new
        {
            not_if_duplicates = false, source_group_ids = groups, ignore_source_group_ids = new[] { ids.Other }, not_if_classified = false, not_if_spectra_exist = false, not_if_tns_classified = false,
            not_if_tns_reported = 24.0, ignore_allocation_ids = new[] { id }, not_if_assignment_exists = false, radius = 0.5, refreshSource = false, refreshRequests = false,
        }));
        Add("PutFollowupRequest", Merge(request, new { refreshSource = false }));
        var followup = new
        {
            autofollowup = false, allocation_id = id, payload = new { observation_choices = new[] { "ztfg" }, exposure_time = 300, priority = 1 }, validity_days = 7, comment = "from the filter",
            constraints = new { not_if_duplicates = true, source_group_ids = groups, not_if_tns_reported = 24.0, radius = 0.5 },
        };
        Add("PutFilterFollowup", followup);
        await Admin.DataAsync(HttpMethod.Put, $"/api/filters/{filter}/followup", followup);
        Add("CommentOnFollowupRequest", new { comment = "clouds" });
        Add("WatchFollowupRequest", new { refreshSource = false, refreshRequests = false });
        Add("UnwatchFollowupRequest", new { refreshSource = false, refreshRequests = false });
        _arguments["allocationId"] = $"{id}";
        _arguments["followupId"] = $"{(await Admin.PostAsync("/api/followup_request", Body("PostFollowupRequest"))).GetProperty("id")}";
    }
}
