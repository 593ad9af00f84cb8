using SkyPortal.Infrastructure.Discussion;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>Tags, super-objects, interests, hosts, reminders and sharing of the small site.</summary>
internal sealed partial class SampleSite
{
    private async Task FillRecordAsync(Ids ids, long point, long spectrum)
    {
        var groups = new[] { ids.Group };
        var galaxies = new { catalog_name = "catalog -n-", catalog_description = "d", catalog_url = "http://example.org", catalog_data = new { ra = new[] { 10.0 }, dec = new[] { 20.0 }, name = new[] { "Galaxy -n-" }, alt_name = new[] { "g" }, distmpc = new[] { 10.0 } } };
        Add("PostTagOption", new { name = "tag-n-", color = "#1f77b4" });
        Add("PatchTagOption", new { name = "changed-n-", color = "#1f77b4" });
        Add("PostGalaxies", galaxies);
        Add("PostSuperObj", new { name = "super", is_roid = false, obj_ids = new[] { "SAMPLE1", "SAMPLE2" } });
        Add("PatchSuperObj", new { name = "renamed", is_roid = false, add_obj_ids = new[] { "SAMPLE1" }, remove_obj_ids = new[] { "SAMPLE2" } });
        Add("PostInterest", new { title = "A study", description = "of it", link = "https://example.org" });
        Add("PostReminder", new { text = "look", next_reminder = "2099-01-01T00:00:00", reminder_delay = 1.5, number_of_reminders = 2, group_ids = groups, user_ids = new[] { ids.Guest }, origin = "sweep" });
        Add("PatchReminder", new { text = "look again", next_reminder = "2099-01-01T00:00:00", reminder_delay = 1.5, number_of_reminders = 2, group_ids = groups, origin = "sweep" });
        Add("MarkNotification", new { viewed = true });
        Add("MarkAllNotifications", new { viewed = true });
        Add("PostSourceNotification", new { sourceId = "SAMPLE1", groupIds = groups, level = "soft", additionalNotes = "notes" });
        Add("PostSharing", new { groupIDs = new[] { ids.Other }, photometryIDs = new[] { point }, spectrumIDs = new[] { spectrum } });
        var series = new
        {
            series_name = "sector -n-", series_obj_id = "1", obj_id = "SAMPLE1", instrument_id = ids.Instrument, ra = 10.0, dec = 20.0, exp_time = 30.0, filter = "ztfg", channel = "c", origin = "sweep", limiting_mag = 20.0,
            ref_flux = 1.0, ref_fluxerr = 0.1, ra_unc = 0.1, dec_unc = 0.1, time_stamp_alignment = "middle", altdata = new { a = 1 }, group_ids = groups, stream_ids = new[] { ids.Stream },
            data = new { mjd = new[] { Fresh, 60002.5, 60003.5 }, flux = new[] { 10.0, 11, 12 }, fluxerr = new[] { 1.0, 1, 1 }, note = new[] { "a", "b", "c" } },
        };
        Add("PostSeries", series);
        Add("PatchSeries", Merge(new { magref = 18.0, e_magref = 0.1 }, new { series_name = "changed -n-", exp_time = 20.0, altdata = new { a = 1 }, group_ids = groups, stream_ids = new[] { ids.Stream } }));
        Add("DeleteObjTag", new { group_ids = groups });

        await Admin.PostAsync("/api/galaxy_catalog", new { catalog_name = "sample catalog", catalog_data = new { ra = new[] { 10.0 }, dec = new[] { 20.0 }, name = new[] { "Sample galaxy" } } });
        Add("PostHost", new { galaxyName = "Sample galaxy" });
        var option = (await Admin.PostAsync("/api/objtagoption", Body("PostTagOption"))).GetProperty("id").GetInt32();
        Add("PostObjTag", new { objtagoption_id = option, obj_id = "SAMPLE1", group_ids = groups });
        foreach (var (name, value) in new (string, object)[]
        {
            ("tagId", option),
            ("associationId", (await Member.PostAsync("/api/objtag", Body("PostObjTag"))).GetProperty("id")),
            ("superObjId", (await Member.PostAsync("/api/super_objs", Body("PostSuperObj"))).GetProperty("id")),
            ("interestId", (await Member.PostAsync("/api/sources/SAMPLE1/interests", Body("PostInterest"))).GetProperty("id")),
            ("seriesId", (await Member.PostAsync("/api/photometric_series", Body("PostSeries"))).GetProperty("id")),
            ("resourceType", ReminderTarget.OfSource),
            ("resourceId", "SAMPLE1"),
            ("reminderId", (await Member.PostAsync("/api/source/SAMPLE1/reminders", Body("PostReminder"))).GetProperty("reminder_ids")[0]),
        })
        {
            _arguments[name] = $"{value}";
        }
    }
}
