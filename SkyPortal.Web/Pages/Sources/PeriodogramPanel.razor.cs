using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.JSInterop;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Components.Plots;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>Looks for periods of a light curve and folds it by those that are chosen.</summary>
public sealed partial class PeriodogramPanel : IAsyncDisposable
{
    private static readonly (string Name, double Times)[] Multipliers = [("½", 0.5), ("1", 1), ("2", 2), ("3", 3)];

    private const string RangeKey = "period";
    private const string WithoutKey = "periodWithout";
    private const int MostRangeText = 40;
    private const int MostWithout = 500;
    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<string> _without = [];
    private readonly HashSet<int> _withoutInstruments = [];
    private ElementReference _plot;
    private DotNetObjectReference<PeriodogramPanel>? _self;
    private IJSObjectReference? _module;
    private List<string> _bands = [];
    private List<(int Id, string Name)> _instruments = [];
    private PeriodogramRecord? _found;
    private (PeriodogramRecord? Found, double? Folded) _drawn;
    private string? _objId;
    private string? _from;
    private string? _to;
    private string? _problem;
    private double? _folded;
    private bool _isBusy;
    private bool _isGone;

    [Parameter, EditorRequired]
    public required SourceModel Model { get; set; }

    /// <summary>Raised when a period was saved.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [CascadingParameter]
    private Viewer Viewer { get; set; } = Viewer.Nobody;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ReadPeriodogram Read { get; set; } = default!;

    [Inject]
    private PostAnnotation Post { get; set; } = default!;

    [Inject]
    private EditAnnotation Edit { get; set; } = default!;

    [Inject]
    private DeleteAnnotation Delete { get; set; } = default!;

    [Inject]
    private ChosenPeriod Chosen { get; set; } = default!;

    [Inject]
    private ToastService Toasts { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private double? Annotated => ChosenPeriod.Annotated(Model.Annotations);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Chance(double probability) => probability switch
    {
        < 1e-99 => "< 1e-99",
        < 0.001 => Text(probability, "0.0e0"),
        _ => Text(probability, "0.000"),
    };

    /// <inheritdoc/>
    protected override void OnInitialized() => Chosen.Chosen += FoldedElsewhere;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_objId != Model.Obj.Id)
        {
            (_objId, _found, _problem, _folded) = (Model.Obj.Id, null, null, null);
            _without.Clear();
            _withoutInstruments.Clear();
            ReadAddress();
        }

        var measured = Model.Photometry.Points.Where(point => point.Flux is not null).ToList();
        _bands = [.. measured.Select(point => point.Filter).Distinct().OrderBy(name => Marks.Of(name).EffectiveWavelengthAngstrom).ThenBy(name => name, StringComparer.Ordinal)];
        _instruments = [.. measured.Select(point => (point.InstrumentId, point.InstrumentName)).Distinct().OrderBy(item => item.InstrumentName, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_found is not { Power.Count: > 0 } || (ReferenceEquals(_drawn.Found, _found) && _drawn.Folded == _folded))
        {
            return;
        }

        _drawn = (_found, _folded);
        try
        {
            _self ??= DotNetObjectReference.Create(this);
            _module ??= await Js.InvokeAsync<IJSObjectReference>("import", "/" + Assets["js/periodogram.js"]);
            await _module.InvokeVoidAsync("draw", _plot, "/" + Assets["lib/plotly/plotly.min.js"], new
            {
                periods = _found.FrequencyPerDay.Select(frequency => 1 / frequency),
                power = _found.Power,
                peaks = _found.Peaks.Select(peak => new { period = peak.PeriodDays, power = peak.Power, alias = Alias(peak) }),
                levels = _found.FalseAlarmLevels,
                folded = _folded,
            }, _self);
        }
        catch (Exception error) when (_isGone && error is JSException or JSDisconnectedException or ObjectDisposedException)
        {
            // Left while it was drawn.
        }
    }

    /// <summary>A period in days was clicked in the plot; near a peak the peak is meant.</summary>
    [JSInvokable]
    public Task PeriodPickedAsync(double periodDays)
    {
        Fold(periodDays);
        StateHasChanged();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isGone = true;
        Chosen.Chosen -= FoldedElsewhere;
        await _closed.CancelAsync();
        try
        {
            if (_module is not null)
            {
                await _module.InvokeVoidAsync("remove", _plot);
                await _module.DisposeAsync();
            }
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException)
        {
            // The page is closed, and the plot with it.
        }

        _self?.Dispose();
        _closed.Dispose();
    }

    // A period that repeats with the day or the year is suspect by itself, not only as an alias of the highest peak.
    private static string? Alias(PeakRecord peak)
    {
        if (peak.AliasOfBestDays is { } of)
        {
            return $"of the first, by {Sampling(of)}";
        }

        var near = Domain.Astronomy.PeriodogramPeaks.SamplingPeriodsDays.FirstOrDefault(days => Math.Abs((peak.PeriodDays / days) - 1) < 0.005);
        return near > 0 ? $"{Sampling(near)} itself" : null;
    }

    private static string Sampling(double days) => days switch
    {
        1 => "the day",
        0.5 => "half a day",
        > 300 => "the year",
        _ => "half a year",
    };

    private bool IsAt(double periodDays) => _folded is { } folded && Math.Abs((folded / periodDays) - 1) < 1e-9;

