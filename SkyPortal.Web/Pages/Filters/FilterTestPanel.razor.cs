using Microsoft.AspNetCore.Components;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Filters;

/// <summary>Tries the filter on archived alerts, and shows what came out. Which test is shown stands in the address.</summary>
public sealed partial class FilterTestPanel
{
    private IReadOnlyList<FilterTestRecord> _tests = [];
    private FilterTestRecord? _shown;
    private DateOnly? _newest;
    private DateOnly _first;
    private DateOnly _last;
    private string _what = "";
    private (bool IsChanged, int? Version, int? Active)? _written;
    private string _other = "";
    private string? _refused;
    private bool _isRead;
    private bool _isAsking;

    [Parameter, EditorRequired]
    public FilterRecord Filter { get; set; } = default!;

    [Parameter, EditorRequired]
    public IReadOnlyList<FilterVersionRecord> Versions { get; set; } = [];

    /// <summary>What is written and perhaps not saved.</summary>
    [Parameter, EditorRequired]
    public FilterDraft Draft { get; set; } = new();

    [Parameter]
    public bool MayTest { get; set; }

    /// <summary>The test of the address. The page hands it on: a part that appears with a new address must not ask for parts of it by itself.</summary>
    [Parameter]
    public string? TestWish { get; set; }

    [Inject]
    private StartFilterTest Start { get; set; } = default!;

    [Inject]
    private ListFilterTests List { get; set; } = default!;

    [Inject]
    private GetFilterTest Get { get; set; } = default!;

    [Inject]
    private CancelFilterTest Cancel { get; set; } = default!;

    [Inject]
    private TrialArchive Archive { get; set; } = default!;

    [Inject]
    private ToastService Toast { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        OnUpdate(note => note.Kind.StartsWith("filter_test.", StringComparison.Ordinal) && note.Subject == $"{Filter.Id}", ReadAsync);
        _newest = (await Archive.NewestNightAsync(Viewer, Filter.StreamId, Gone)).Night;
        _last = _newest ?? DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
        _first = _last.AddDays(-6);
    }

    protected override Task OnParametersSetAsync()
    {
        // What is written and what is active change on the other tabs.
        var written = (Draft.IsChanged, Draft.Version, Versions.FirstOrDefault(version => version.IsActive)?.Number);
        if (written != _written)
        {
            (_written, _what) = (written, Draft.IsChanged || Draft.Version is null ? "draft" : $"{Draft.Version}");
        }

        return ReadAsync();
    }

    private static string Name(FilterTestRecord test) => test.Version is { } version ? $"version {version}" : "unsaved text";

    private async Task ReadAsync()
    {
        _tests = await List.HandleAsync(Viewer, Filter.Id, Gone);
        var wanted = long.TryParse(TestWish, out var id) && _tests.Any(test => test.Id == id) ? id : _tests.FirstOrDefault()?.Id;
        _shown = wanted is { } test ? await Get.HandleAsync(Viewer, Filter.Id, test, Gone) : null;
        _isRead = true;
    }

    private async Task StartAsync()
    {
        (_refused, _isAsking) = (null, true);
        try
        {
            var id = await Start.HandleAsync(
                Viewer,
                Filter.Id,
                new NewFilterTest(_first, _last)
                {
                    Expression = _what == "draft" ? Draft.Expression : null,
                    Version = int.TryParse(_what, out var version) ? version : null,
                    OtherVersion = int.TryParse(_other, out var other) ? other : null,
                },
                Gone);
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("test", id));
        }
        catch (Refusal refusal)
        {
            _refused = refusal.Message;
        }
        finally
        {
            _isAsking = false;
        }
    }

    private Task CancelAsync() => Toast.TryAsync(() => Cancel.HandleAsync(Viewer, Filter.Id, _shown!.Id, Gone), "The test is cancelled.");
}
