using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Alerts.Watches;
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

namespace SkyPortal.Web.Tests.Access;

/// <summary>
/// Who may see what, said a second time over plain lists and without the engine. Whoever adds an entity adds its rule here, from
/// what people were promised and not from the policy.
/// </summary>
internal sealed class Oracle(World world)
{
    private readonly Dictionary<string, Obj> _objs = world.All<Obj>().ToDictionary(obj => obj.Id);
    private readonly Dictionary<int, Group> _groups = world.All<Group>().ToDictionary(group => group.Id);
    private readonly Dictionary<int, Filter> _filters = world.All<Filter>().ToDictionary(filter => filter.Id);
    private readonly Dictionary<int, Allocation> _allocations = world.All<Allocation>().ToDictionary(allocation => allocation.Id);
    private readonly Dictionary<int, FollowupRequest> _requests = world.All<FollowupRequest>().ToDictionary(request => request.Id);
    private readonly Dictionary<int, GcnEvent> _events = world.All<GcnEvent>().ToDictionary(row => row.Id);
    private readonly Dictionary<int, WatchList> _watchLists = world.All<WatchList>().ToDictionary(list => list.Id);
    private readonly Dictionary<long, Listing> _listings = world.All<Listing>().ToDictionary(listing => listing.Id);
    private readonly Dictionary<int, ScanReport> _reports = world.All<ScanReport>().ToDictionary(report => report.Id);
    private readonly Dictionary<int, Taxonomy> _taxonomies = world.All<Taxonomy>().ToDictionary(taxonomy => taxonomy.Id);
    private readonly Dictionary<long, Classification> _classifications = world.All<Classification>().ToDictionary(row => row.Id);
    private readonly Dictionary<long, PhotometryPoint> _points = world.All<PhotometryPoint>().ToDictionary(point => point.Id);
    private readonly Dictionary<long, Spectrum> _spectra = world.All<Spectrum>().ToDictionary(spectrum => spectrum.Id);
    private readonly ILookup<int, string> _superObjs = world.All<SuperObjMember>().ToLookup(member => member.SuperObjId, member => member.ObjId);
    private readonly ILookup<int, int> _groupsOf = world.All<GroupUser>().ToLookup(member => member.UserId, member => member.GroupId);

    /// <summary>Whether the oracle has a rule for an entity.</summary>
    public static bool Knows(Type type) => Rules.ContainsKey(type);

    /// <summary>Whether a person may see a row.</summary>
    public bool Sees(Person person, object row) => person.SeesAll || Rules[row.GetType()](this, person, row);

