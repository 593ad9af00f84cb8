using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Domain.Gcn;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Operations;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>A site full of random rows, and all of them as plain lists.</summary>
internal sealed class World
{
    private readonly Dictionary<Type, IReadOnlyList<object>> _rows = [];

    /// <summary>Everybody whose sight is compared.</summary>
    public IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>Every row of an entity.</summary>
    public IEnumerable<T> All<T>() => _rows[typeof(T)].Cast<T>();

    /// <summary>Every row of an entity.</summary>
    public IReadOnlyList<object> All(Type type) => _rows[type];

    /// <summary>
    /// Fills a site and reads everything back. What the verbs keep true, that a group knows the objects that are saved to it and
    /// that pass its filters, is true on a site that is asked over the API; rows alone may contradict each other.
    /// </summary>
    public static async Task<World> CreateAsync(TestNode node, int seed, bool asVerbsKeepIt = false)
    {
        await using (var db = node.Contexts.For(Viewer.System))
        {
            await new WorldMaker(db, new Random(seed)).FillAsync();
        }

        if (asVerbsKeepIt)
        {
            await using var command = node.Contexts.DataSource.CreateCommand("""
                update objs o set group_ids = array(
                    select unnest(o.group_ids) union select s.group_id from sources s where s.obj_id = o.id
                    union select f.group_id from candidates c join filters f on f.id = c.filter_id where c.obj_id = o.id)
                """);
            await command.ExecuteNonQueryAsync();
            var picture = await node.Services.GetRequiredService<FileStore>().PutAsync(PngEncoder.EncodeGrey(new byte[400], 20, 20), CancellationToken.None);
            await using var pictures = node.Contexts.For(Viewer.System);
            await pictures.Set<Thumbnail>().ExecuteUpdateAsync(row => row.SetProperty(thumbnail => thumbnail.FileHash, picture));
            await pictures.Set<Spectrum>().ExecuteUpdateAsync(row => row.SetProperty(spectrum => spectrum.OriginalFileHash, picture));
            var exposures = await node.Services.GetRequiredService<FileStore>().PutAsync("""{"mjd": [61100], "flux": [10]}"""u8.ToArray(), CancellationToken.None);
            await pictures.Set<PhotometricSeries>().ExecuteUpdateAsync(row => row.SetProperty(series => series.FileHash, exposures));
            await (await node.AdminAsync()).DataAsync(HttpMethod.Patch, "/api/phot_stats?numPerPage=500");
        }

        var world = new World();
        await using var all = node.Contexts.For(Viewer.System);
        foreach (var entity in all.Model.GetEntityTypes())
        {
            world._rows[entity.ClrType] = await ReadAsync(all, entity.ClrType);
        }

        world.People = [.. world.All<User>().Select(user => Person.Of(user, world))];
        return world;
    }

    /// <summary>What a context sees of an entity.</summary>
    public static Task<IReadOnlyList<object>> ReadAsync(SkyPortalContext db, Type type) =>
        (Task<IReadOnlyList<object>>)typeof(World).GetMethod(nameof(ReadTypedAsync), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [db])!;

    /// <summary>How many rows a context counts of an entity.</summary>
    public static Task<int> CountAsync(SkyPortalContext db, Type type) =>
        (Task<int>)typeof(World).GetMethod(nameof(CountTypedAsync), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [db])!;

    private static async Task<IReadOnlyList<object>> ReadTypedAsync<T>(SkyPortalContext db)
        where T : class => await db.Set<T>().AsNoTracking().ToListAsync();

    private static Task<int> CountTypedAsync<T>(SkyPortalContext db)
        where T : class => db.Set<T>().CountAsync();
}

/// <summary>A user as the oracle knows him, from the lists alone.</summary>
internal sealed record Person(int Id, string Name, bool SeesAll, bool ManagesUsers, HashSet<int> Groups, HashSet<int> AdminGroups, HashSet<int> Streams)
{
    public static Person Of(User user, World world)
    {
        var memberships = world.All<GroupUser>().Where(member => member.UserId == user.Id).ToList();
        return new Person(
            user.Id,
            user.Username,
            user.Roles.Contains("Super admin"),
            user.Roles.Contains("Super admin") || user.Roles.Contains("Group admin"),
            [.. memberships.Select(member => member.GroupId)],
            [.. memberships.Where(member => member.Admin).Select(member => member.GroupId)],
            [.. world.All<StreamUser>().Where(right => right.UserId == user.Id).Select(right => right.StreamId)]);
    }
}

