using System.Globalization;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Operations;

/// <summary>What a site tells of itself.</summary>
public static class SystemRoutes
{
    private static readonly Dictionary<string, object> EnumTypes = new()
    {
        ["ALLOWED_SPECTRUM_TYPES"] = SpectrumTypes.All,
        ["ALLOWED_MAGSYSTEMS"] = MagnitudeSystems.Names,
        ["ALLOWED_BANDPASSES"] = Bandpasses.AllowedNames,
        ["THUMBNAIL_TYPES"] = ThumbnailTypes.All,
        ["FOLLOWUP_PRIORITIES"] = new[] { "1", "2", "3", "4", "5" },
        ["ALLOWED_API_CLASSNAMES"] = FacilityInterfaces.ApiClassnames,
        ["ANALYSIS_TYPES"] = new[] { "lightcurve_fitting", "spectrum_fitting", "meta_analysis" },
        ["ANALYSIS_INPUT_TYPES"] = new[] { "photometry", "spectra", "redshift", "annotations", "comments", "classifications" },
        ["AUTHENTICATION_TYPES"] = new[] { "none", "header_token", "api_key", "HTTPBasicAuth", "HTTPDigestAuth", "OAuth1" },
    };

    // The cosmology of Planck 2018 (A&A 641, A6, table 2).
    private static readonly (string Name, string Value)[] Cosmology =
    [
        ("name", "Planck18"), ("H0", "67.66 km / (Mpc s)"), ("Om0", "0.30966"), ("Tcmb0", "2.7255 K"), ("Neff", "3.046"),
        ("m_nu", "[0. 0. 0.06] eV"), ("Ob0", "0.04897"),
    ];

    /// <summary>Maps the routes.</summary>
    public static void MapSystem(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sysinfo", () => ApiResults.Success(new { gitlog = Array.Empty<object>() })).Public().WithName("GetSysinfo");
        routes.MapGet("/api/enum_types", () => ApiResults.Success(EnumTypes)).SignedIn().WithName("GetEnumTypes");
        routes.MapGet("/api/config", ConfigAsync).SignedIn().WithName("GetConfig");
        routes.MapGet("/api/db_stats", StatsAsync).Needs(Acl.SystemAdmin).WithName("GetDbStats");
        routes.MapGet("/api/internal/dbinfo", InfoAsync).SignedIn().WithName("GetDbInfo");
    }

    private static async Task<IResult> StatsAsync(Viewer viewer, ReadDatabaseStats read, CancellationToken ct)
    {
        var stats = (await read.CountsAsync(viewer, ct)).ToDictionary(pair => pair.Key, pair => (object)pair.Value, StringComparer.Ordinal);
        stats["Latest cron job run times & statuses"] = Array.Empty<object>();
        return ApiResults.Success(stats);
    }

    private static async Task<IResult> InfoAsync(ReadDatabaseStats read, CancellationToken ct)
    {
        var info = await read.InfoAsync(ct);
        return ApiResults.Success(new { source_table_empty = info.SourceTableEmpty, postgres_version = info.PostgresVersion });
    }

    private static async Task<IResult> ConfigAsync(ReadDatabaseStats read, InvitationSettings invitations, IMailer mailer, CancellationToken ct)
    {
        var info = await read.InfoAsync(ct);
        var bands = Bandpasses.AllowedNames.Select(name => (Name: name, Band: Bandpasses.Find(name)!)).ToList();
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["slackPreamble"] = "https://hooks.slack.com/",
            ["invitationsEnabled"] = invitations.Enabled && mailer.IsEnabled,
            ["photometryDisplayEndpoint"] = null,
            ["cosmology"] = $"FlatLambdaCDM({string.Join(", ", Cosmology.Select((item, index) => index == 0 ? $"{item.Name}=\"{item.Value}\"" : $"{item.Name}={item.Value}"))})",
            ["cosmologyParams"] = Cosmology.Select(item => new { name = item.Name, value = item.Value }),
            ["cosmoref"] = "Planck Collaboration 2018, A&A 641, A6 (Paper VI), table 2 (TT, TE, EE + lowE + lensing + BAO)",
            ["openai_summary_apikey_set"] = false,
            ["openai_summary_parameters"] = new { },
            ["allowedAllocationTypes"] = new[] { "triggered", "forced_photometry", "observation_plan" },
            ["allowedSpectrumTypes"] = SpectrumTypes.All,
            ["defaultSpectrumType"] = SpectrumTypes.Default,
            ["gcnNoticeTypes"] = Array.Empty<string>(),
            ["gcnSummaryAcknowledgements"] = Array.Empty<string>(),
            ["maxNumDaysUsingLocalization"] = 3720,
            ["allowedRecurringAPIMethods"] = new[] { "POST", "GET" },
            ["classificationsClasses"] = new { classification = new { }, origin = new { } },
            ["summary_sourcesClasses"] = Array.Empty<object>(),
            ["tnsAllowedInstruments"] = Array.Empty<string>(),
            ["allowedInstrumentsForSharing"] = Array.Empty<string>(),
            ["gcnTagsClasses"] = new Dictionary<string, string>(),
            ["colorPalette"] = Bandpasses.All.Select(band => band.Color).Distinct(StringComparer.Ordinal),
            ["bandpassesColors"] = bands.ToDictionary(item => item.Name, item => Rgb(item.Band.Color), StringComparer.Ordinal),
            ["bandpassesWavelengths"] = bands.ToDictionary(item => item.Name, item => item.Band.EffectiveWavelengthAngstrom, StringComparer.Ordinal),
            ["usePinecone"] = false,
            ["usePhotometryValidation"] = false,
            ["authBackends"] = Array.Empty<object>(),
            ["publicGroupName"] = info.PublicGroupName,
            ["shareDataWithPublicGroupByDefault"] = false,
        });
    }

    private static int[] Rgb(string color) =>
        [.. Enumerable.Range(0, 3).Select(part => int.Parse(color.AsSpan(1 + (2 * part), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}
