using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace SkyPortal.Web.Health;

/// <summary>
/// Listens to the meters of the platform and a few of the runtime's, and writes what it heard in the text format that Prometheus
/// reads (version 0.0.4). Counters are summed, histograms keep their sum and number, gauges are asked when they are read.
/// </summary>
public sealed class MetricsText : IDisposable
{
    // A label that takes ever new values must not fill the memory.
    private const int MostSeries = 5_000;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = new();
    private readonly Lock _reading = new();

    /// <summary>Begins to listen.</summary>
    public MetricsText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (MetricsSetup.Meters.Contains(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, _) => Note(instrument, (double)value, tags));
        _listener.Start();
    }

    /// <summary>What was heard so far.</summary>
    public string Write()
    {
        lock (_reading)
        {
            // Of what is observed only what is told now is true.
            foreach (var (key, _) in _series.Where(pair => pair.Value.IsObserved))
            {
                _series.TryRemove(key, out _);
            }

            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var group in _series.GroupBy(pair => pair.Key.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                Write(text, group.Key, [.. group.OrderBy(pair => pair.Key.Labels, StringComparer.Ordinal).Select(pair => (pair.Key.Labels, pair.Value))]);
            }

            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static void Write(StringBuilder text, string name, IReadOnlyList<(string Labels, Series Series)> series)
    {
        var first = series[0].Series;
        if (first.Help.Length > 0)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(first.Help, isLabel: false)).Append('\n');
        }

        text.Append("# TYPE ").Append(name).Append(' ').Append(first.Type).Append('\n');
        foreach (var (labels, one) in series)
        {
            var (sum, count) = one.Read();
            if (one.Type == "summary")
            {
                Line(text, name + "_sum", labels, sum);
                Line(text, name + "_count", labels, count);
            }
            else
            {
                Line(text, name, labels, sum);
            }
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kind = KindOf(instrument);
        var key = (NameOf(instrument, kind), LabelsOf(tags));
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= MostSeries)
            {
                return;
            }

            series = _series.GetOrAdd(key, _ => new Series(kind == Kind.Sum && instrument.GetType().Name.StartsWith("UpDown", StringComparison.Ordinal) ? "gauge" : kind switch
            {
                Kind.Sum or Kind.ObservedSum => "counter",
                Kind.Summary => "summary",
                _ => "gauge",
            }, instrument.Description ?? "", instrument.IsObservable));
        }

        series.Note(value, kind is Kind.Sum or Kind.Summary);
    }

    private static Kind KindOf(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name switch
        {
            _ when name.StartsWith("Histogram", StringComparison.Ordinal) => Kind.Summary,
            _ when name.StartsWith("Counter", StringComparison.Ordinal) || name.StartsWith("UpDownCounter", StringComparison.Ordinal) => Kind.Sum,
            _ when name.StartsWith("ObservableCounter", StringComparison.Ordinal) => Kind.ObservedSum,
            _ => Kind.Gauge,
        };
    }

    private static string NameOf(Instrument instrument, Kind kind)
    {
        var name = new StringBuilder();
        foreach (var letter in instrument.Name)
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }

        name.Append(instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" });
        return name.Append(kind == Kind.ObservedSum || (kind == Kind.Sum && !instrument.GetType().Name.StartsWith("UpDown", StringComparison.Ordinal)) ? "_total" : "").ToString();
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var labels = new List<string>(tags.Length);
        foreach (var (name, value) in tags)
        {
            var plain = new string([.. name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]);
            labels.Add($"{plain}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", isLabel: true)}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return $"{{{string.Join(',', labels)}}}";
    }

    private static string Escape(string text, bool isLabel)
    {
        var plain = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isLabel ? plain.Replace("\"", "\\\"", StringComparison.Ordinal) : plain;
    }

    private enum Kind
    {
        Sum,
        ObservedSum,
        Summary,
        Gauge,
    }

    private sealed class Series(string type, string help, bool isObserved)
    {
        private readonly Lock _lock = new();
        private double _sum;
        private long _count;

        public string Type => type;

        public string Help => help;

        public bool IsObserved => isObserved;

        public void Note(double value, bool adds)
        {
            lock (_lock)
            {
                _sum = adds ? _sum + value : value;
                _count++;
            }
        }

        public (double Sum, long Count) Read()
        {
            lock (_lock)
            {
                return (_sum, _count);
            }
        }
    }
}