/// <summary>Draws the rows of a world.</summary>
internal sealed class WorldMaker(SkyPortalContext db, Random random)
{
    private static readonly DateTime Night = new(2026, 3, 1, 4, 5, 6, DateTimeKind.Utc);
    private readonly List<int> _users = [];
    private readonly List<int> _groups = [];
    private readonly List<int> _streams = [];
    private readonly List<string> _objs = [];

    public async Task FillAsync()
    {
        await PeopleAsync();
        await ObjectsAsync();
        await PassingsAsync();
        await WordsAsync();
        await MeasurementsAsync();
        await TiesAsync();
    }

    private async Task PeopleAsync()
    {
        var groups = Times(6, index => new Group { Name = $"group {index}", Private = Chance(0.5), AutoAcceptRequests = Chance(0.3) });
        var streams = Times(4, index => new AlertStream { Name = $"stream {index}", AutoJoin = Chance(0.25) });
        string[] roles = [Role.FullUser, Role.ViewOnly, Role.GroupAdmin, Role.FullUser];
        var users = Times(8, index => new User { Username = $"person-{index}", Roles = [roles[index % roles.Length]] });
        await SaveAsync([.. groups, .. streams, .. users]);
        _groups.AddRange(groups.Select(group => group.Id));
        _groups.Add((await db.Set<Group>().SingleAsync(group => group.Sitewide)).Id);
        _streams.AddRange(streams.Select(stream => stream.Id));
        _users.AddRange(users.Select(user => user.Id));
        foreach (var user in users)
        {
            var own = new Group { Name = user.Username, SingleUserGroup = true };
            await SaveAsync(own);
            await SaveAsync(
                [new GroupUser { GroupId = own.Id, UserId = user.Id },
                .. _groups.Where(_ => Chance(0.35)).Select(group => new GroupUser { GroupId = group, UserId = user.Id, Admin = Chance(0.3), CanSave = Chance(0.7) }),
                .. _streams.Where(_ => Chance(0.4)).Select(stream => new StreamUser { StreamId = stream, UserId = user.Id })]);
        }

        await SaveAsync([.. _groups.SelectMany(group => _streams.Where(_ => Chance(0.3)).Select(stream => new GroupStream { GroupId = group, StreamId = stream }))]);
        await SaveAsync([.. Times(10, _ => new GroupAdmissionRequest { UserId = Pick(_users), GroupId = Pick(_groups), Status = "pending" })]);
        await SaveAsync([.. Times(8, index => new Invitation
        {
            SecretHash = Bytes(), RoleId = Role.FullUser, UserEmail = $"guest{index}@example.org", InvitedById = Pick(_users), GroupIds = [Pick(_groups)], AdminForGroups = [false],
            CanSaveToGroups = [true], CanSharePhotometryForGroups = [false], StreamIds = Some(_streams),
        })]);
        await SaveAsync([.. Times(8, index => new ApiToken { Name = $"token {index}", PublicId = NewGuid(), SecretHash = Bytes(), CreatedById = Pick(_users) })]);
        await SaveAsync([.. Times(3, _ => new SignInLink { SecretHash = Bytes(), UserId = Pick(_users), ExpiresAt = Night })]);
        var brokers = Times(3, index => new Broker { Name = $"broker {index}", BrokerClassname = "ALERCEBROKER", Active = Chance(0.5) });
        await SaveAsync([.. brokers]);
        await SaveAsync([.. Times(3, index => new BrokerModule { BrokerId = brokers[0].Id, Elements = "variables", Name = $"module {index}", Data = JsonSerializer.SerializeToElement(new { a = 1 }) })]);
        await SaveAsync([.. Times(2, index => new FilterRemoval { BrokerId = brokers[index].Id, RemoteId = $"remote {index}", Name = $"gone {index}", NextAttemptAt = Night })]);
        var subscription = new StreamSubscription { Name = "world", StreamId = Pick(_streams), Brokers = "127.0.0.1:1", ConsumerGroup = "world", SealedPassword = "sealed" };
        await SaveAsync(subscription);
        await SaveAsync(
            [new StreamMember { SubscriptionId = subscription.Id, Node = "world", State = StreamStates.Joining },
            new StreamPartition { SubscriptionId = subscription.Id, Topic = "world" },
            new SetAsidePacket { SubscriptionId = subscription.Id, Topic = "world", Reason = "world", FileHash = "hash", ClosedById = Pick(_users) }]);
        await SaveAsync([.. Times(12, index => new OutsideTransaction
        {
            Service = "World", Method = "GET", Address = $"http://127.0.0.1/{index}", UserId = Chance(0.8) ? Pick(_users) : null, Subject = $"OBJ{index % 3}",
        })]);
        await SaveAsync([.. Times(12, index => new OutboxEvent { Kind = "world.made", Subject = $"{index}", ActorId = Chance(0.3) ? Pick(_users) : null, GroupIds = Some(_groups), At = Night })]);
    }

