using Microsoft.AspNetCore.Components;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Filters;

/// <summary>One filter: its conditions, versions and tests. Everybody of the group sees it; who may upload data writes, administrators of the group switch it.</summary>
public sealed partial class FilterPage
{
    private FilterRecord? _filter;
    private GroupDetail? _group;
    private FilterDraft? _draft;
    private IReadOnlyList<FilterVersionRecord> _versions = [];
    private IReadOnlyList<(int Id, string Name)> _choices = [];
    private (int? Filter, int? Group, int? Version) _shown;
    private bool _isRead;
    private int _switchings;
    private string? _refusedSwitch;
    private string? _switchNote;

    [Inject]
    private GetFilter Get { get; set; } = default!;

    [Inject]
    private GetGroup Group { get; set; } = default!;

    [Inject]
    private ListGroups Groups { get; set; } = default!;

    [Inject]
    private ListFilterVersions ListVersions { get; set; } = default!;

    [Inject]
    private ChangeFilter Change { get; set; } = default!;

    [Inject]
    private ToastService Toast { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Parameter]
    public int? FilterId { get; set; }

    /// <summary>Its broker, in the address by which a broker's page names it.</summary>
    [Parameter]
    public int? BrokerId { get; set; }

    /// <summary>Group of a new filter.</summary>
    [SupplyParameterFromQuery(Name = "group")]
    public string? GroupWish { get; set; }

    /// <summary>Which part is shown: versions, test or actions; the conditions where it is none of these.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    [SupplyParameterFromQuery(Name = "test")]
    public string? Test { get; set; }

    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    /// <summary>Version whose conditions are opened; the active one where there is none.</summary>
    [SupplyParameterFromQuery(Name = "version")]
    public string? VersionWish { get; set; }

    private IReadOnlyList<StreamRow> Streams => [.. _group!.Streams.Where(stream => Viewer.SeesAll || Viewer.StreamIds.Contains(stream.Id))];

    private string StreamName => _group!.Streams.FirstOrDefault(stream => stream.Id == _filter!.StreamId)?.Name ?? $"stream {_filter!.StreamId}";

    // The verbs decide; these only spare people buttons that would refuse them.
    private bool MayWrite => Viewer.Has(Acl.UploadData) && (Viewer.SeesAll || Viewer.GroupIds.Contains(_group!.Id));

    private bool MayChange => Viewer.Has(Acl.UploadData) && (Viewer.Has(Acl.ManageGroups) || Viewer.AdminGroupIds.Contains(_group!.Id));

    protected override void OnInitialized() => OnUpdate(
        note => note.Kind.StartsWith("filter.", StringComparison.Ordinal) && note.Subject == $"{FilterId}", ReadFilterAsync);

    protected override async Task OnParametersSetAsync()
    {
        var version = int.TryParse(VersionWish, out var number) ? number : (int?)null;
        var groupId = int.TryParse(GroupWish, out var wish) ? wish : (int?)null;
        if (_isRead && _shown == (FilterId, groupId, version))
        {
            return;
        }

        if (FilterId is not null)
        {
            await ReadFilterAsync();
            _group = await FindGroupAsync(_filter!.GroupId);
            var opened = version is null || _filter is { BrokerId: not null, Expression: null } ? null : _versions.FirstOrDefault(row => row.Number == version)
                ?? throw Refusal.NotFound($"The filter has no version {version}.");
            _draft = FilterDraft.Of(_filter, opened);
        }
        else if (groupId is { } id)
        {
            _group = await FindGroupAsync(id);
            _draft = new FilterDraft { StreamId = Streams.Count > 0 ? Streams[0].Id : 0 };
        }
        else
        {
            var lists = await Groups.HandleAsync(Viewer, includeSingleUserGroups: false, Gone);
            (_group, _choices) = (null, [.. lists.UserAccessibleGroups.Where(group => Viewer.Has(Acl.UploadData)).Select(group => (group.Id, group.Name)).Take(50)]);
        }

        (_shown, _isRead) = ((FilterId, groupId, version), true);
    }

    private async Task ReadFilterAsync()
    {
        if (FilterId is not { } id)
        {
            return;
        }

        try
        {
            _filter = await Get.HandleAsync(Viewer, id, Gone);
        }
        catch (Refusal)
        {
            throw Refusal.NotFound("There is no such filter, or it belongs to a group or a stream that is not yours.");
        }

        _versions = await ListVersions.HandleAsync(Viewer, id, Gone);
    }

    private async Task<GroupDetail> FindGroupAsync(int id)
    {
        try
        {
            return await Group.HandleAsync(Viewer, id, includeUsers: false, Gone);
        }
        catch (Refusal)
        {
            throw Refusal.NotFound("There is no such group, or it is private and you are not in it.");
        }
    }

    private string? Mark(string tab) => (Tab ?? "") == tab || (tab.Length == 0 && Tab is not ("versions" or "test" or "actions")) ? "active" : null;

    private string Here(string tab) => Navigation.GetUriWithQueryParameter("tab", tab.Length == 0 ? null : tab);

    private async Task SavedAsync(int filterId)
    {
        if (FilterId is null)
        {
            Navigation.NavigateTo($"/filter/{filterId}");
            return;
        }

        await ReadFilterAsync();
    }

    private async Task SwitchAsync(bool on)
    {
        async Task Write(bool active)
        {
            try
            {
                await Change.HandleAsync(Viewer, _filter!.Id, new FilterChanges { Active = active }, Gone);
            }
            catch (Refusal refusal) when (refusal.Kind == RefusalKind.Conflict && Viewer.Has(Acl.ManageGroups))
            {
                // Who may say why it is to be on all the same is asked for it.
                _refusedSwitch = refusal.Message;
                throw;
            }

            await ReadFilterAsync();
        }

        (_refusedSwitch, _switchNote) = (null, null);

        await Toast.TryAsync(() => Write(on), $"{_filter!.Name} is {(on ? "on: new alerts are tried against it" : "off")}.", () => Write(!on));
        await ReadFilterAsync();
        // The browser has moved the switch already: another one shows what is so.
        _switchings++;
    }

    private async Task SwitchAnywayAsync()
    {
        if (await Toast.TryAsync(() => Change.HandleAsync(Viewer, _filter!.Id, new FilterChanges { Active = true, Override = _switchNote }, Gone), $"{_filter!.Name} is on: new alerts are tried against it."))
        {
            _refusedSwitch = null;
        }

        await ReadFilterAsync();
        _switchings++;
    }
}