    private bool IsFolded(double periodDays) => Multipliers.Any(multiplier => IsAt(periodDays * multiplier.Times));

    private void FoldedElsewhere(string objId, double periodDays)
    {
        if (objId == Model.Obj.Id)
        {
            _folded = periodDays;
        }
    }

    private void Fold(double periodDays) => Chosen.Choose(Model.Obj.Id, periodDays);

    // What was searched for last; a link with it fills the form, and the search waits until somebody wants it.
    private void ReadAddress()
    {
        var query = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
        var range = query.GetValueOrDefault(RangeKey).ToString().Split("..");
        (_from, _to) = range is [var from, var to] && from.Length <= MostRangeText && to.Length <= MostRangeText ? (from, to) : (null, null);
        foreach (var name in query.GetValueOrDefault(WithoutKey).OfType<string>().Where(name => name.Length > 0).Take(MostWithout))
        {
            if (name[0] != '@')
            {
                _without.Add(name);
            }
            else if (int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                _withoutInstruments.Add(id);
            }
        }
    }

    private async Task KeepInAddressAsync()
    {
        _module ??= await Js.InvokeAsync<IJSObjectReference>("import", "/" + Assets["js/periodogram.js"]);
        await _module.InvokeVoidAsync("keepInAddress", new Dictionary<string, string[]>
        {
            [RangeKey] = string.IsNullOrWhiteSpace(_from) && string.IsNullOrWhiteSpace(_to) ? [] : [$"{_from}..{_to}"],
            [WithoutKey] = [.. _without, .. _withoutInstruments.Select(id => string.Create(CultureInfo.InvariantCulture, $"@{id}"))],
        });
    }

    private async Task SearchAsync()
    {
        if (Days(_from, "shortest") is not (true, var least) || Days(_to, "longest") is not (true, var most) || _isBusy)
        {
            return;
        }

        var filters = _bands.Where(band => !_without.Contains(band)).ToArray();
        var instruments = _instruments.Select(item => item.Id).Where(id => !_withoutInstruments.Contains(id)).ToArray();
        if (filters.Length == 0 || instruments.Length == 0)
        {
            _problem = "Choose a bandpass and an instrument at least.";
            return;
        }

        (_isBusy, _problem) = (true, null);
        StateHasChanged();
        try
        {
            var request = new PeriodogramRequest(
                least, most, filters.Length == _bands.Count ? null : filters, PeriodogramMethod.Fast, instruments.Length == _instruments.Count ? null : instruments);
            _found = await Read.OfObjectAsync(Viewer, Model.Obj.Id, request, _closed.Token);
            await KeepInAddressAsync();
        }
        catch (Refusal refusal)
        {
            _problem = refusal.Message;
        }
        catch (Exception error) when (error is OperationCanceledException || (_isGone && error is JSException or JSDisconnectedException or ObjectDisposedException))
        {
            // Nobody looks any more.
        }
        finally
        {
            _isBusy = false;
        }
    }

    private (bool IsGood, double? Days) Days(string? text, string which)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (true, null);
        }

        if (LightCurveView.ParsePeriodDays(text) is { } days)
        {
            return (true, days);
        }

        _problem = $"The {which} period must be a number of days, or have a unit: 40 min, 17 h, 3 d.";
        return (false, null);
    }

    private async Task AgreeAsync()
    {
        if (_folded is not { } days)
        {
            return;
        }

        var peak = _found?.Peaks.FirstOrDefault(item => Multipliers.Any(multiplier => Math.Abs((days / (item.PeriodDays * multiplier.Times)) - 1) < 1e-9));
        var data = JsonSerializer.SerializeToElement(new Dictionary<string, object?>
        {
            ["period"] = days,
            ["period_unit"] = "d",
            ["method"] = peak is null ? "by eye" : "Lomb-Scargle",
            ["peak_period"] = peak?.PeriodDays,
            ["false_alarm_probability"] = peak?.FalseAlarmProbability,
        }.Where(item => item.Value is not null).ToDictionary());
        var origin = string.Create(CultureInfo.InvariantCulture, $"period of user {Viewer.UserId}");
        var mine = Model.Annotations.FirstOrDefault(row => row.Origin == origin);
        long id = 0;
        var done = await Toasts.TryAsync(
            async () =>
            {
                if (mine is null)
                {
                    id = await Post.HandleAsync(Viewer, AnnotatedKind.Sources, Model.Obj.Id, origin, data, Model.ShareGroups(Viewer), CancellationToken.None);
                }
                else
                {
                    await Edit.HandleAsync(Viewer, AnnotatedKind.Sources, Model.Obj.Id, mine.Id, null, data, null, CancellationToken.None);
                }
            },
            $"The period of {Text(days, "0.######")} d is saved for {Model.Readers(Viewer)}",
            async () =>
            {
                if (mine is null)
                {
                    await Delete.HandleAsync(Viewer, AnnotatedKind.Sources, Model.Obj.Id, id, CancellationToken.None);
                }
                else
                {
                    await Edit.HandleAsync(Viewer, AnnotatedKind.Sources, Model.Obj.Id, mine.Id, null, mine.Data, null, CancellationToken.None);
                }

                await Changed.InvokeAsync();
            });
        if (done)
        {
            await Changed.InvokeAsync();
        }
    }
}