    private static readonly Dictionary<Type, Func<Oracle, Person, object, bool>> Rules = new()
    {
        [typeof(User)] = (_, _, _) => true,
        [typeof(Telescope)] = (_, _, _) => true,
        [typeof(Instrument)] = (_, _, _) => true,
        [typeof(InstrumentField)] = (_, _, _) => true,
        [typeof(Allocation)] = Rule<Allocation>((_, person, allocation) => person.Groups.Contains(allocation.GroupId)),
        [typeof(AllocationUser)] = Rule<AllocationUser>((oracle, person, row) => person.Groups.Contains(oracle._allocations[row.AllocationId].GroupId)),
        [typeof(FollowupRequest)] = Rule<FollowupRequest>((oracle, person, request) => oracle.SeesObj(person, request.ObjId) && person.Groups.Contains(oracle._allocations[request.AllocationId].GroupId)),
        [typeof(FollowupWatcher)] = Rule<FollowupWatcher>((oracle, person, row) => oracle.Sees(person, oracle._requests[row.FollowupRequestId])),
        [typeof(FacilityTransaction)] = Rule<FacilityTransaction>((oracle, person, row) => row.FollowupRequestId is { } request && oracle.Sees(person, oracle._requests[request])),
        [typeof(FilterFollowup)] = Rule<FilterFollowup>((oracle, person, row) => oracle.Sees(person, oracle._filters[row.FilterId]) && oracle.Sees(person, oracle._allocations[row.AllocationId])),
        [typeof(AutoFollowup)] = Rule<AutoFollowup>((oracle, person, row) =>
            oracle.Sees(person, oracle._filters[row.FilterId]) && oracle.SeesObj(person, row.ObjId) && oracle.Sees(person, oracle._allocations[row.AllocationId])),
        [typeof(SignInLink)] = (_, _, _) => false,
        [typeof(DataProtectionKey)] = (_, _, _) => false,
        [typeof(ApiToken)] = Rule<ApiToken>((_, person, token) => token.CreatedById == person.Id),
        [typeof(Invitation)] = Rule<Invitation>((_, person, invitation) => invitation.InvitedById == person.Id),
        [typeof(Group)] = Rule<Group>((_, person, group) => !group.Private || person.Groups.Contains(group.Id)),
        [typeof(GroupUser)] = Rule<GroupUser>((oracle, person, member) => oracle.Sees(person, oracle._groups[member.GroupId])),
        [typeof(GroupStream)] = Rule<GroupStream>((oracle, person, use) => oracle.Sees(person, oracle._groups[use.GroupId])),
        [typeof(AlertStream)] = Rule<AlertStream>((_, person, stream) => stream.AutoJoin || person.Streams.Contains(stream.Id)),
        [typeof(StreamUser)] = Rule<StreamUser>((_, person, right) => right.UserId == person.Id),
        [typeof(GroupAdmissionRequest)] = Rule<GroupAdmissionRequest>((_, person, request) => request.UserId == person.Id || person.AdminGroups.Contains(request.GroupId)),
        [typeof(OutboxEvent)] = Rule<OutboxEvent>((_, person, item) => item.ActorId == person.Id || person.Groups.Overlaps(item.GroupIds)),
        [typeof(OutsideTransaction)] = Rule<OutsideTransaction>((_, person, call) => call.UserId == person.Id),
        [typeof(Broker)] = (_, _, _) => true,
        [typeof(BrokerModule)] = (_, _, _) => true,
        [typeof(FilterRemoval)] = (_, _, _) => false,
        [typeof(ArchiveQuery)] = Rule<ArchiveQuery>((oracle, person, query) => oracle.SeesObj(person, query.ObjId) && (query.RequesterId == person.Id || person.Groups.Overlaps(query.GroupIds))),
        [typeof(Obj)] = Rule<Obj>((_, person, obj) => obj.CreatedById == person.Id || person.Groups.Overlaps(obj.GroupIds)),
        [typeof(Source)] = Rule<Source>((_, person, source) => person.Groups.Contains(source.GroupId)),
        [typeof(SourceLabel)] = Rule<SourceLabel>((oracle, person, label) => person.Groups.Contains(label.GroupId) && oracle.SeesObj(person, label.ObjId)),
        [typeof(Listing)] = Rule<Listing>((_, person, listing) => listing.UserId == person.Id),
        [typeof(SourceView)] = Rule<SourceView>((oracle, person, view) => oracle.SeesObj(person, view.ObjId)),
        [typeof(Thumbnail)] = Rule<Thumbnail>((oracle, person, thumbnail) => oracle.SeesObj(person, thumbnail.ObjId)),
        [typeof(PhotStat)] = Rule<PhotStat>((oracle, person, stat) => oracle.SeesObj(person, stat.ObjId)),
        [typeof(PhotometryPoint)] = Rule<PhotometryPoint>((oracle, person, point) => oracle.SeesObj(person, point.ObjId)
            && (point.OwnerId == person.Id || person.Groups.Overlaps(point.GroupIds) || person.Streams.Overlaps(point.StreamIds))),
        [typeof(PhotometricSeries)] = Rule<PhotometricSeries>((oracle, person, series) => oracle.SeesObj(person, series.ObjId)
            && (series.OwnerId == person.Id || person.Groups.Overlaps(series.GroupIds) || person.Streams.Overlaps(series.StreamIds))),
        [typeof(Spectrum)] = Rule<Spectrum>((oracle, person, spectrum) => oracle.SeesObj(person, spectrum.ObjId)
            && (spectrum.OwnerId == person.Id || person.Groups.Overlaps(spectrum.GroupIds))),
        [typeof(StreamSubscription)] = (_, _, _) => false,
        [typeof(StreamMember)] = (_, _, _) => false,
        [typeof(StreamPartition)] = (_, _, _) => false,
        [typeof(SetAsidePacket)] = (_, _, _) => false,
        [typeof(Alert)] = Rule<Alert>((_, person, alert) => person.Streams.Overlaps(alert.StreamIds)),
        [typeof(WatchList)] = Rule<WatchList>((_, person, list) => list.OwnerId == person.Id || person.Groups.Overlaps(list.GroupIds)),
        [typeof(WatchEntry)] = Rule<WatchEntry>((oracle, person, entry) => oracle.Sees(person, oracle._watchLists[entry.WatchListId])),
        [typeof(WatchMatch)] = Rule<WatchMatch>((oracle, person, match) => person.Streams.Overlaps(match.StreamIds)
            && (match.WatchListId is { } list ? oracle.Sees(person, oracle._watchLists[list]) : oracle.Sees(person, oracle._listings[match.ListingId!.Value]))),
        [typeof(ScoringModel)] = Rule<ScoringModel>((_, person, model) => person.Groups.Contains(model.GroupId) && person.Streams.Contains(model.StreamId)),
        [typeof(Filter)] = Rule<Filter>((_, person, filter) => person.Groups.Contains(filter.GroupId) && person.Streams.Contains(filter.StreamId)),
        [typeof(FilterTest)] = Rule<FilterTest>((oracle, person, test) => test.RequesterId == person.Id && oracle.Sees(person, oracle._filters[test.FilterId])),
        [typeof(FilterActions)] = Rule<FilterActions>((oracle, person, actions) => oracle.Sees(person, oracle._filters[actions.FilterId])),
        [typeof(PassingNotice)] = (_, _, _) => false,
        [typeof(FilterVersion)] = Rule<FilterVersion>((oracle, person, version) => oracle.Sees(person, oracle._filters[version.FilterId])),
        [typeof(Candidate)] = Rule<Candidate>((oracle, person, candidate) => oracle.Sees(person, oracle._filters[candidate.FilterId]) && oracle.SeesObj(person, candidate.ObjId)),
        [typeof(CandidateView)] = Rule<CandidateView>((oracle, person, view) =>
            view.UserId == person.Id
            || (oracle.SeesObj(person, view.ObjId) && oracle._groupsOf[view.UserId].Any(group => person.Groups.Contains(group) && !oracle._groups[group].Sitewide))),
        [typeof(ScanReport)] = Rule<ScanReport>((_, person, report) => person.Groups.Overlaps(report.GroupIds)),
        [typeof(ScanReportItem)] = Rule<ScanReportItem>((oracle, person, item) => oracle.Sees(person, oracle._reports[item.ScanReportId]) && oracle.SeesObj(person, item.ObjId)),
        [typeof(Comment)] = Rule<Comment>((oracle, person, comment) => person.Groups.Overlaps(comment.GroupIds) && oracle.SeesObj(person, comment.ObjId)),
        [typeof(SpectrumComment)] = Rule<SpectrumComment>((oracle, person, comment) => person.Groups.Overlaps(comment.GroupIds) && oracle.SeesSpectrum(person, comment.SpectrumId)),
        [typeof(SpectrumAnnotation)] = Rule<SpectrumAnnotation>((oracle, person, annotation) => person.Groups.Overlaps(annotation.GroupIds) && oracle.SeesSpectrum(person, annotation.SpectrumId)),
        [typeof(Annotation)] = Rule<Annotation>((oracle, person, annotation) => person.Groups.Overlaps(annotation.GroupIds) && oracle.SeesObj(person, annotation.ObjId)),
        [typeof(PhotometryAnnotation)] = Rule<PhotometryAnnotation>((oracle, person, annotation) =>
            person.Groups.Overlaps(annotation.GroupIds) && oracle.SeesObj(person, annotation.ObjId) && oracle.Sees(person, oracle._points[annotation.PhotometryId])),
        [typeof(PhotometryValidation)] = Rule<PhotometryValidation>((oracle, person, row) => oracle.Sees(person, oracle._points[row.PhotometryId])),
        [typeof(Taxonomy)] = Rule<Taxonomy>((_, person, taxonomy) => person.Groups.Overlaps(taxonomy.GroupIds)),
        [typeof(Classification)] = Rule<Classification>((oracle, person, row) =>
            person.Groups.Overlaps(row.GroupIds) && oracle.SeesObj(person, row.ObjId) && oracle.Sees(person, oracle._taxonomies[row.TaxonomyId])),
        [typeof(ClassificationVote)] = Rule<ClassificationVote>((oracle, person, vote) => oracle.Sees(person, oracle._classifications[vote.ClassificationId])),
        [typeof(ObjTagOption)] = (_, _, _) => true,
        [typeof(GcnEvent)] = Rule<GcnEvent>((_, person, known) => person.Groups.Overlaps(known.GroupIds)),
        [typeof(Localization)] = Rule<Localization>((oracle, person, map) => oracle.Sees(person, oracle._events[map.EventId])),
        [typeof(GalaxyCatalog)] = (_, _, _) => true,
        [typeof(Galaxy)] = (_, _, _) => true,
        [typeof(OutgoingMail)] = (_, _, _) => false,
        [typeof(UserNotification)] = Rule<UserNotification>((_, person, row) => row.UserId == person.Id),
        [typeof(ObjTag)] = Rule<ObjTag>((oracle, person, tag) => person.Groups.Overlaps(tag.GroupIds) && oracle.SeesObj(person, tag.ObjId)),
        [typeof(SuperObj)] = Rule<SuperObj>((oracle, person, super) => super.CreatedById == person.Id || oracle._superObjs[super.Id].Any(id => oracle.SeesObj(person, id))),
        [typeof(SuperObjMember)] = Rule<SuperObjMember>((oracle, person, member) => oracle.SeesObj(person, member.ObjId)),
        [typeof(SourceInterest)] = Rule<SourceInterest>((oracle, person, interest) => oracle.SeesObj(person, interest.ObjId)),
        [typeof(SourceNotification)] = Rule<SourceNotification>((oracle, person, row) =>
            row.SentById == person.Id || (person.Groups.Overlaps(row.GroupIds) && oracle.SeesObj(person, row.SourceId))),
        [typeof(Reminder)] = Rule<Reminder>((oracle, person, row) => person.Groups.Overlaps(row.GroupIds) && oracle.SeesObj(person, row.ObjId)
            && (row.SpectrumId is not { } spectrum || oracle.Sees(person, oracle._spectra[spectrum]))),
        [typeof(ClassificationEdit)] = Rule<ClassificationEdit>((oracle, person, edit) => oracle.Sees(person, oracle._classifications[edit.ClassificationId])),
    };

    private bool SeesSpectrum(Person person, long spectrumId) => Sees(person, _spectra[spectrumId]);

    private bool SeesObj(Person person, string objId) => Sees(person, _objs[objId]);

    private static Func<Oracle, Person, object, bool> Rule<T>(Func<Oracle, Person, T, bool> rule) => (oracle, person, row) => rule(oracle, person, (T)row);
}