    private async Task ObjectsAsync()
    {
        _objs.AddRange(Enumerable.Range(0, 16).Select(index => $"OBJ{index}"));
        await SaveAsync([.. _objs.Select(id => (Id: id, Place: new SkyPosition(random.NextDouble() * 360, (random.NextDouble() * 180) - 90))).Select(one => new Obj
        {
            Id = one.Id, Ra = one.Place.RaDegrees, Dec = one.Place.DecDegrees, Healpix = one.Place.ToHealpix29(), TnsName = $"2026{one.Id}", InternalKey = NewGuid(), GroupIds = Some(_groups), CreatedById = Chance(0.2) ? Pick(_users) : null,
        })]);
        await SaveAsync([.. _objs.SelectMany(id => _groups.Where(_ => Chance(0.2)).Select(group => new Source
        {
            ObjId = id, GroupId = group, SavedById = Pick(_users), SavedAt = Night, Active = Chance(0.8), Requested = Chance(0.2),
        }))]);
        await SaveAsync([.. _objs.SelectMany(id => _groups.Where(_ => Chance(0.15)).Select(group => new SourceLabel { ObjId = id, GroupId = group, LabellerId = Pick(_users) }))]);
        await SaveAsync([.. _objs.SelectMany(id => _users.Where(_ => Chance(0.1)).Select(user => new Listing { ObjId = id, UserId = user, ListName = "favorites" }))]);
        await SaveAsync([.. _objs.SelectMany(id => _users.Where(_ => Chance(0.1)).Select(user => new SourceView { ObjId = id, UserId = user }))]);
        await SaveAsync([.. _objs.SelectMany(id => _users.Where(_ => Chance(0.15)).Select(user => new CandidateView { ObjId = id, UserId = user, SeenAt = Night }))]);
        await SaveAsync([.. _objs.SelectMany(id => _users.Where(_ => Chance(0.15)).Select(user => new ArchiveQuery
        {
            ObjId = id, Archive = "ztf", State = Chance(0.5) ? ArchiveStates.Done : ArchiveStates.Failed, RequesterId = user, GroupIds = Some(_groups),
        }))]);
        await SaveAsync([.. _objs.Select(id => new Thumbnail { ObjId = id, Type = ThumbnailTypes.New })]);
        await SaveAsync([.. _objs.Select(id => new PhotStat { ObjId = id })]);
    }

