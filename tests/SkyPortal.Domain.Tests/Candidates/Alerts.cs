using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

/// <summary>Hand-made alerts in the known layouts.</summary>
internal static class Alerts
{
    public const double Jd = 2_460_000.5;

    public static PacketRecord Make(PacketLayout layout, params (string Field, object? Value)[] values)
    {
        var row = new object?[layout.Fields.Count];
        foreach (var (field, value) in values)
        {
            var index = layout.IndexOf(field);
            Assert.True(index >= 0, $"No field {field} in {layout.Name}");
            row[index] = value;
        }

        return new PacketRecord(layout, row);
    }

    public static PacketLayout Nested(PacketLayout layout, string field) => layout.Fields[layout.IndexOf(field)].Record!;

    /// <summary>A g-band ZTF detection of magnitude 18.5, with one earlier non-detection and three detections (19, 19.5 negative, 20).</summary>
    public static PacketRecord Ztf(params (string Field, object? Value)[] candidate)
    {
        var layout = Nested(KnownLayouts.Ztf, "candidate");
        var previous = Nested(KnownLayouts.Ztf, "prv_candidates");
        var forced = Nested(KnownLayouts.Ztf, "fp_hists");
        (string, object?)[] given =
        [
            ("jd", Jd), ("fid", 1L), ("candid", 2_000_000_000_000_000_001L), ("isdiffpos", "t"), ("ra", 150.0), ("dec", 2.0),
            ("magpsf", 18.5), ("sigmapsf", 0.1), ("diffmaglim", 20.5), ("drb", 0.9), ("rb", 0.7), ("programid", 1L),
            ("ssdistnr", -999.0), ("ssnamenr", "null"), ("sgscore1", 0.25), ("distpsnr1", 3.5), ("ndethist", 3L),
            ("jdstarthist", Jd - 4), ("nbad", 0L), ("classtar", null), .. candidate,
        ];
        return Make(
            KnownLayouts.Ztf,
            ("objectId", "ZTF23abcdefg"),
            ("candid", 2_000_000_000_000_000_001L),
            ("candidate", Make(layout, given)),
            ("prv_candidates", new object?[]
            {
                Make(previous, ("jd", Jd - 10), ("fid", 1L), ("diffmaglim", 20.0)),
                Make(previous, ("jd", Jd - 3), ("fid", 1L), ("magpsf", 20.0), ("sigmapsf", 0.2), ("isdiffpos", "t"), ("candid", 1L)),
                Make(previous, ("jd", Jd - 2), ("fid", 2L), ("magpsf", 19.5), ("sigmapsf", 0.2), ("isdiffpos", "f"), ("candid", 2L)),
                Make(previous, ("jd", Jd - 1), ("fid", 2L), ("magpsf", 19.0), ("sigmapsf", 0.1), ("isdiffpos", "1"), ("candid", 3L)),
            }),
            ("fp_hists", new object?[]
            {
                Make(forced, ("jd", Jd - 5), ("fid", 1L), ("magzpsci", 23.9), ("forcediffimflux", 100.0), ("forcediffimfluxunc", 10.0), ("procstatus", "0")),
                Make(forced, ("jd", Jd - 6), ("fid", 2L), ("magzpsci", 23.9), ("forcediffimflux", -99_999.0), ("forcediffimfluxunc", -99_999.0), ("procstatus", "61")),
            }));
    }

    /// <summary>An r-band LSST detection of 10,000 nJy at 50 sigma with two earlier sources and one forced measurement.</summary>
    public static PacketRecord Lsst(params (string Field, object? Value)[] alert)
    {
        var source = Nested(KnownLayouts.Lsst, "diaSource");
        var forced = Nested(KnownLayouts.Lsst, "prvDiaForcedSources");
        (string, object?)[] given =
        [
            ("diaSourceId", 3L),
            ("diaSource", Source(3, 61_000, 10_000)),
            ("prvDiaSources", new object?[] { Source(1, 60_990, 4_000), Source(2, 60_995, -5_000) }),
            ("prvDiaForcedSources", new object?[] { Make(forced, ("midpointMjdTai", 60_985.0), ("band", "i"), ("psfFlux", 100.0), ("psfFluxErr", 200.0)) }),
            ("diaObject", Make(Nested(KnownLayouts.Lsst, "diaObject"), ("diaObjectId", 123_456_789_012_345_678L), ("nDiaSources", 7L), ("firstDiaSourceMjdTai", 60_980.0))),
            .. alert,
        ];
        return Make(KnownLayouts.Lsst, given);

        PacketRecord Source(long id, double mjd, double flux) => Make(
            source, ("diaSourceId", id), ("midpointMjdTai", mjd), ("ra", 10.0), ("dec", -30.0), ("band", "r"), ("psfFlux", flux),
            ("psfFluxErr", 200.0), ("snr", Math.Abs(flux) / 200), ("isNegative", flux < 0), ("reliability", 0.8));
    }

    public static object? Value(string expression, PacketRecord? packet = null, FilterEnvironment? environment = null)
    {
        environment ??= FilterEnvironment.Ztf;
        var filter = FilterCompiler.Compile(
            new FilterDefinition("true", new Dictionary<string, string> { ["value"] = expression }),
            environment);
        return filter.Evaluate(environment.CreateContext(packet ?? Ztf())).Annotations["value"];
    }

    public static bool Passes(string expression, PacketRecord? packet = null, FilterEnvironment? environment = null)
    {
        environment ??= FilterEnvironment.Ztf;
        return FilterCompiler.Compile(new FilterDefinition(expression), environment)
            .Evaluate(environment.CreateContext(packet ?? Ztf())).Passed;
    }

    public static FilterSyntaxException Error(string expression, FilterEnvironment? environment = null) =>
        Assert.Throws<FilterSyntaxException>(() => FilterCompiler.Compile(new FilterDefinition(expression), environment ?? FilterEnvironment.Ztf));
}
