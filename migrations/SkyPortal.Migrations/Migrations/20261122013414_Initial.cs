using System;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SkyPortal.Migrations.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "brokers",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    broker_classname = table.Column<string>(type: "text", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    default_alert_search = table.Column<bool>(type: "boolean", nullable: false),
                    default_crossmatch = table.Column<bool>(type: "boolean", nullable: false),
                    sealed_altdata = table.Column<string>(type: "text", nullable: true),
                    next_poll_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    polled_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    poll_faults = table.Column<int>(type: "integer", nullable: false),
                    poll_note = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_brokers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    friendly_name = table.Column<string>(type: "text", nullable: true),
                    xml = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "galaxycatalogs",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    url = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_galaxycatalogs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "groups",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    nickname = table.Column<string>(type: "text", nullable: true),
                    description = table.Column<string>(type: "text", nullable: true),
                    @private = table.Column<bool>(name: "private", type: "boolean", nullable: false),
                    auto_accept_requests = table.Column<bool>(type: "boolean", nullable: false),
                    single_user_group = table.Column<bool>(type: "boolean", nullable: false),
                    sitewide = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_groups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "objs",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false),
                    ra = table.Column<double>(type: "double precision", nullable: true),
                    dec = table.Column<double>(type: "double precision", nullable: true),
                    ra_dis = table.Column<double>(type: "double precision", nullable: true),
                    dec_dis = table.Column<double>(type: "double precision", nullable: true),
                    ra_err = table.Column<double>(type: "double precision", nullable: true),
                    dec_err = table.Column<double>(type: "double precision", nullable: true),
                    offset = table.Column<double>(type: "double precision", nullable: true),
                    t0 = table.Column<double>(type: "double precision", nullable: true),
                    redshift = table.Column<double>(type: "double precision", nullable: true),
                    redshift_error = table.Column<double>(type: "double precision", nullable: true),
                    redshift_origin = table.Column<string>(type: "text", nullable: true),
                    redshift_history = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    host_id = table.Column<int>(type: "integer", nullable: true),
                    summary = table.Column<string>(type: "text", nullable: true),
                    summary_history = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    altdata = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    dist_nearest_source = table.Column<double>(type: "double precision", nullable: true),
                    mag_nearest_source = table.Column<double>(type: "double precision", nullable: true),
                    e_mag_nearest_source = table.Column<double>(type: "double precision", nullable: true),
                    transient = table.Column<bool>(type: "boolean", nullable: true),
                    varstar = table.Column<bool>(type: "boolean", nullable: true),
                    is_roid = table.Column<bool>(type: "boolean", nullable: true),
                    mpc_name = table.Column<string>(type: "text", nullable: true),
                    tns_name = table.Column<string>(type: "text", nullable: true),
                    tns_info = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    score = table.Column<double>(type: "double precision", nullable: true),
                    origin = table.Column<string>(type: "text", nullable: true),
                    alias = table.Column<string[]>(type: "text[]", nullable: true),
                    healpix = table.Column<long>(type: "bigint", nullable: true),
                    detect_photometry_count = table.Column<int>(type: "integer", nullable: true),
                    internal_key = table.Column<Guid>(type: "uuid", nullable: false),
                    created_by_id = table.Column<int>(type: "integer", nullable: true),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_objs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "objtagoptions",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    color = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_objtagoptions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outbox_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    kind = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    actor_id = table.Column<int>(type: "integer", nullable: true),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    payload = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "streams",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    altdata = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    auto_join = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_streams", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "taxonomies",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    hierarchy = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    provenance = table.Column<string>(type: "text", nullable: true),
                    version = table.Column<string>(type: "text", nullable: false),
                    is_latest = table.Column<bool>(type: "boolean", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_taxonomies", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "telescopes",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    nickname = table.Column<string>(type: "text", nullable: false),
                    lat = table.Column<double>(type: "double precision", nullable: true),
                    lon = table.Column<double>(type: "double precision", nullable: true),
                    elevation = table.Column<double>(type: "double precision", nullable: true),
                    diameter = table.Column<double>(type: "double precision", nullable: true),
                    mpc_obscode = table.Column<string>(type: "text", nullable: true),
                    skycam_link = table.Column<string>(type: "text", nullable: true),
                    weather_link = table.Column<string>(type: "text", nullable: true),
                    robotic = table.Column<bool>(type: "boolean", nullable: false),
                    fixed_location = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_telescopes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    username = table.Column<string>(type: "text", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: true),
                    last_name = table.Column<string>(type: "text", nullable: true),
                    bio = table.Column<string>(type: "text", nullable: true),
                    affiliations = table.Column<string[]>(type: "text[]", nullable: false),
                    contact_email = table.Column<string>(type: "text", nullable: true),
                    contact_phone = table.Column<string>(type: "text", nullable: true),
                    oauth_uid = table.Column<string>(type: "text", nullable: true),
                    password_hash = table.Column<string>(type: "text", nullable: true),
                    preferences = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    is_bot = table.Column<bool>(type: "boolean", nullable: false),
                    expiration_date = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    roles = table.Column<string[]>(type: "text[]", nullable: false),
                    acls = table.Column<string[]>(type: "text[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "filter_removals",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    broker_id = table.Column<int>(type: "integer", nullable: false),
                    remote_id = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_filter_removals", x => x.id);
                    table.ForeignKey(
                        name: "fk_filter_removals_brokers_broker_id",
                        column: x => x.broker_id,
                        principalTable: "brokers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "galaxys",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    catalog_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    alt_name = table.Column<string>(type: "text", nullable: true),
                    ra = table.Column<double>(type: "double precision", nullable: false),
                    dec = table.Column<double>(type: "double precision", nullable: false),
                    healpix = table.Column<long>(type: "bigint", nullable: false),
                    distmpc = table.Column<double>(type: "double precision", nullable: true),
                    distmpc_unc = table.Column<double>(type: "double precision", nullable: true),
                    redshift = table.Column<double>(type: "double precision", nullable: true),
                    redshift_error = table.Column<double>(type: "double precision", nullable: true),
                    sfr_fuv = table.Column<double>(type: "double precision", nullable: true),
                    sfr_w4 = table.Column<double>(type: "double precision", nullable: true),
                    mstar = table.Column<double>(type: "double precision", nullable: true),
                    magb = table.Column<double>(type: "double precision", nullable: true),
                    magk = table.Column<double>(type: "double precision", nullable: true),
                    mag_fuv = table.Column<double>(type: "double precision", nullable: true),
                    mag_nuv = table.Column<double>(type: "double precision", nullable: true),
                    mag_w1 = table.Column<double>(type: "double precision", nullable: true),
                    mag_w2 = table.Column<double>(type: "double precision", nullable: true),
                    mag_w3 = table.Column<double>(type: "double precision", nullable: true),
                    mag_w4 = table.Column<double>(type: "double precision", nullable: true),
                    a = table.Column<double>(type: "double precision", nullable: true),
                    b2a = table.Column<double>(type: "double precision", nullable: true),
                    pa = table.Column<double>(type: "double precision", nullable: true),
                    btc = table.Column<double>(type: "double precision", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_galaxys", x => x.id);
                    table.ForeignKey(
                        name: "fk_galaxys_galaxycatalogs_catalog_id",
                        column: x => x.catalog_id,
                        principalTable: "galaxycatalogs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "photstats",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    last_update = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_full_update = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    num_obs_global = table.Column<int>(type: "integer", nullable: false),
                    num_obs_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    num_det_global = table.Column<int>(type: "integer", nullable: false),
                    num_det_no_forced_phot_global = table.Column<int>(type: "integer", nullable: false),
                    num_det_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    first_detected_mjd = table.Column<double>(type: "double precision", nullable: true),
                    first_detected_mag = table.Column<double>(type: "double precision", nullable: true),
                    first_detected_filter = table.Column<string>(type: "text", nullable: true),
                    last_detected_mjd = table.Column<double>(type: "double precision", nullable: true),
                    last_detected_mag = table.Column<double>(type: "double precision", nullable: true),
                    last_detected_filter = table.Column<string>(type: "text", nullable: true),
                    first_detected_no_forced_phot_mjd = table.Column<double>(type: "double precision", nullable: true),
                    first_detected_no_forced_phot_mag = table.Column<double>(type: "double precision", nullable: true),
                    first_detected_no_forced_phot_filter = table.Column<string>(type: "text", nullable: true),
                    last_detected_no_forced_phot_mjd = table.Column<double>(type: "double precision", nullable: true),
                    last_detected_no_forced_phot_mag = table.Column<double>(type: "double precision", nullable: true),
                    last_detected_no_forced_phot_filter = table.Column<string>(type: "text", nullable: true),
                    recent_obs_mjd = table.Column<double>(type: "double precision", nullable: true),
                    predetection_mjds = table.Column<double[]>(type: "double precision[]", nullable: true),
                    last_non_detection_mjd = table.Column<double>(type: "double precision", nullable: true),
                    time_to_non_detection = table.Column<double>(type: "double precision", nullable: true),
                    mean_mag_global = table.Column<double>(type: "double precision", nullable: true),
                    mean_mag_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    mean_color = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    peak_mjd_global = table.Column<double>(type: "double precision", nullable: true),
                    peak_mjd_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    peak_mag_global = table.Column<double>(type: "double precision", nullable: true),
                    peak_mag_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    faintest_mag_global = table.Column<double>(type: "double precision", nullable: true),
                    faintest_mag_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    deepest_limit_global = table.Column<double>(type: "double precision", nullable: true),
                    deepest_limit_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    rise_rate = table.Column<double>(type: "double precision", nullable: true),
                    decay_rate = table.Column<double>(type: "double precision", nullable: true),
                    mag_rms_global = table.Column<double>(type: "double precision", nullable: true),
                    mag_rms_per_filter = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    visibility = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_photstats", x => x.id);
                    table.ForeignKey(
                        name: "fk_photstats_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "thumbnails",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    survey = table.Column<string>(type: "text", nullable: true),
                    origin = table.Column<string>(type: "text", nullable: true),
                    file_hash = table.Column<string>(type: "text", nullable: true),
                    alert_id = table.Column<long>(type: "bigint", nullable: true),
                    remote_url = table.Column<string>(type: "text", nullable: true),
                    is_grayscale = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_thumbnails", x => x.id);
                    table.ForeignKey(
                        name: "fk_thumbnails_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "filters",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    stream_id = table.Column<int>(type: "integer", nullable: false),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    broker_id = table.Column<int>(type: "integer", nullable: true),
                    altdata = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    autosave = table.Column<bool>(type: "boolean", nullable: false),
                    expression = table.Column<string>(type: "text", nullable: true),
                    annotation_expressions = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_filters", x => x.id);
                    table.ForeignKey(
                        name: "fk_filters_brokers_broker_id",
                        column: x => x.broker_id,
                        principalTable: "brokers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_filters_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_filters_streams_stream_id",
                        column: x => x.stream_id,
                        principalTable: "streams",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "group_streams",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    stream_id = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_group_streams", x => x.id);
                    table.ForeignKey(
                        name: "fk_group_streams_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_group_streams_streams_stream_id",
                        column: x => x.stream_id,
                        principalTable: "streams",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "scoring_models",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    stream_id = table.Column<int>(type: "integer", nullable: false),
                    file_hash = table.Column<string>(type: "text", nullable: false),
                    inputs = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    outputs = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_scoring_models", x => x.id);
                    table.ForeignKey(
                        name: "fk_scoring_models_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_scoring_models_streams_stream_id",
                        column: x => x.stream_id,
                        principalTable: "streams",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "stream_subscriptions",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    stream_id = table.Column<int>(type: "integer", nullable: false),
                    broker_id = table.Column<int>(type: "integer", nullable: true),
                    is_of_broker = table.Column<bool>(type: "boolean", nullable: false),
                    brokers = table.Column<string>(type: "text", nullable: false),
                    topics = table.Column<string[]>(type: "text[]", nullable: false),
                    consumer_group = table.Column<string>(type: "text", nullable: false),
                    security = table.Column<string>(type: "text", nullable: false),
                    mechanism = table.Column<string>(type: "text", nullable: true),
                    username = table.Column<string>(type: "text", nullable: true),
                    sealed_password = table.Column<string>(type: "text", nullable: true),
                    framing = table.Column<string>(type: "text", nullable: false),
                    registry_address = table.Column<string>(type: "text", nullable: true),
                    schema_folder = table.Column<string>(type: "text", nullable: true),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    rewind_number = table.Column<int>(type: "integer", nullable: false),
                    rewind_to = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    rewind_asked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stream_subscriptions", x => x.id);
                    table.ForeignKey(
                        name: "fk_stream_subscriptions_brokers_broker_id",
                        column: x => x.broker_id,
                        principalTable: "brokers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_stream_subscriptions_streams_stream_id",
                        column: x => x.stream_id,
                        principalTable: "streams",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "instruments",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    band = table.Column<string>(type: "text", nullable: true),
                    telescope_id = table.Column<int>(type: "integer", nullable: false),
                    filters = table.Column<string[]>(type: "text[]", nullable: false),
                    sensitivity_data = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    configuration_data = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    api_classname = table.Column<string>(type: "text", nullable: true),
                    api_classname_obsplan = table.Column<string>(type: "text", nullable: true),
                    listener_classname = table.Column<string>(type: "text", nullable: true),
                    treasuremap_id = table.Column<int>(type: "integer", nullable: true),
                    tns_id = table.Column<int>(type: "integer", nullable: true),
                    across_id = table.Column<string>(type: "text", nullable: true),
                    region = table.Column<string>(type: "text", nullable: true),
                    has_fields = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_instruments", x => x.id);
                    table.ForeignKey(
                        name: "fk_instruments_telescopes_telescope_id",
                        column: x => x.telescope_id,
                        principalTable: "telescopes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "annotations",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    data = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_annotations", x => x.id);
                    table.ForeignKey(
                        name: "fk_annotations_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_annotations_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "annotations_on_photometry",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    photometry_id = table.Column<long>(type: "bigint", nullable: false),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    data = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_annotations_on_photometry", x => x.id);
                    table.ForeignKey(
                        name: "fk_annotations_on_photometry_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_annotations_on_photometry_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "archive_queries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    archive = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    requester_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    progress = table.Column<double>(type: "double precision", nullable: false),
                    stage = table.Column<string>(type: "text", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    heartbeat_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    found = table.Column<int>(type: "integer", nullable: true),
                    added = table.Column<int>(type: "integer", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_archive_queries", x => x.id);
                    table.ForeignKey(
                        name: "fk_archive_queries_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_archive_queries_users_requester_id",
                        column: x => x.requester_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "broker_modules",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    broker_id = table.Column<int>(type: "integer", nullable: false),
                    elements = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    streams = table.Column<string[]>(type: "text[]", nullable: false),
                    data = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_broker_modules", x => x.id);
                    table.ForeignKey(
                        name: "fk_broker_modules_brokers_broker_id",
                        column: x => x.broker_id,
                        principalTable: "brokers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_broker_modules_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "candidate_views",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_candidate_views", x => x.id);
                    table.ForeignKey(
                        name: "fk_candidate_views_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_candidate_views_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "classifications",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    classification = table.Column<string>(type: "text", nullable: false),
                    taxonomy_id = table.Column<int>(type: "integer", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: true),
                    probability = table.Column<double>(type: "double precision", nullable: true),
                    ml = table.Column<bool>(type: "boolean", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    author_name = table.Column<string>(type: "text", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_classifications", x => x.id);
                    table.ForeignKey(
                        name: "fk_classifications_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_classifications_taxonomies_taxonomy_id",
                        column: x => x.taxonomy_id,
                        principalTable: "taxonomies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_classifications_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "comments",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    system = table.Column<bool>(type: "boolean", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    attachment_name = table.Column<string>(type: "text", nullable: true),
                    attachment_hash = table.Column<string>(type: "text", nullable: true),
                    origin = table.Column<string>(type: "text", nullable: true),
                    bot = table.Column<bool>(type: "boolean", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_comments", x => x.id);
                    table.ForeignKey(
                        name: "fk_comments_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_comments_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "gcnevents",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    sent_by_id = table.Column<int>(type: "integer", nullable: false),
                    dateobs = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    trigger_id = table.Column<string>(type: "text", nullable: true),
                    aliases = table.Column<string[]>(type: "text[]", nullable: false),
                    tags = table.Column<string[]>(type: "text[]", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_gcnevents", x => x.id);
                    table.ForeignKey(
                        name: "fk_gcnevents_users_sent_by_id",
                        column: x => x.sent_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "group_admission_requests",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_group_admission_requests", x => x.id);
                    table.ForeignKey(
                        name: "fk_group_admission_requests_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_group_admission_requests_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "group_users",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    admin = table.Column<bool>(type: "boolean", nullable: false),
                    can_save = table.Column<bool>(type: "boolean", nullable: false),
                    can_share_photometry = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_group_users", x => x.id);
                    table.ForeignKey(
                        name: "fk_group_users_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_group_users_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    role_id = table.Column<string>(type: "text", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    stream_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    admin_for_groups = table.Column<bool[]>(type: "boolean[]", nullable: false),
                    can_save_to_groups = table.Column<bool[]>(type: "boolean[]", nullable: false),
                    can_share_photometry_for_groups = table.Column<bool[]>(type: "boolean[]", nullable: false),
                    user_email = table.Column<string>(type: "text", nullable: false),
                    invited_by_id = table.Column<int>(type: "integer", nullable: false),
                    used = table.Column<bool>(type: "boolean", nullable: false),
                    user_expiration_date = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => x.id);
                    table.ForeignKey(
                        name: "fk_invitations_users_invited_by_id",
                        column: x => x.invited_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "listings",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    list_name = table.Column<string>(type: "text", nullable: false),
                    @params = table.Column<JsonElement>(name: "params", type: "jsonb", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_listings", x => x.id);
                    table.ForeignKey(
                        name: "fk_listings_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_listings_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "obj_tags",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    objtagoption_id = table.Column<int>(type: "integer", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_obj_tags", x => x.id);
                    table.ForeignKey(
                        name: "fk_obj_tags_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_obj_tags_objtagoptions_objtagoption_id",
                        column: x => x.objtagoption_id,
                        principalTable: "objtagoptions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_obj_tags_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "outgoing_mails",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    recipient = table.Column<string>(type: "text", nullable: false),
                    subject = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_attempt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    fault = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outgoing_mails", x => x.id);
                    table.ForeignKey(
                        name: "fk_outgoing_mails_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "outside_transactions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    service = table.Column<string>(type: "text", nullable: false),
                    method = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    request_head = table.Column<string>(type: "text", nullable: true),
                    idempotency_key = table.Column<string>(type: "text", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: true),
                    reply_bytes = table.Column<long>(type: "bigint", nullable: false),
                    reply_head = table.Column<string>(type: "text", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true),
                    duration_milliseconds = table.Column<double>(type: "double precision", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: true),
                    subject = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outside_transactions", x => x.id);
                    table.ForeignKey(
                        name: "fk_outside_transactions_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "photometry_validations",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    photometry_id = table.Column<long>(type: "bigint", nullable: false),
                    validated = table.Column<bool>(type: "boolean", nullable: true),
                    validator_id = table.Column<int>(type: "integer", nullable: false),
                    explanation = table.Column<string>(type: "text", nullable: true),
                    notes = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_photometry_validations", x => x.id);
                    table.ForeignKey(
                        name: "fk_photometry_validations_users_validator_id",
                        column: x => x.validator_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "scan_reports",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    author_id = table.Column<int>(type: "integer", nullable: true),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    options = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_scan_reports", x => x.id);
                    table.ForeignKey(
                        name: "fk_scan_reports_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_links",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sign_in_links", x => x.id);
                    table.ForeignKey(
                        name: "fk_sign_in_links_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "source_interests",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    title = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    link = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_interests", x => x.id);
                    table.ForeignKey(
                        name: "fk_source_interests_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_source_interests_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "source_labels",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    labeller_id = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_labels", x => x.id);
                    table.ForeignKey(
                        name: "fk_source_labels_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_source_labels_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_source_labels_users_labeller_id",
                        column: x => x.labeller_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "source_views",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    is_token = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_source_views", x => x.id);
                    table.ForeignKey(
                        name: "fk_source_views_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_source_views_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sourcenotifications",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    source_id = table.Column<string>(type: "text", nullable: false),
                    sent_by_id = table.Column<int>(type: "integer", nullable: false),
                    additional_notes = table.Column<string>(type: "text", nullable: true),
                    level = table.Column<string>(type: "text", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sourcenotifications", x => x.id);
                    table.ForeignKey(
                        name: "fk_sourcenotifications_objs_source_id",
                        column: x => x.source_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_sourcenotifications_users_sent_by_id",
                        column: x => x.sent_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sources",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    saved_by_id = table.Column<int>(type: "integer", nullable: true),
                    saved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    requested = table.Column<bool>(type: "boolean", nullable: false),
                    unsaved_by_id = table.Column<int>(type: "integer", nullable: true),
                    unsaved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sources", x => x.id);
                    table.ForeignKey(
                        name: "fk_sources_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_sources_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_sources_users_saved_by_id",
                        column: x => x.saved_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_sources_users_unsaved_by_id",
                        column: x => x.unsaved_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "stream_users",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    stream_id = table.Column<int>(type: "integer", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stream_users", x => x.id);
                    table.ForeignKey(
                        name: "fk_stream_users_streams_stream_id",
                        column: x => x.stream_id,
                        principalTable: "streams",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_stream_users_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "super_objs",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: true),
                    is_roid = table.Column<bool>(type: "boolean", nullable: false),
                    created_by_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_super_objs", x => x.id);
                    table.ForeignKey(
                        name: "fk_super_objs_users_created_by_id",
                        column: x => x.created_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "tokens",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    public_id = table.Column<Guid>(type: "uuid", nullable: false),
                    secret_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    created_by_id = table.Column<int>(type: "integer", nullable: false),
                    acls = table.Column<string[]>(type: "text[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tokens", x => x.id);
                    table.ForeignKey(
                        name: "fk_tokens_users_created_by_id",
                        column: x => x.created_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "usernotifications",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    notification_type = table.Column<string>(type: "text", nullable: true),
                    viewed = table.Column<bool>(type: "boolean", nullable: false),
                    url = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usernotifications", x => x.id);
                    table.ForeignKey(
                        name: "fk_usernotifications_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "watch_lists",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true),
                    owner_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    told_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_watch_lists", x => x.id);
                    table.ForeignKey(
                        name: "fk_watch_lists_users_owner_id",
                        column: x => x.owner_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "candidates",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    filter_id = table.Column<int>(type: "integer", nullable: false),
                    passed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    passing_alert_id = table.Column<long>(type: "bigint", nullable: true),
                    uploader_id = table.Column<int>(type: "integer", nullable: true),
                    filter_version = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_candidates", x => x.id);
                    table.ForeignKey(
                        name: "fk_candidates_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_candidates_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "filter_actions",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    filter_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    saver_id = table.Column<int>(type: "integer", nullable: true),
                    ignore_group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    ignore_rejected = table.Column<bool>(type: "boolean", nullable: false),
                    comment = table.Column<string>(type: "text", nullable: true),
                    annotate = table.Column<bool>(type: "boolean", nullable: false),
                    notify_user_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    set_by_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_filter_actions", x => x.id);
                    table.ForeignKey(
                        name: "fk_filter_actions_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_filter_actions_users_saver_id",
                        column: x => x.saver_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_filter_actions_users_set_by_id",
                        column: x => x.set_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "filter_tests",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    filter_id = table.Column<int>(type: "integer", nullable: false),
                    requester_id = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    expression = table.Column<string>(type: "text", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: true),
                    other_expression = table.Column<string>(type: "text", nullable: true),
                    other_version = table.Column<int>(type: "integer", nullable: true),
                    first_night = table.Column<DateOnly>(type: "date", nullable: false),
                    last_night = table.Column<DateOnly>(type: "date", nullable: false),
                    progress = table.Column<double>(type: "double precision", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    heartbeat_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    result = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_filter_tests", x => x.id);
                    table.ForeignKey(
                        name: "fk_filter_tests_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_filter_tests_users_requester_id",
                        column: x => x.requester_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "filter_versions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    filter_id = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    expression = table.Column<string>(type: "text", nullable: true),
                    annotation_expressions = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    note = table.Column<string>(type: "text", nullable: true),
                    author_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_filter_versions", x => x.id);
                    table.ForeignKey(
                        name: "fk_filter_versions_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_filter_versions_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "passing_notices",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    filter_id = table.Column<int>(type: "integer", nullable: false),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_passing_notices", x => x.id);
                    table.ForeignKey(
                        name: "fk_passing_notices_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_passing_notices_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "set_aside_packets",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    subscription_id = table.Column<int>(type: "integer", nullable: true),
                    broker_id = table.Column<int>(type: "integer", nullable: true),
                    topic = table.Column<string>(type: "text", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    offset = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    file_hash = table.Column<string>(type: "text", nullable: false),
                    key_hash = table.Column<string>(type: "text", nullable: true),
                    bytes = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    closed_by_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_set_aside_packets", x => x.id);
                    table.ForeignKey(
                        name: "fk_set_aside_packets_brokers_broker_id",
                        column: x => x.broker_id,
                        principalTable: "brokers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_set_aside_packets_stream_subscriptions_subscription_id",
                        column: x => x.subscription_id,
                        principalTable: "stream_subscriptions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_set_aside_packets_users_closed_by_id",
                        column: x => x.closed_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "stream_members",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    subscription_id = table.Column<int>(type: "integer", nullable: false),
                    node = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    fault = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stream_members", x => x.id);
                    table.ForeignKey(
                        name: "fk_stream_members_stream_subscriptions_subscription_id",
                        column: x => x.subscription_id,
                        principalTable: "stream_subscriptions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "stream_partitions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    subscription_id = table.Column<int>(type: "integer", nullable: false),
                    topic = table.Column<string>(type: "text", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    node = table.Column<string>(type: "text", nullable: true),
                    next_offset = table.Column<long>(type: "bigint", nullable: true),
                    end_offset = table.Column<long>(type: "bigint", nullable: true),
                    packets = table.Column<long>(type: "bigint", nullable: false),
                    packets_per_second = table.Column<double>(type: "double precision", nullable: false),
                    last_packet_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    rewind_number = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_stream_partitions", x => x.id);
                    table.ForeignKey(
                        name: "fk_stream_partitions_stream_subscriptions_subscription_id",
                        column: x => x.subscription_id,
                        principalTable: "stream_subscriptions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "allocations",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    pi = table.Column<string>(type: "text", nullable: true),
                    proposal_id = table.Column<string>(type: "text", nullable: true),
                    validity_ranges = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    hours_allocated = table.Column<double>(type: "double precision", nullable: false),
                    default_share_group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    types = table.Column<string[]>(type: "text[]", nullable: false),
                    group_id = table.Column<int>(type: "integer", nullable: false),
                    instrument_id = table.Column<int>(type: "integer", nullable: false),
                    sealed_altdata = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_allocations", x => x.id);
                    table.ForeignKey(
                        name: "fk_allocations_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_allocations_instruments_instrument_id",
                        column: x => x.instrument_id,
                        principalTable: "instruments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "instrument_fields",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    instrument_id = table.Column<int>(type: "integer", nullable: false),
                    field_id = table.Column<int>(type: "integer", nullable: false),
                    ra = table.Column<double>(type: "double precision", nullable: false),
                    dec = table.Column<double>(type: "double precision", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_instrument_fields", x => x.id);
                    table.ForeignKey(
                        name: "fk_instrument_fields_instruments_instrument_id",
                        column: x => x.instrument_id,
                        principalTable: "instruments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "photometric_series",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    series_name = table.Column<string>(type: "text", nullable: false),
                    series_obj_id = table.Column<string>(type: "text", nullable: false),
                    filter = table.Column<string>(type: "text", nullable: false),
                    channel = table.Column<string>(type: "text", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    filename = table.Column<string>(type: "text", nullable: false),
                    mjd_first = table.Column<double>(type: "double precision", nullable: false),
                    mag_first = table.Column<double>(type: "double precision", nullable: true),
                    mjd_mid = table.Column<double>(type: "double precision", nullable: false),
                    mjd_last = table.Column<double>(type: "double precision", nullable: false),
                    mag_last = table.Column<double>(type: "double precision", nullable: true),
                    mjd_last_detected = table.Column<double>(type: "double precision", nullable: true),
                    mag_last_detected = table.Column<double>(type: "double precision", nullable: true),
                    is_detected = table.Column<bool>(type: "boolean", nullable: false),
                    exp_time = table.Column<double>(type: "double precision", nullable: false),
                    frame_rate = table.Column<double>(type: "double precision", nullable: true),
                    num_exp = table.Column<int>(type: "integer", nullable: false),
                    time_stamp_alignment = table.Column<string>(type: "text", nullable: false),
                    ra = table.Column<double>(type: "double precision", nullable: true),
                    dec = table.Column<double>(type: "double precision", nullable: true),
                    ra_unc = table.Column<double>(type: "double precision", nullable: true),
                    dec_unc = table.Column<double>(type: "double precision", nullable: true),
                    limiting_mag = table.Column<double>(type: "double precision", nullable: true),
                    ref_flux = table.Column<double>(type: "double precision", nullable: true),
                    ref_fluxerr = table.Column<double>(type: "double precision", nullable: true),
                    altdata = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    instrument_id = table.Column<int>(type: "integer", nullable: false),
                    followup_request_id = table.Column<int>(type: "integer", nullable: true),
                    assignment_id = table.Column<int>(type: "integer", nullable: true),
                    owner_id = table.Column<int>(type: "integer", nullable: false),
                    mean_mag = table.Column<double>(type: "double precision", nullable: true),
                    rms_mag = table.Column<double>(type: "double precision", nullable: true),
                    robust_mag = table.Column<double>(type: "double precision", nullable: true),
                    robust_rms = table.Column<double>(type: "double precision", nullable: true),
                    median_snr = table.Column<double>(type: "double precision", nullable: true),
                    best_snr = table.Column<double>(type: "double precision", nullable: true),
                    worst_snr = table.Column<double>(type: "double precision", nullable: true),
                    medians = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    maxima = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    minima = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    stds = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    hash = table.Column<string>(type: "text", nullable: false),
                    file_hash = table.Column<string>(type: "text", nullable: false),
                    autodelete = table.Column<bool>(type: "boolean", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    stream_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_photometric_series", x => x.id);
                    table.ForeignKey(
                        name: "fk_photometric_series_instruments_instrument_id",
                        column: x => x.instrument_id,
                        principalTable: "instruments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_photometric_series_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_photometric_series_users_owner_id",
                        column: x => x.owner_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "spectra",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    instrument_id = table.Column<int>(type: "integer", nullable: false),
                    observed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    wavelengths = table.Column<double[]>(type: "double precision[]", nullable: false),
                    fluxes = table.Column<double[]>(type: "double precision[]", nullable: false),
                    errors = table.Column<double[]>(type: "double precision[]", nullable: true),
                    units = table.Column<string>(type: "text", nullable: true),
                    origin = table.Column<string>(type: "text", nullable: true),
                    type = table.Column<string>(type: "text", nullable: false),
                    label = table.Column<string>(type: "text", nullable: true),
                    followup_request_id = table.Column<int>(type: "integer", nullable: true),
                    assignment_id = table.Column<int>(type: "integer", nullable: true),
                    altdata = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    original_file_hash = table.Column<string>(type: "text", nullable: true),
                    original_file_filename = table.Column<string>(type: "text", nullable: true),
                    owner_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    pi_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    external_pi = table.Column<string>(type: "text", nullable: true),
                    reducer_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    external_reducer = table.Column<string>(type: "text", nullable: true),
                    observer_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    external_observer = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_spectra", x => x.id);
                    table.ForeignKey(
                        name: "fk_spectra_instruments_instrument_id",
                        column: x => x.instrument_id,
                        principalTable: "instruments",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_spectra_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_spectra_users_owner_id",
                        column: x => x.owner_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "classification_edits",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    classification_id = table.Column<long>(type: "bigint", nullable: false),
                    editor_id = table.Column<int>(type: "integer", nullable: false),
                    editor_name = table.Column<string>(type: "text", nullable: false),
                    old_probability = table.Column<double>(type: "double precision", nullable: true),
                    new_probability = table.Column<double>(type: "double precision", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_classification_edits", x => x.id);
                    table.ForeignKey(
                        name: "fk_classification_edits_classifications_classification_id",
                        column: x => x.classification_id,
                        principalTable: "classifications",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "classification_votes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    classification_id = table.Column<long>(type: "bigint", nullable: false),
                    voter_id = table.Column<int>(type: "integer", nullable: false),
                    vote = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_classification_votes", x => x.id);
                    table.ForeignKey(
                        name: "fk_classification_votes_classifications_classification_id",
                        column: x => x.classification_id,
                        principalTable: "classifications",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_classification_votes_users_voter_id",
                        column: x => x.voter_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "localizations",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    sent_by_id = table.Column<int>(type: "integer", nullable: false),
                    event_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    uniqs = table.Column<long[]>(type: "bigint[]", nullable: false),
                    probdensity = table.Column<double[]>(type: "double precision[]", nullable: false),
                    distmu = table.Column<double[]>(type: "double precision[]", nullable: true),
                    distsigma = table.Column<double[]>(type: "double precision[]", nullable: true),
                    distnorm = table.Column<double[]>(type: "double precision[]", nullable: true),
                    area_ninety_square_degrees = table.Column<double>(type: "double precision", nullable: false),
                    center_ra = table.Column<double>(type: "double precision", nullable: false),
                    center_dec = table.Column<double>(type: "double precision", nullable: false),
                    properties = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    tags = table.Column<string[]>(type: "text[]", nullable: false),
                    contour = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_localizations", x => x.id);
                    table.ForeignKey(
                        name: "fk_localizations_gcnevents_event_id",
                        column: x => x.event_id,
                        principalTable: "gcnevents",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_localizations_users_sent_by_id",
                        column: x => x.sent_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "scan_report_items",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    scan_report_id = table.Column<int>(type: "integer", nullable: false),
                    data = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_scan_report_items", x => x.id);
                    table.ForeignKey(
                        name: "fk_scan_report_items_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_scan_report_items_scan_reports_scan_report_id",
                        column: x => x.scan_report_id,
                        principalTable: "scan_reports",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "obj_to_super_obj",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    super_obj_id = table.Column<int>(type: "integer", nullable: false),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_obj_to_super_obj", x => x.id);
                    table.ForeignKey(
                        name: "fk_obj_to_super_obj_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_obj_to_super_obj_super_objs_super_obj_id",
                        column: x => x.super_obj_id,
                        principalTable: "super_objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "watch_entries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    watch_list_id = table.Column<int>(type: "integer", nullable: false),
                    label = table.Column<string>(type: "text", nullable: true),
                    ra = table.Column<double>(type: "double precision", nullable: true),
                    dec = table.Column<double>(type: "double precision", nullable: true),
                    radius_arcsec = table.Column<double>(type: "double precision", nullable: true),
                    name = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_watch_entries", x => x.id);
                    table.ForeignKey(
                        name: "fk_watch_entries_watch_lists_watch_list_id",
                        column: x => x.watch_list_id,
                        principalTable: "watch_lists",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "allocation_users",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    allocation_id = table.Column<int>(type: "integer", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_allocation_users", x => x.id);
                    table.ForeignKey(
                        name: "fk_allocation_users_allocations_allocation_id",
                        column: x => x.allocation_id,
                        principalTable: "allocations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_allocation_users_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "filter_followups",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    filter_id = table.Column<int>(type: "integer", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false),
                    allocation_id = table.Column<int>(type: "integer", nullable: false),
                    payload = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    validity_days = table.Column<int>(type: "integer", nullable: false),
                    constraints = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    comment = table.Column<string>(type: "text", nullable: true),
                    set_by_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_filter_followups", x => x.id);
                    table.ForeignKey(
                        name: "fk_filter_followups_allocations_allocation_id",
                        column: x => x.allocation_id,
                        principalTable: "allocations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_filter_followups_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_filter_followups_users_set_by_id",
                        column: x => x.set_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "followup_requests",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    requester_id = table.Column<int>(type: "integer", nullable: true),
                    last_modified_by_id = table.Column<int>(type: "integer", nullable: true),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    payload = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    status = table.Column<string>(type: "text", nullable: false),
                    allocation_id = table.Column<int>(type: "integer", nullable: false),
                    comment = table.Column<string>(type: "text", nullable: true),
                    target_group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    work = table.Column<string>(type: "text", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    begun_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    work_key = table.Column<Guid>(type: "uuid", nullable: false),
                    work_error = table.Column<string>(type: "text", nullable: true),
                    told_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    remote_ids = table.Column<string[]>(type: "text[]", nullable: false),
                    filter_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_followup_requests", x => x.id);
                    table.ForeignKey(
                        name: "fk_followup_requests_allocations_allocation_id",
                        column: x => x.allocation_id,
                        principalTable: "allocations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_followup_requests_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_followup_requests_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_followup_requests_users_last_modified_by_id",
                        column: x => x.last_modified_by_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_followup_requests_users_requester_id",
                        column: x => x.requester_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "annotations_on_spectra",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    spectrum_id = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: false),
                    data = table.Column<JsonElement>(type: "jsonb", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_annotations_on_spectra", x => x.id);
                    table.ForeignKey(
                        name: "fk_annotations_on_spectra_spectra_spectrum_id",
                        column: x => x.spectrum_id,
                        principalTable: "spectra",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_annotations_on_spectra_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "comments_on_spectra",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    spectrum_id = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                    author_id = table.Column<int>(type: "integer", nullable: false),
                    attachment_name = table.Column<string>(type: "text", nullable: true),
                    attachment_hash = table.Column<string>(type: "text", nullable: true),
                    origin = table.Column<string>(type: "text", nullable: true),
                    bot = table.Column<bool>(type: "boolean", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_comments_on_spectra", x => x.id);
                    table.ForeignKey(
                        name: "fk_comments_on_spectra_spectra_spectrum_id",
                        column: x => x.spectrum_id,
                        principalTable: "spectra",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_comments_on_spectra_users_author_id",
                        column: x => x.author_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reminders",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    spectrum_id = table.Column<long>(type: "bigint", nullable: true),
                    text = table.Column<string>(type: "text", nullable: false),
                    origin = table.Column<string>(type: "text", nullable: true),
                    bot = table.Column<bool>(type: "boolean", nullable: false),
                    next_reminder = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    reminder_delay = table.Column<double>(type: "double precision", nullable: false),
                    number_of_reminders = table.Column<int>(type: "integer", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    group_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reminders", x => x.id);
                    table.ForeignKey(
                        name: "fk_reminders_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reminders_spectra_spectrum_id",
                        column: x => x.spectrum_id,
                        principalTable: "spectra",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reminders_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "watch_matches",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    watch_list_id = table.Column<int>(type: "integer", nullable: true),
                    watch_entry_id = table.Column<long>(type: "bigint", nullable: true),
                    listing_id = table.Column<long>(type: "bigint", nullable: true),
                    label = table.Column<string>(type: "text", nullable: true),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    survey = table.Column<string>(type: "text", nullable: false),
                    alert_id = table.Column<long>(type: "bigint", nullable: false),
                    night = table.Column<DateOnly>(type: "date", nullable: false),
                    mjd = table.Column<double>(type: "double precision", nullable: false),
                    distance_arcsec = table.Column<double>(type: "double precision", nullable: true),
                    stream_ids = table.Column<int[]>(type: "integer[]", nullable: false),
                    told_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_watch_matches", x => x.id);
                    table.ForeignKey(
                        name: "fk_watch_matches_listings_listing_id",
                        column: x => x.listing_id,
                        principalTable: "listings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_watch_matches_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_watch_matches_watch_entries_watch_entry_id",
                        column: x => x.watch_entry_id,
                        principalTable: "watch_entries",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_watch_matches_watch_lists_watch_list_id",
                        column: x => x.watch_list_id,
                        principalTable: "watch_lists",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "auto_followups",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    filter_id = table.Column<int>(type: "integer", nullable: false),
                    obj_id = table.Column<string>(type: "text", nullable: false),
                    allocation_id = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    followup_request_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_auto_followups", x => x.id);
                    table.ForeignKey(
                        name: "fk_auto_followups_allocations_allocation_id",
                        column: x => x.allocation_id,
                        principalTable: "allocations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_auto_followups_filters_filter_id",
                        column: x => x.filter_id,
                        principalTable: "filters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_auto_followups_followup_requests_followup_request_id",
                        column: x => x.followup_request_id,
                        principalTable: "followup_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_auto_followups_objs_obj_id",
                        column: x => x.obj_id,
                        principalTable: "objs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "facility_transactions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    followup_request_id = table.Column<int>(type: "integer", nullable: true),
                    initiator_id = table.Column<int>(type: "integer", nullable: true),
                    request = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    response = table.Column<JsonElement>(type: "jsonb", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_facility_transactions", x => x.id);
                    table.ForeignKey(
                        name: "fk_facility_transactions_followup_requests_followup_request_id",
                        column: x => x.followup_request_id,
                        principalTable: "followup_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "fk_facility_transactions_users_initiator_id",
                        column: x => x.initiator_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "followup_request_users",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    followup_request_id = table.Column<int>(type: "integer", nullable: false),
                    user_id = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    modified = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_followup_request_users", x => x.id);
                    table.ForeignKey(
                        name: "fk_followup_request_users_followup_requests_followup_request_id",
                        column: x => x.followup_request_id,
                        principalTable: "followup_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_followup_request_users_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_allocation_users_allocation_id_user_id",
                table: "allocation_users",
                columns: new[] { "allocation_id", "user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_allocation_users_user_id",
                table: "allocation_users",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_allocations_group_id",
                table: "allocations",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_allocations_instrument_id",
                table: "allocations",
                column: "instrument_id");

            migrationBuilder.CreateIndex(
                name: "ix_annotations_author_id",
                table: "annotations",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_annotations_obj_id_origin",
                table: "annotations",
                columns: new[] { "obj_id", "origin" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_annotations_origin_id",
                table: "annotations",
                columns: new[] { "origin", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_annotations_on_photometry_author_id",
                table: "annotations_on_photometry",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_annotations_on_photometry_obj_id",
                table: "annotations_on_photometry",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_annotations_on_photometry_photometry_id_origin",
                table: "annotations_on_photometry",
                columns: new[] { "photometry_id", "origin" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_annotations_on_spectra_author_id",
                table: "annotations_on_spectra",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_annotations_on_spectra_spectrum_id_origin",
                table: "annotations_on_spectra",
                columns: new[] { "spectrum_id", "origin" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_archive_queries_next_attempt_at",
                table: "archive_queries",
                column: "next_attempt_at",
                filter: "state in ('queued', 'running')");

            migrationBuilder.CreateIndex(
                name: "ix_archive_queries_obj_id_archive_requester_id",
                table: "archive_queries",
                columns: new[] { "obj_id", "archive", "requester_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_archive_queries_requester_id",
                table: "archive_queries",
                column: "requester_id");

            migrationBuilder.CreateIndex(
                name: "ix_auto_followups_allocation_id",
                table: "auto_followups",
                column: "allocation_id");

            migrationBuilder.CreateIndex(
                name: "ix_auto_followups_filter_id_state",
                table: "auto_followups",
                columns: new[] { "filter_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_auto_followups_followup_request_id",
                table: "auto_followups",
                column: "followup_request_id");

            migrationBuilder.CreateIndex(
                name: "ix_auto_followups_obj_id_allocation_id",
                table: "auto_followups",
                columns: new[] { "obj_id", "allocation_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_auto_followups_waiting",
                table: "auto_followups",
                column: "id",
                filter: "state = 'waiting'");

            migrationBuilder.CreateIndex(
                name: "ix_broker_modules_author_id",
                table: "broker_modules",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_broker_modules_broker_id_elements_name",
                table: "broker_modules",
                columns: new[] { "broker_id", "elements", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_brokers_default_alert_search",
                table: "brokers",
                column: "default_alert_search",
                unique: true,
                filter: "default_alert_search");

            migrationBuilder.CreateIndex(
                name: "ix_brokers_default_crossmatch",
                table: "brokers",
                column: "default_crossmatch",
                unique: true,
                filter: "default_crossmatch");

            migrationBuilder.CreateIndex(
                name: "ix_brokers_name",
                table: "brokers",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_candidate_views_obj_id_user_id",
                table: "candidate_views",
                columns: new[] { "obj_id", "user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_candidate_views_user_id",
                table: "candidate_views",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_candidates_filter_id_passed_at_obj_id",
                table: "candidates",
                columns: new[] { "filter_id", "passed_at", "obj_id" },
                descending: new[] { false, true, false })
                .Annotation("Npgsql:IndexInclude", new[] { "id" });

            migrationBuilder.CreateIndex(
                name: "ix_candidates_obj_id_filter_id_passed_at",
                table: "candidates",
                columns: new[] { "obj_id", "filter_id", "passed_at" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_classification_edits_classification_id",
                table: "classification_edits",
                column: "classification_id");

            migrationBuilder.CreateIndex(
                name: "ix_classification_votes_classification_id_voter_id",
                table: "classification_votes",
                columns: new[] { "classification_id", "voter_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_classification_votes_voter_id",
                table: "classification_votes",
                column: "voter_id");

            migrationBuilder.CreateIndex(
                name: "ix_classifications_author_id",
                table: "classifications",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_classifications_obj_id",
                table: "classifications",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_classifications_taxonomy_id",
                table: "classifications",
                column: "taxonomy_id");

            migrationBuilder.CreateIndex(
                name: "ix_comments_author_id",
                table: "comments",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_comments_obj_id",
                table: "comments",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_comments_on_spectra_author_id",
                table: "comments_on_spectra",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_comments_on_spectra_spectrum_id",
                table: "comments_on_spectra",
                column: "spectrum_id");

            migrationBuilder.CreateIndex(
                name: "ix_facility_transactions_followup_request_id",
                table: "facility_transactions",
                column: "followup_request_id");

            migrationBuilder.CreateIndex(
                name: "ix_facility_transactions_initiator_id",
                table: "facility_transactions",
                column: "initiator_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_actions_filter_id",
                table: "filter_actions",
                column: "filter_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_filter_actions_saver_id",
                table: "filter_actions",
                column: "saver_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_actions_set_by_id",
                table: "filter_actions",
                column: "set_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_followups_allocation_id",
                table: "filter_followups",
                column: "allocation_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_followups_filter_id",
                table: "filter_followups",
                column: "filter_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_filter_followups_set_by_id",
                table: "filter_followups",
                column: "set_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_removals_broker_id",
                table: "filter_removals",
                column: "broker_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_removals_next_attempt_at",
                table: "filter_removals",
                column: "next_attempt_at");

            migrationBuilder.CreateIndex(
                name: "ix_filter_tests_filter_id_requester_id_id",
                table: "filter_tests",
                columns: new[] { "filter_id", "requester_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_filter_tests_requester_id",
                table: "filter_tests",
                column: "requester_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_tests_waiting",
                table: "filter_tests",
                column: "id",
                filter: "state in ('queued', 'running')");

            migrationBuilder.CreateIndex(
                name: "ix_filter_versions_author_id",
                table: "filter_versions",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_filter_versions_filter_id_number",
                table: "filter_versions",
                columns: new[] { "filter_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_filters_broker_id",
                table: "filters",
                column: "broker_id");

            migrationBuilder.CreateIndex(
                name: "ix_filters_group_id",
                table: "filters",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_filters_stream_id",
                table: "filters",
                column: "stream_id");

            migrationBuilder.CreateIndex(
                name: "ix_followup_request_users_followup_request_id_user_id",
                table: "followup_request_users",
                columns: new[] { "followup_request_id", "user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_followup_request_users_user_id",
                table: "followup_request_users",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_followup_requests_allocation_id_created_at",
                table: "followup_requests",
                columns: new[] { "allocation_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_followup_requests_filter_id",
                table: "followup_requests",
                column: "filter_id");

            migrationBuilder.CreateIndex(
                name: "ix_followup_requests_last_modified_by_id",
                table: "followup_requests",
                column: "last_modified_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_followup_requests_next_attempt_at",
                table: "followup_requests",
                column: "next_attempt_at",
                filter: "work is not null");

            migrationBuilder.CreateIndex(
                name: "ix_followup_requests_obj_id",
                table: "followup_requests",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_followup_requests_requester_id",
                table: "followup_requests",
                column: "requester_id");

            migrationBuilder.CreateIndex(
                name: "ix_galaxycatalogs_name",
                table: "galaxycatalogs",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_galaxys_catalog_id_distmpc",
                table: "galaxys",
                columns: new[] { "catalog_id", "distmpc" });

            migrationBuilder.CreateIndex(
                name: "ix_galaxys_healpix",
                table: "galaxys",
                column: "healpix");

            migrationBuilder.CreateIndex(
                name: "ix_galaxys_name_catalog_id",
                table: "galaxys",
                columns: new[] { "name", "catalog_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_gcnevents_dateobs",
                table: "gcnevents",
                column: "dateobs",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_gcnevents_sent_by_id",
                table: "gcnevents",
                column: "sent_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_gcnevents_trigger_id",
                table: "gcnevents",
                column: "trigger_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_group_admission_requests_group_id",
                table: "group_admission_requests",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_group_admission_requests_user_id",
                table: "group_admission_requests",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_group_streams_group_id_stream_id",
                table: "group_streams",
                columns: new[] { "group_id", "stream_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_group_streams_stream_id",
                table: "group_streams",
                column: "stream_id");

            migrationBuilder.CreateIndex(
                name: "ix_group_users_group_id",
                table: "group_users",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_group_users_user_id_group_id",
                table: "group_users",
                columns: new[] { "user_id", "group_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_groups_name",
                table: "groups",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_groups_nickname",
                table: "groups",
                column: "nickname",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_instrument_fields_instrument_id_field_id",
                table: "instrument_fields",
                columns: new[] { "instrument_id", "field_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_instruments_name",
                table: "instruments",
                column: "name");

            migrationBuilder.CreateIndex(
                name: "ix_instruments_telescope_id",
                table: "instruments",
                column: "telescope_id");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_invited_by_id",
                table: "invitations",
                column: "invited_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_secret_hash",
                table: "invitations",
                column: "secret_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_listings_list_name",
                table: "listings",
                column: "list_name",
                filter: "list_name = 'watchlist'");

            migrationBuilder.CreateIndex(
                name: "ix_listings_obj_id",
                table: "listings",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_listings_user_id_list_name_obj_id",
                table: "listings",
                columns: new[] { "user_id", "list_name", "obj_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_localizations_event_id_name",
                table: "localizations",
                columns: new[] { "event_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_localizations_sent_by_id",
                table: "localizations",
                column: "sent_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_obj_tags_author_id",
                table: "obj_tags",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_obj_tags_obj_id_objtagoption_id",
                table: "obj_tags",
                columns: new[] { "obj_id", "objtagoption_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_obj_tags_objtagoption_id",
                table: "obj_tags",
                column: "objtagoption_id");

            migrationBuilder.CreateIndex(
                name: "ix_obj_to_super_obj_obj_id",
                table: "obj_to_super_obj",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_obj_to_super_obj_super_obj_id_obj_id",
                table: "obj_to_super_obj",
                columns: new[] { "super_obj_id", "obj_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_objs_healpix",
                table: "objs",
                column: "healpix");

            migrationBuilder.CreateIndex(
                name: "ix_objs_internal_key",
                table: "objs",
                column: "internal_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_objs_tns_name",
                table: "objs",
                column: "tns_name");

            migrationBuilder.CreateIndex(
                name: "ix_objtagoptions_name",
                table: "objtagoptions",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_events_subject_id",
                table: "outbox_events",
                columns: new[] { "subject", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_outgoing_mails_next_attempt",
                table: "outgoing_mails",
                column: "next_attempt",
                filter: "sent_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_outgoing_mails_user_id",
                table: "outgoing_mails",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_outside_transactions_user_id_id",
                table: "outside_transactions",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_passing_notices_filter_id_id",
                table: "passing_notices",
                columns: new[] { "filter_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_passing_notices_obj_id",
                table: "passing_notices",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_photometric_series_filename",
                table: "photometric_series",
                column: "filename",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_photometric_series_instrument_id",
                table: "photometric_series",
                column: "instrument_id");

            migrationBuilder.CreateIndex(
                name: "ix_photometric_series_mjd_first",
                table: "photometric_series",
                column: "mjd_first");

            migrationBuilder.CreateIndex(
                name: "ix_photometric_series_obj_id_hash",
                table: "photometric_series",
                columns: new[] { "obj_id", "hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_photometric_series_owner_id",
                table: "photometric_series",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "ix_photometry_validations_photometry_id",
                table: "photometry_validations",
                column: "photometry_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_photometry_validations_validator_id",
                table: "photometry_validations",
                column: "validator_id");

            migrationBuilder.CreateIndex(
                name: "ix_photstats_obj_id",
                table: "photstats",
                column: "obj_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_reminders_next_reminder",
                table: "reminders",
                column: "next_reminder",
                filter: "number_of_reminders > 0");

            migrationBuilder.CreateIndex(
                name: "ix_reminders_obj_id",
                table: "reminders",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_reminders_spectrum_id",
                table: "reminders",
                column: "spectrum_id");

            migrationBuilder.CreateIndex(
                name: "ix_reminders_user_id",
                table: "reminders",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_scan_report_items_obj_id",
                table: "scan_report_items",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_scan_report_items_scan_report_id_obj_id",
                table: "scan_report_items",
                columns: new[] { "scan_report_id", "obj_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_scan_reports_author_id",
                table: "scan_reports",
                column: "author_id");

            migrationBuilder.CreateIndex(
                name: "ix_scan_reports_created_at",
                table: "scan_reports",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_scoring_models_group_id_name",
                table: "scoring_models",
                columns: new[] { "group_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_scoring_models_stream_id",
                table: "scoring_models",
                column: "stream_id");

            migrationBuilder.CreateIndex(
                name: "ix_set_aside_packets_broker_id_topic_partition_offset",
                table: "set_aside_packets",
                columns: new[] { "broker_id", "topic", "partition", "offset" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_set_aside_packets_closed_by_id",
                table: "set_aside_packets",
                column: "closed_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_set_aside_packets_state_id",
                table: "set_aside_packets",
                columns: new[] { "state", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_set_aside_packets_subscription_id_topic_partition_offset",
                table: "set_aside_packets",
                columns: new[] { "subscription_id", "topic", "partition", "offset" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_links_secret_hash",
                table: "sign_in_links",
                column: "secret_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sign_in_links_user_id",
                table: "sign_in_links",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_source_interests_obj_id",
                table: "source_interests",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_source_interests_user_id",
                table: "source_interests",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_source_labels_group_id",
                table: "source_labels",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_source_labels_labeller_id",
                table: "source_labels",
                column: "labeller_id");

            migrationBuilder.CreateIndex(
                name: "ix_source_labels_obj_id_group_id_labeller_id",
                table: "source_labels",
                columns: new[] { "obj_id", "group_id", "labeller_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_source_views_obj_id",
                table: "source_views",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_source_views_user_id",
                table: "source_views",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "ix_sourcenotifications_sent_by_id",
                table: "sourcenotifications",
                column: "sent_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_sourcenotifications_source_id",
                table: "sourcenotifications",
                column: "source_id");

            migrationBuilder.CreateIndex(
                name: "ix_sources_group_id_saved_at",
                table: "sources",
                columns: new[] { "group_id", "saved_at" });

            migrationBuilder.CreateIndex(
                name: "ix_sources_obj_id_group_id",
                table: "sources",
                columns: new[] { "obj_id", "group_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_sources_saved_at",
                table: "sources",
                column: "saved_at");

            migrationBuilder.CreateIndex(
                name: "ix_sources_saved_by_id",
                table: "sources",
                column: "saved_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_sources_unsaved_by_id",
                table: "sources",
                column: "unsaved_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_spectra_instrument_id",
                table: "spectra",
                column: "instrument_id");

            migrationBuilder.CreateIndex(
                name: "ix_spectra_obj_id_observed_at",
                table: "spectra",
                columns: new[] { "obj_id", "observed_at" });

            migrationBuilder.CreateIndex(
                name: "ix_spectra_observed_at",
                table: "spectra",
                column: "observed_at");

            migrationBuilder.CreateIndex(
                name: "ix_spectra_owner_id",
                table: "spectra",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "ix_stream_members_subscription_id_node",
                table: "stream_members",
                columns: new[] { "subscription_id", "node" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_stream_partitions_subscription_id_topic_partition",
                table: "stream_partitions",
                columns: new[] { "subscription_id", "topic", "partition" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_stream_subscriptions_broker_id",
                table: "stream_subscriptions",
                column: "broker_id");

            migrationBuilder.CreateIndex(
                name: "ix_stream_subscriptions_name",
                table: "stream_subscriptions",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_stream_subscriptions_stream_id",
                table: "stream_subscriptions",
                column: "stream_id");

            migrationBuilder.CreateIndex(
                name: "ix_stream_users_stream_id",
                table: "stream_users",
                column: "stream_id");

            migrationBuilder.CreateIndex(
                name: "ix_stream_users_user_id_stream_id",
                table: "stream_users",
                columns: new[] { "user_id", "stream_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_streams_name",
                table: "streams",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_super_objs_created_by_id",
                table: "super_objs",
                column: "created_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_taxonomies_name_version",
                table: "taxonomies",
                columns: new[] { "name", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_telescopes_name",
                table: "telescopes",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_thumbnails_obj_id_type_survey",
                table: "thumbnails",
                columns: new[] { "obj_id", "type", "survey" });

            migrationBuilder.CreateIndex(
                name: "ix_tokens_created_by_id",
                table: "tokens",
                column: "created_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_tokens_name",
                table: "tokens",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tokens_public_id",
                table: "tokens",
                column: "public_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_tokens_secret_hash",
                table: "tokens",
                column: "secret_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_usernotifications_user_id_id",
                table: "usernotifications",
                columns: new[] { "user_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_users_oauth_uid",
                table: "users",
                column: "oauth_uid",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_users_username",
                table: "users",
                column: "username",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_watch_entries_watch_list_id_id",
                table: "watch_entries",
                columns: new[] { "watch_list_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_watch_entries_watch_list_id_ra_dec_radius_arcsec_name",
                table: "watch_entries",
                columns: new[] { "watch_list_id", "ra", "dec", "radius_arcsec", "name" },
                unique: true)
                .Annotation("Npgsql:NullsDistinct", false);

            migrationBuilder.CreateIndex(
                name: "ix_watch_lists_owner_id_name",
                table: "watch_lists",
                columns: new[] { "owner_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_watch_matches_listing_id_survey_alert_id",
                table: "watch_matches",
                columns: new[] { "listing_id", "survey", "alert_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_watch_matches_obj_id",
                table: "watch_matches",
                column: "obj_id");

            migrationBuilder.CreateIndex(
                name: "ix_watch_matches_untold",
                table: "watch_matches",
                column: "id",
                filter: "told_at is null");

            migrationBuilder.CreateIndex(
                name: "ix_watch_matches_watch_entry_id_survey_alert_id",
                table: "watch_matches",
                columns: new[] { "watch_entry_id", "survey", "alert_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_watch_matches_watch_list_id_id",
                table: "watch_matches",
                columns: new[] { "watch_list_id", "id" });

            migrationBuilder.RunScript("0001_partitioned_tables.sql");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "allocation_users");

            migrationBuilder.DropTable(
                name: "annotations");

            migrationBuilder.DropTable(
                name: "annotations_on_photometry");

            migrationBuilder.DropTable(
                name: "annotations_on_spectra");

            migrationBuilder.DropTable(
                name: "archive_queries");

            migrationBuilder.DropTable(
                name: "auto_followups");

            migrationBuilder.DropTable(
                name: "broker_modules");

            migrationBuilder.DropTable(
                name: "candidate_views");

            migrationBuilder.DropTable(
                name: "candidates");

            migrationBuilder.DropTable(
                name: "classification_edits");

            migrationBuilder.DropTable(
                name: "classification_votes");

            migrationBuilder.DropTable(
                name: "comments");

            migrationBuilder.DropTable(
                name: "comments_on_spectra");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "facility_transactions");

            migrationBuilder.DropTable(
                name: "filter_actions");

            migrationBuilder.DropTable(
                name: "filter_followups");

            migrationBuilder.DropTable(
                name: "filter_removals");

            migrationBuilder.DropTable(
                name: "filter_tests");

            migrationBuilder.DropTable(
                name: "filter_versions");

            migrationBuilder.DropTable(
                name: "followup_request_users");

            migrationBuilder.DropTable(
                name: "galaxys");

            migrationBuilder.DropTable(
                name: "group_admission_requests");

            migrationBuilder.DropTable(
                name: "group_streams");

            migrationBuilder.DropTable(
                name: "group_users");

            migrationBuilder.DropTable(
                name: "instrument_fields");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "localizations");

            migrationBuilder.DropTable(
                name: "obj_tags");

            migrationBuilder.DropTable(
                name: "obj_to_super_obj");

            migrationBuilder.DropTable(
                name: "outbox_events");

            migrationBuilder.DropTable(
                name: "outgoing_mails");

            migrationBuilder.DropTable(
                name: "outside_transactions");

            migrationBuilder.DropTable(
                name: "passing_notices");

            migrationBuilder.DropTable(
                name: "photometric_series");

            migrationBuilder.DropTable(
                name: "photometry_validations");

            migrationBuilder.DropTable(
                name: "photstats");

            migrationBuilder.DropTable(
                name: "reminders");

            migrationBuilder.DropTable(
                name: "scan_report_items");

            migrationBuilder.DropTable(
                name: "scoring_models");

            migrationBuilder.DropTable(
                name: "set_aside_packets");

            migrationBuilder.DropTable(
                name: "sign_in_links");

            migrationBuilder.DropTable(
                name: "source_interests");

            migrationBuilder.DropTable(
                name: "source_labels");

            migrationBuilder.DropTable(
                name: "source_views");

            migrationBuilder.DropTable(
                name: "sourcenotifications");

            migrationBuilder.DropTable(
                name: "sources");

            migrationBuilder.DropTable(
                name: "stream_members");

            migrationBuilder.DropTable(
                name: "stream_partitions");

            migrationBuilder.DropTable(
                name: "stream_users");

            migrationBuilder.DropTable(
                name: "thumbnails");

            migrationBuilder.DropTable(
                name: "tokens");

            migrationBuilder.DropTable(
                name: "usernotifications");

            migrationBuilder.DropTable(
                name: "watch_matches");

            migrationBuilder.DropTable(
                name: "classifications");

            migrationBuilder.DropTable(
                name: "followup_requests");

            migrationBuilder.DropTable(
                name: "galaxycatalogs");

            migrationBuilder.DropTable(
                name: "gcnevents");

            migrationBuilder.DropTable(
                name: "objtagoptions");

            migrationBuilder.DropTable(
                name: "super_objs");

            migrationBuilder.DropTable(
                name: "spectra");

            migrationBuilder.DropTable(
                name: "scan_reports");

            migrationBuilder.DropTable(
                name: "stream_subscriptions");

            migrationBuilder.DropTable(
                name: "listings");

            migrationBuilder.DropTable(
                name: "watch_entries");

            migrationBuilder.DropTable(
                name: "taxonomies");

            migrationBuilder.DropTable(
                name: "allocations");

            migrationBuilder.DropTable(
                name: "filters");

            migrationBuilder.DropTable(
                name: "objs");

            migrationBuilder.DropTable(
                name: "watch_lists");

            migrationBuilder.DropTable(
                name: "instruments");

            migrationBuilder.DropTable(
                name: "brokers");

            migrationBuilder.DropTable(
                name: "groups");

            migrationBuilder.DropTable(
                name: "streams");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropTable(
                name: "telescopes");
        }
    }
}