    private async Task PassingsAsync()
    {
        var filters = Times(12, index => new Filter { Name = $"filter {index}", GroupId = Pick(_groups), StreamId = Pick(_streams) });
        await SaveAsync([.. filters]);
        await SaveAsync([.. Times(20, _ => new FilterTest { FilterId = Pick(filters).Id, RequesterId = Pick(_users), State = FilterTestStates.Done, Expression = "mag < 20" })]);
        await SaveAsync([.. filters.SelectMany(filter => Times(2, number => new FilterVersion { FilterId = filter.Id, Number = number + 1, Expression = $"mag < {number}" }))]);
        await SaveAsync([.. filters.Where(_ => Chance(0.7)).Select(filter => new FilterActions
        {
            FilterId = filter.Id, GroupIds = Some(_groups), IgnoreGroupIds = Some(_groups), SaverId = Pick(_users), SetById = Pick(_users), NotifyUserIds = [Pick(_users)],
        })]);
        await SaveAsync([.. Times(5, index => new PassingNotice { FilterId = Pick(filters).Id, ObjId = Pick(_objs) })]);
        var lists = Times(8, index => new WatchList { Name = $"list {index}", OwnerId = Pick(_users), GroupIds = Some(_groups) });
        await SaveAsync([.. lists]);
        var entries = lists.SelectMany(list => Times(3, index => new WatchEntry { WatchListId = list.Id, Ra = index, Dec = index, RadiusArcsec = 2 })).ToList();
        await SaveAsync([.. entries]);
        await SaveAsync([.. entries.SelectMany(entry => Times(2, index => new WatchMatch
        {
            WatchListId = entry.WatchListId, WatchEntryId = entry.Id, ObjId = Pick(_objs), Survey = "ZTF", AlertId = index, Night = new DateOnly(2026, 3, 1), StreamIds = Some(_streams), ToldAt = Night,
        }))]);
        var listings = await db.Set<Listing>().IgnoreQueryFilters().AsNoTracking().ToListAsync();
        await SaveAsync([.. listings.Take(10).Select(listing => new WatchMatch
        {
            ListingId = listing.Id, ObjId = Pick(_objs), Survey = "ZTF", AlertId = 1, Night = new DateOnly(2026, 3, 1), StreamIds = Some(_streams), ToldAt = Night,
        })]);
        using var recipe = JsonDocument.Parse("{}");
        await SaveAsync([.. Times(8, index => new ScoringModel
        {
            Name = $"model {index}", GroupId = Pick(_groups), StreamId = Pick(_streams), FileHash = "none", Inputs = recipe.RootElement, Outputs = recipe.RootElement, Active = false,
        })]);
        await SaveAsync([.. _objs.SelectMany(id => filters.Where(_ => Chance(0.2)).Select(filter => new Candidate { ObjId = id, FilterId = filter.Id, PassedAt = Night }))]);
        var none = JsonSerializer.SerializeToElement(new { });
        var reports = Times(8, _ => new ScanReport { AuthorId = Pick(_users), GroupIds = Some(_groups), Options = none });
        await SaveAsync([.. reports]);
        await SaveAsync([.. reports.SelectMany(report => _objs.Where(_ => Chance(0.3)).Select(id => new ScanReportItem { ObjId = id, ScanReportId = report.Id, Data = none }))]);
        var night = DateOnly.FromDateTime(Night);
        await db.Database.ExecuteSqlAsync($"create table if not exists alerts_of_world partition of alerts for values from ('2026-03-01') to ('2026-03-02')");
        await SaveAsync([.. Times(20, index => new Alert
        {
            Night = night, Survey = "ZTF", AlertId = index + 1, ObjId = Pick(_objs), Mjd = 61100, StreamIds = Some(_streams), PackHash = new string('0', 64), Framing = "container", IngestedAt = Night,
        })]);
    }

    private async Task WordsAsync()
    {
        var tree = JsonSerializer.SerializeToElement(new { @class = "Time-domain Source" });
        var taxonomies = Times(4, index => new Taxonomy { Name = $"taxonomy {index}", Version = "1", Hierarchy = tree, GroupIds = Some(_groups) });
        await SaveAsync([.. taxonomies]);
        await SaveAsync([.. Times(40, index => new Comment { ObjId = Pick(_objs), Text = $"remark {index}", Channel = Chance(0.3) ? $"channel {index % 4}" : null, AuthorId = Pick(_users), GroupIds = Some(_groups) })]);
        await SaveAsync([.. Times(40, index => new Annotation { ObjId = Pick(_objs), Origin = $"origin {index}", Data = JsonSerializer.SerializeToElement(new { @class = "Time-domain Source", abs_g = index, bp_rp = 1 }), AuthorId = Pick(_users), GroupIds = Some(_groups) })]);
        var classifications = Times(40, _ => new Classification
        {
            ObjId = Pick(_objs), ClassName = "Time-domain Source", TaxonomyId = Pick(taxonomies).Id, AuthorId = Pick(_users), AuthorName = "person", GroupIds = Some(_groups),
        });
        await SaveAsync([.. classifications]);
        await SaveAsync([.. classifications.SelectMany(row => _users.Where(_ => Chance(0.15)).Select(user => new ClassificationVote { ClassificationId = row.Id, VoterId = user, Vote = 1 }))]);
        await SaveAsync([.. Times(15, _ => new ClassificationEdit { ClassificationId = Pick(classifications).Id, EditorId = Pick(_users), EditorName = "person" })]);
    }

