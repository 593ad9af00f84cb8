using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>The points of a light curve as a table, and what was found about them.</summary>
public sealed partial class PhotometryTable
{
    private static readonly Column[] Columns =
    [
        new("MJD", true, point => point.Mjd),
        new("UTC", false, point => point.Mjd),
        new("Band", false, point => point.Band),
        new("AB mag", true, point => point.Mag),
        new("Limit", true, point => point.Limit),
        new("Flux, µJy", true, point => point.Flux),
        new("S/N", true, point => point.SignalToNoise),
        new("Instrument", false, point => point.Instrument),
        new("Origin", false, point => point.Origin),
        new("Verdict", false, point => point.Verdict),
    ];

    private const int FewPoints = 10;

    private ElementReference _rows;
    private List<PlotPoint> _sorted = [];
    private IReadOnlyList<PlotPoint>? _of;
    private PlotPoint? _chosen;
    private Column _by = Columns[0];
    private PointVerdict _verdict;
    private string? _explanation;
    private string? _notes;
    private bool _isDown = true;
    private bool _isOpen;
    private bool _mustReveal;

    [Parameter, EditorRequired]
    public required string ObjId { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<PlotPoint> Points { get; set; }

    /// <summary>Signal to noise above which a point is a detection.</summary>
    [Parameter]
    public double Snr { get; set; }

    /// <summary>Id of the chosen point.</summary>
    [Parameter]
    public long? Picked { get; set; }

    [Parameter]
    public EventCallback<long?> PickedChanged { get; set; }

    /// <summary>Raised when a verdict changed.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [CascadingParameter]
    private Viewer Viewer { get; set; } = Viewer.Nobody;

    private bool MayJudge => Viewer.Has(Acl.ManageSources);

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_of, Points))
        {
            _of = Points;
            Sort();
        }

        if (_chosen?.Id != Picked)
        {
            _isOpen |= Picked is not null;
            Choose(Points.FirstOrDefault(point => point.Id == Picked));
        }
        else if (_chosen is not null && Points.FirstOrDefault(point => point.Id == Picked) is var now && now != _chosen)
        {
            // What somebody types stays; what is said about the point is read anew.
            _chosen = now;
        }
    }

    // The panel may be too low for the plot and the table: who asked for the table sees the table.
    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_mustReveal)
        {
            return;
        }

        _mustReveal = false;
        try
        {
            await using var module = await Js.InvokeAsync<IJSObjectReference>("import", "/" + Assets["js/light-curve.js"]);
            await module.InvokeVoidAsync("reveal", _rows);
        }
        catch (Exception error) when (error is JSException or JSDisconnectedException or ObjectDisposedException)
        {
            // Left meanwhile; the table is there without it.
        }
    }

    private void Toggle() => _mustReveal = _isOpen = !_isOpen;

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Number(double flux) => Math.Abs(flux) is >= 0.1 and < 1e6 or 0 ? Text(flux, "0.0") : Text(flux, "0.00E0");

    private static string? Utc(double mjd) =>
        Mjd.IsValid(mjd) ? new Mjd(mjd).ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : null;

    private static string Name(PointVerdict verdict) => verdict switch
    {
        PointVerdict.Validated => "validated",
        PointVerdict.Rejected => "rejected",
        PointVerdict.Ambiguous => "ambiguous",
        _ => "",
    };

    private static PhotometryVerdict Verdict(PointVerdict verdict, string? explanation, string? notes) =>
        new(verdict switch { PointVerdict.Validated => true, PointVerdict.Rejected => false, _ => null }, explanation ?? "", notes ?? "");

    private void Choose(PlotPoint? point) => (_chosen, _verdict, _explanation, _notes) = (point, point?.Verdict ?? PointVerdict.None, point?.Explanation, point?.Notes);

    private async Task PickAsync(long id)
    {
        Picked = id;
        Choose(Points.FirstOrDefault(point => point.Id == id));
        await PickedChanged.InvokeAsync(id);
    }

    private void Sort(Column? by = null)
    {
        if (by is not null)
        {
            (_by, _isDown) = (by, by == _by ? !_isDown : by.IsNumber);
        }

        // What a point does not have comes last, whichever way.
        var known = Points.Where(point => _by.Of(point) is not null);
        var ordered = _isDown ? known.OrderByDescending(_by.Of).ThenByDescending(point => point.Mjd) : known.OrderBy(_by.Of).ThenBy(point => point.Mjd);
        _sorted = [.. ordered, .. Points.Where(point => _by.Of(point) is null)];
    }

    private async Task SaveAsync()
    {
        if (_chosen is not { } point || _verdict == PointVerdict.None)
        {
            return;
        }

        var said = Verdict(_verdict, _explanation, _notes);
        if (await Toasts.TryAsync(() => Validate.HandleAsync(Viewer, point.Id, said, CancellationToken.None), $"The point is {Name(_verdict)}", () => RestoreAsync(point)))
        {
            await Changed.InvokeAsync();
        }
    }

    private async Task RemoveAsync(PlotPoint point)
    {
        if (await Toasts.TryAsync(() => Validate.RemoveAsync(Viewer, point.Id, CancellationToken.None), "The verdict is taken back", () => RestoreAsync(point)))
        {
            await Changed.InvokeAsync();
        }
    }

    private async Task RestoreAsync(PlotPoint before)
    {
        if (before.Verdict == PointVerdict.None)
        {
            await Validate.RemoveAsync(Viewer, before.Id, CancellationToken.None);
        }
        else
        {
            await Validate.HandleAsync(Viewer, before.Id, Verdict(before.Verdict, before.Explanation, before.Notes), CancellationToken.None);
        }

        await Changed.InvokeAsync();
    }

    private sealed record Column(string Title, bool IsNumber, Func<PlotPoint, IComparable?> Of);
}
