using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Spectra;
using SkyPortal.Web.Components.Shared;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>A sheet in which a file becomes a spectrum of a source.</summary>
public sealed partial class SpectrumUpload
{
    private const int PreviewSteps = 400;

    private ReadOnlyMemory<byte> _bytes;
    private string _fileName = "";
    private List<(int Id, string Name, string[] Telescope)> _instruments = [];
    private ParsedSpectrum? _parsed;
    private SpectrumHints? _hints;
    private string? _readOf;
    private string _path = "";
    private string? _problem;
    private string? _observed;
    private string? _label;
    private string _type = SpectrumTypes.Default;
    private string _units = "";
    private int _instrument;
    private int _wave = 1;
    private int _flux = 2;
    private int? _error;
    private bool _isText;
    private bool _isNm;
    private bool _isBusy;

    [Parameter, EditorRequired]
    public required string ObjId { get; set; }

    [Parameter]
    public bool IsOpen { get; set; }

    [Parameter]
    public EventCallback<bool> IsOpenChanged { get; set; }

    /// <summary>What the source is called besides.</summary>
    [Parameter]
    public IReadOnlyList<string> OtherNames { get; set; } = [];

    /// <summary>Groups that will see the spectrum; null for the whole site.</summary>
    [Parameter]
    public int[]? GroupIds { get; set; }

    /// <summary>Who they are, in words.</summary>
    [Parameter]
    public string Readers { get; set; } = "";

    [CascadingParameter]
    private Viewer Viewer { get; set; } = Viewer.Nobody;

    [Inject]
    private ReadFacilities Facilities { get; set; } = default!;

    [Inject]
    private PostSpectrum Post { get; set; } = default!;

    [Inject]
    private DeleteSpectrum Delete { get; set; } = default!;

    [Inject]
    private ToastService Toasts { get; set; } = default!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (IsOpen && _instruments.Count == 0)
        {
            _instruments =
            [
                .. (await Facilities.InstrumentsAsync(Viewer, null, CancellationToken.None)).Select(row => (row.Id, row.Name, new[] { row.Telescope.Nickname, row.Telescope.Name }))
                    .OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Item3[0], StringComparer.OrdinalIgnoreCase),
            ];
        }
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private async Task ReadAsync(InputFileChangeEventArgs args)
    {
        (_parsed, _problem) = (null, null);
        if (args.File.Size > FitsSpectrum.MostBytes)
        {
            _problem = $"The file is larger than {FitsSpectrum.MostBytes >> 20} MB.";
            return;
        }

        using var memory = new MemoryStream();
        await using (var stream = args.File.OpenReadStream(FitsSpectrum.MostBytes))
        {
            await stream.CopyToAsync(memory);
        }

        (_bytes, _fileName, _isNm, _readOf, _observed) = (memory.ToArray(), args.File.Name, false, null, null);
        // FITS begins with its first keyword, gzip with its two bytes.
        _isText = !(_bytes.Span.StartsWith("SIMPLE"u8) || _bytes.Span.StartsWith("\u001f"u8));
        Parse();
    }

    private void Parse()
    {
        (_parsed, _problem) = (null, null);
        try
        {
            _parsed = _isText
                ? AsciiSpectrum.Read(Encoding.UTF8.GetString(_bytes.Span), new SpectrumColumns(_wave - 1, _flux - 1, _error - 1))
                : FitsSpectrum.Read(_bytes);
        }
        catch (Refusal refusal)
        {
            _problem = refusal.Message;
            return;
        }

        if (_isNm)
        {
            var read = _parsed.Samples;
            _parsed = _parsed with { Samples = SpectrumSamples.From(Array.ConvertAll(read.WavelengthsAngstrom, nm => 10 * nm), read.Fluxes, read.Errors) };
        }

        _hints = SpectrumHints.Of(_parsed);
        _path = Outline(_parsed.Samples);
        // What a person has set since stays when only the columns are others.
        if (_readOf is null)
        {
            _units = _parsed.Units ?? _units;
            _observed = _hints.ObservedAt?.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) ?? _observed;
            _instrument = _hints.Instrument is null ? _instrument : _hints.Match(_instruments) ?? 0;
            _readOf = _fileName;
        }
    }

    // Nanometres of the optical and the near infrared; as ångström they would lie in the far ultraviolet.
    private static bool LooksLikeNm(SpectrumSamples samples) => samples.WavelengthsAngstrom is [> 100, .., < 1200];

    private void TakeAsNm(bool isNm)
    {
        _isNm = isNm;
        Parse();
    }

    // The highest and the lowest flux of each step, between the second and the ninety-eighth hundredth.
    private static string Outline(SpectrumSamples samples)
    {
        var (waves, fluxes) = (samples.WavelengthsAngstrom, samples.Fluxes);
        var sorted = fluxes.Order().ToArray();
        var (low, high) = (sorted[sorted.Length / 50], sorted[sorted.Length - 1 - (sorted.Length / 50)]);
        var span = high > low ? high - low : 1;
        var path = new StringBuilder();
        foreach (var run in waves.Index().GroupBy(item => (int)((item.Item - waves[0]) / Math.Max(waves[^1] - waves[0], 1e-9) * PreviewSteps)))
        {
            var own = run.Select(item => fluxes[item.Index]).ToList();
            foreach (var flux in own.Count == 1 ? own : [own.Min(), own.Max()])
            {
                path.Append(path.Length == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{run.Key} {130 - (120 * Math.Clamp((flux - low) / span, -0.08, 1.08)):0.0}");
            }
        }

        return path.ToString();
    }

    private async Task SaveAsync()
    {
        if (_parsed is not { } parsed || _isBusy)
        {
            return;
        }

        if (_instrument == 0 || SpectrumHints.Time(_observed) is not { } observed)
        {
            _problem = _instrument == 0 ? "Choose the instrument." : "Say when it was observed, such as 2026-01-31T04:12 or an MJD.";
            return;
        }

        _isBusy = true;
        long id = 0;
        var done = await Toasts.TryAsync(
            async () => id = await Post.HandleAsync(
                Viewer,
                new NewSpectrum
                {
                    ObjId = ObjId,
                    InstrumentId = _instrument,
                    ObservedAt = DateTime.SpecifyKind(observed, DateTimeKind.Utc),
                    Samples = parsed.Samples,
                    Units = _units.Length == 0 ? null : _units,
                    Type = _type,
                    Label = string.IsNullOrWhiteSpace(_label) ? null : _label,
                    Sharing = GroupIds is null ? new SpectrumSharing(GroupsMeant.Sitewide, []) : new SpectrumSharing(GroupsMeant.Named, GroupIds),
                    File = new SpectrumFile(_fileName, _bytes),
                },
                CancellationToken.None),
            "The spectrum is saved",
            () => Delete.HandleAsync(Viewer, id, CancellationToken.None));
        _isBusy = false;
        if (done)
        {
            (_parsed, _bytes, _isText, _label) = (null, default, false, null);
            IsOpen = false;
            await IsOpenChanged.InvokeAsync(false);
        }
    }
}