    private async Task MeasurementsAsync()
    {
        var telescope = new Telescope { Name = "World telescope", Nickname = "WT" };
        await SaveAsync(telescope);
        var instrument = new Instrument { Name = "World camera", Type = "imager", TelescopeId = telescope.Id };
        await SaveAsync(instrument);
        await SaveAsync(new InstrumentField { InstrumentId = instrument.Id, FieldId = 1 });
        var points = Times(60, index => new PhotometryPoint
        {
            Id = 1_000_000 + index, ObjId = Pick(_objs), InstrumentId = instrument.Id, Filter = "ztfr", Mjd = 61100 + index, Flux = 10, Fluxerr = 1, UploadId = NewGuid(), OwnerId = Pick(_users),
            GroupIds = Some(_groups), StreamIds = Chance(0.3) ? Some(_streams) : [], DedupHash = index, CreatedAt = Night, Modified = Night,
        });
        await SaveAsync([.. points]);
        var data = JsonSerializer.SerializeToElement(new { quality = 1 });
        var allocations = Times(6, _ => new Allocation { GroupId = Pick(_groups), InstrumentId = instrument.Id, HoursAllocated = 1, DefaultShareGroupIds = Some(_groups) });
        await SaveAsync([.. allocations]);
        await SaveAsync([.. allocations.Select(allocation => new AllocationUser { AllocationId = allocation.Id, UserId = Pick(_users) })]);
        var requests = Times(40, _ => new FollowupRequest { ObjId = Pick(_objs), AllocationId = Pick(allocations).Id, RequesterId = Pick(_users), Payload = data, TargetGroupIds = Some(_groups) });
        await SaveAsync([.. requests]);
        await SaveAsync([.. requests.Select(request => new FollowupWatcher { FollowupRequestId = request.Id, UserId = Pick(_users) })]);
        await SaveAsync([.. Times(30, index => new FacilityTransaction { FollowupRequestId = index % 5 == 0 ? null : Pick(requests).Id, InitiatorId = Pick(_users), Request = data, Response = data })]);
        var filters = await db.Set<Filter>().AsNoTracking().Select(filter => filter.Id).ToListAsync();
        await SaveAsync([.. filters.Where(_ => Chance(0.6)).Select(filter => new FilterFollowup { FilterId = filter, AllocationId = Pick(allocations).Id, Payload = data, Constraints = data, SetById = Pick(_users) })]);
        await SaveAsync([.. _objs.SelectMany(id => allocations.Where(_ => Chance(0.4)).Select(allocation => new AutoFollowup { FilterId = Pick(filters), ObjId = id, AllocationId = allocation.Id }))]);
        await SaveAsync([.. points.Take(40).Select(point => new PhotometryAnnotation
        {
            PhotometryId = point.Id, ObjId = point.ObjId, Origin = "world", Data = data, AuthorId = Pick(_users), GroupIds = Some(_groups),
        })]);
        await SaveAsync([.. points.Skip(20).Take(30).Select(point => new PhotometryValidation { PhotometryId = point.Id, Validated = Chance(0.5), ValidatorId = Pick(_users) })]);
        await SaveAsync([.. Times(20, index => new PhotometricSeries
        {
            ObjId = Pick(_objs), SeriesName = "sector", SeriesObjId = $"{index}", Filter = "ztfr", Filename = $"series {index}", Hash = $"{index}", FileHash = "none", InstrumentId = instrument.Id,
            OwnerId = Pick(_users), GroupIds = Some(_groups), StreamIds = Chance(0.3) ? Some(_streams) : [], NumExp = 1, MjdFirst = 61100, MjdMid = 61100, MjdLast = 61100, ExpTime = 10,
        })]);
        var spectra = Times(40, index => new Spectrum
        {
            ObjId = Pick(_objs), InstrumentId = instrument.Id, ObservedAt = Night.AddDays(index), Wavelengths = [4000, 5000], Fluxes = [1, 2], OwnerId = Pick(_users), GroupIds = Some(_groups),
        });
        await SaveAsync([.. spectra]);
        await SaveAsync([.. Times(40, index => new SpectrumComment { SpectrumId = Pick(spectra).Id, Text = $"spectral remark {index}", AuthorId = Pick(_users), GroupIds = Some(_groups) })]);
        await SaveAsync([.. Times(40, index => new SpectrumAnnotation { SpectrumId = Pick(spectra).Id, Origin = $"origin {index}", Data = data, AuthorId = Pick(_users), GroupIds = Some(_groups) })]);
    }

