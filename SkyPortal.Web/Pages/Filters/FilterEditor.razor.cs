using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates.Building;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Pages.Filters;

/// <summary>Conditions and text of a filter side by side; what is changed on one side shows on the other.</summary>
public sealed partial class FilterEditor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private IReadOnlyList<FilterQuantity> _quantities = [];
    private IReadOnlyList<FilterFault> _faults = [];
    private FilterDraft? _shown;
    private int _version;
    private bool _checked;
    private bool _wasSubmitted;
    private bool _isSaving;
    private bool _showsFields;
    private bool _activates;
    private bool _passesTooMuch;
    private string? _refused;
    private string? _note;
    private string? _override;

    [CascadingParameter]
    public Viewer Viewer { get; set; } = Viewer.Nobody;

    [Parameter, EditorRequired]
    public FilterDraft Draft { get; set; } = new();

    [Parameter, EditorRequired]
    public GroupDetail Group { get; set; } = default!;

    /// <summary>The filter; null for a new one.</summary>
    [Parameter]
    public FilterRecord? Filter { get; set; }

    /// <summary>Streams of the group that the viewer has.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<StreamRow> Streams { get; set; } = [];

    /// <summary>Whether the viewer may save versions.</summary>
    [Parameter]
    public bool MayWrite { get; set; }

    /// <summary>Whether the viewer may make a version the active one.</summary>
    [Parameter]
    public bool MayActivate { get; set; }

    /// <summary>Told the filter's id when something was saved.</summary>
    [Parameter]
    public EventCallback<int> Saved { get; set; }

    private string? NameFault => _wasSubmitted && Draft.Name.Trim().Length == 0 ? "Give the filter a name." : null;

    private bool IsChanged => Draft.IsChanged || (Filter is not null && Draft.Name.Trim() != Filter.Name);

    protected override async Task OnParametersSetAsync()
    {
        if (Draft != _shown)
        {
            _shown = Draft;
            await ReadQuantitiesAsync();
        }
    }

    private async Task ReadQuantitiesAsync()
    {
        _quantities = Draft.StreamId == 0 ? [] : await Fields.QuantitiesAsync(Viewer, Draft.StreamId, CancellationToken.None);
        await CheckAsync();
    }

    private IReadOnlyList<FilterFault> FaultsOf(AnnotationDraft? row) => [.. _faults.Where(fault => fault.Annotation == row?.Key.Trim())];

    private Task TreeChangedAsync()
    {
        Draft.WriteTree();
        return CheckSoonAsync();
    }

    private Task WriteAsync(string text)
    {
        Draft.WriteText(text);
        return CheckSoonAsync();
    }

    private async Task CheckSoonAsync()
    {
        var mine = ++_version;
        (_refused, _passesTooMuch) = (null, false);
        StateHasChanged();
        await Task.Delay(Pause, Clock);
        if (mine == _version)
        {
            await CheckAsync();
            StateHasChanged();
        }
    }

    private async Task CheckAsync()
    {
        var mine = ++_version;
        var rows = Draft.Written.Where(row => Draft.FaultOfKey(row) is null).ToDictionary(row => row.Key.Trim(), row => row.Expression, StringComparer.Ordinal);
        var isBlank = Draft.Expression.Trim().Length == 0;
        try
        {
            // Values are checked beside any condition; a blank one is no error while nothing is to be noted.
            var faults = (isBlank && rows.Count == 0) || Draft.StreamId == 0 ? [] : await Check.HandleAsync(Viewer, Draft.StreamId, isBlank ? "true" : Draft.Expression, rows, CancellationToken.None);
            if (mine == _version)
            {
                (_faults, _checked) = (isBlank && rows.Count > 0 ? [new FilterFault(null, "The values need an expression.", 0, 0, 1, 1), .. faults] : faults, true);
            }
        }
        catch (Refusal refusal)
        {
            _refused = refusal.Message;
        }
    }

    private Task OnKeyAsync(KeyboardEventArgs key) =>
        MayWrite && key is { Key: "Enter", CtrlKey: true } or { Key: "Enter", MetaKey: true } ? SaveAsync() : Task.CompletedTask;

    private async Task SaveAsync()
    {
        if (_isSaving)
        {
            return;
        }

        (_wasSubmitted, _refused, _isSaving) = (true, null, true);
        try
        {
            await CheckAsync();
            if (NameFault is not null || _faults.Count > 0 || Draft.Annotations.Any(row => Draft.FaultOfKey(row) is not null))
            {
                _refused = "Not saved yet: mend what is marked above.";
                return;
            }

            await StoreAsync();
        }
        catch (Refusal refusal)
        {
            (_refused, _passesTooMuch) = (refusal.Message, refusal.Kind == RefusalKind.Conflict);
        }
        finally
        {
            _isSaving = false;
        }
    }

    private async Task StoreAsync()
    {
        var annotations = Draft.ToAnnotations();
        var expression = Draft.Expression.Trim().Length == 0 ? null : Draft.Expression;
        if (Filter is not { } filter)
        {
            var id = await Create.HandleAsync(
                Viewer, new NewFilter(Draft.Name, Draft.StreamId, Group.Id) { Expression = expression, Annotations = annotations, Active = _activates, Override = _override }, CancellationToken.None);
            Toast.Done($"The filter {Draft.Name} is made.");
            await Saved.InvokeAsync(id);
            return;
        }

        if (MayActivate && Draft.Name.Trim() != filter.Name)
        {
            await Change.HandleAsync(Viewer, filter.Id, new FilterChanges { Name = Draft.Name }, CancellationToken.None);
        }

        if (expression is null)
        {
            await Change.HandleAsync(Viewer, filter.Id, new FilterChanges { SetsExpression = true, SetsAnnotations = true, Note = _note }, CancellationToken.None);
            Toast.Done($"{Draft.Name} has no conditions any more; programs may post its candidates.");
        }
        else if (Draft.IsChanged || _activates)
        {
            var number = await Save.HandleAsync(viewer: Viewer, filter.Id, new NewFilterVersion(expression, annotations, _note, _activates, _override), CancellationToken.None);
            Toast.Done($"Version {number} of {Draft.Name} is saved{(_activates ? " and active" : "")}.");
        }

        Draft.Saved();
        (_note, _override, _activates, _passesTooMuch) = (null, null, false, false);
        await Saved.InvokeAsync(filter.Id);
    }
}