    private async Task TiesAsync()
    {
        var options = Times(4, index => new ObjTagOption { Name = $"tag{index}" });
        var supers = Times(6, index => new SuperObj { Name = $"super {index}", CreatedById = Chance(0.5) ? Pick(_users) : null });
        var catalog = new GalaxyCatalog { Name = "world" };
        await SaveAsync([.. options, .. supers, catalog]);
        await SaveAsync(new Galaxy { CatalogId = catalog.Id, Name = "galaxy" });
        var events = Times(8, index => new GcnEvent { SentById = Pick(_users), Dateobs = Night.AddSeconds(index), GroupIds = Some(_groups), Tags = [$"word {index}"] });
        await SaveAsync([.. events]);
        var properties = JsonSerializer.SerializeToElement(new { area_90 = 1 });
        await SaveAsync([.. Times(12, index => new Localization
        {
            SentById = Pick(_users), EventId = Pick(events).Id, Name = $"map {index}", Uniqs = [4], Probdensity = [3 / Math.PI], Properties = properties, Contour = properties, Tags = [$"map word {index}"],
        })]);
        await SaveAsync([.. _objs.SelectMany(id => options.Where(_ => Chance(0.3)).Select(option => new ObjTag { ObjId = id, ObjtagoptionId = option.Id, AuthorId = Pick(_users), GroupIds = Some(_groups) }))]);
        await SaveAsync([.. supers.SelectMany(super => _objs.Where(_ => Chance(0.15)).Select(id => new SuperObjMember { SuperObjId = super.Id, ObjId = id }))]);
        await SaveAsync([.. Times(12, index => new SourceInterest { ObjId = Pick(_objs), UserId = Pick(_users), Title = $"study {index}" })]);
        await SaveAsync([.. Times(12, _ => new SourceNotification { SourceId = Pick(_objs), SentById = Pick(_users), Level = SourceNotification.Soft, GroupIds = Some(_groups) })]);
        await SaveAsync([.. Times(20, index => new UserNotification { UserId = Pick(_users), Text = $"word {index}" })]);
        await SaveAsync(new OutgoingMail { UserId = Pick(_users), Recipient = "a@example.org", Subject = "s", Text = "t", NextAttempt = Night });
        var spectra = await db.Set<Spectrum>().AsNoTracking().ToListAsync();
        await SaveAsync([.. Times(30, index => Chance(0.5) ? Pick(spectra) : null).Select((spectrum, index) => new Reminder
        {
            ObjId = spectrum?.ObjId ?? Pick(_objs), SpectrumId = spectrum?.Id, Text = $"reminder {index}", NextReminder = Night.AddYears(100), ReminderDelay = 1, NumberOfReminders = 1, UserId = Pick(_users), GroupIds = Some(_groups),
        })]);
    }

    private async Task SaveAsync(params object[] rows)
    {
        db.AddRange(rows);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }

    private List<T> Times<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];

    private bool Chance(double probability) => random.NextDouble() < probability;

    private T Pick<T>(List<T> items) => items[random.Next(items.Count)];

    private int[] Some(List<int> items) => [.. items.Where(_ => Chance(0.2))];

    private byte[] Bytes()
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }

    private Guid NewGuid() => new(Bytes().AsSpan(0, 16));
}
