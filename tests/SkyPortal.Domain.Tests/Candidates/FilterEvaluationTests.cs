using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

public class FilterEvaluationTests
{
    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("12 / 4 / 3", 1)]
    [InlineData("-7 % 4", -3)]
    [InlineData("- - 2", 2)]
    [InlineData(".5e1", 5)]
    [InlineData("null ?? 4 + 1", 5)]
    [InlineData("candidate.classtar ?? candidate.rb", 0.7)]
    [InlineData("if(mag < 19, 1, 2)", 1)]
    [InlineData("if(candidate.classtar > 0, 1, 2)", 2)]
    [InlineData("abs(-2)", 2)]
    [InlineData("sqrt(9)", 3)]
    [InlineData("log10(1000)", 3)]
    [InlineData("ln(exp(2))", 2)]
    [InlineData("pow(2, 10)", 1024)]
    [InlineData("floor(-1.5)", -2)]
    [InlineData("ceil(1.2)", 2)]
    [InlineData("round(2.5)", 3)]
    [InlineData("min(3, 1, 2)", 1)]
    [InlineData("max(3, 1, 2)", 3)]
    [InlineData("length(\"abc\")", 3)]
    [InlineData("nullif(candidate.distpsnr1, -999)", 3.5)]
    [InlineData("count(prv_candidates)", 4)]
    [InlineData("count(prv_candidates, magpsf != null and isdiffpos)", 2)]
    [InlineData("count(prv_candidates, jd > candidate.jd - 2.5)", 2)]
    [InlineData("min(prv_candidates, magpsf)", 19)]
    [InlineData("max(prv_candidates, magpsf)", 20)]
    [InlineData("min(prv_candidates, magpsf, fid == 1)", 20)]
    [InlineData("mean(prv_candidates, magpsf)", 19.5)]
    [InlineData("sum(prv_candidates, sigmapsf)", 0.5)]
    [InlineData("sum(prv_candidates, magpsf, false)", 0)]
    [InlineData("first(prv_candidates, magpsf)", 20)]
    [InlineData("last(prv_candidates, magpsf, fid == 1)", 20)]
    [InlineData("count(prv_candidates, any(fp_hists, forcediffimflux > 0 and fid == 1))", 4)]
    [InlineData("count(history, is_detection and not is_forced)", 4)]
    public void Evaluate_NumberExpression_GivesValue(string expression, double expected) =>
        Assert.Equal(expected, Assert.IsType<double>(Alerts.Value(expression)), 9);

    [Theory]
    [InlineData("null + 1")]
    [InlineData("-candidate.classtar")]
    [InlineData("1 / 0")]
    [InlineData("5 % 0")]
    [InlineData("sqrt(-1)")]
    [InlineData("log10(0)")]
    [InlineData("exp(10000)")]
    [InlineData("1e300 * 1e300")]
    [InlineData("pow(candidate.classtar, 0)")]
    [InlineData("max(1, candidate.classtar)")]
    [InlineData("min(prv_candidates, magpsf, fid == 9)")]
    [InlineData("mean(prv_candidates, magpsf, fid == 9)")]
    [InlineData("first(prv_candidates, isdiffpos, fid == 9)")]
    [InlineData("nullif(candidate.ssdistnr, -999)")]
    [InlineData("nearest_solar_system_arcsec")]
    [InlineData("solar_system_name")]
    [InlineData("if(true, null, 1)")]
    public void Evaluate_WithoutValue_GivesNull(string expression) => Assert.Null(Alerts.Value(expression));

    [Theory]
    [InlineData("1 < 2", true)]
    [InlineData("2 <= 2 and 2 >= 2 and 3 > 2 and 1 != 2 and 2 == 2", true)]
    [InlineData("true or false and false", true)]
    [InlineData("not true or true", true)]
    [InlineData("not (true or true)", false)]
    [InlineData("TRUE AND NOT FALSE", true)]
    [InlineData("mag between 18 and 19 and drb > 0.8", true)]
    [InlineData("mag not between 18 and 19", false)]
    [InlineData("mag not between 19 and 20", true)]
    [InlineData("band in ['g', \"r\"]", true)]
    [InlineData("band not in [\"g\"]", false)]
    [InlineData("candidate.fid in [2, 3]", false)]
    [InlineData("candidate.isdiffpos == 't'", true)]
    [InlineData("candidate.isdiffpos", true)]
    [InlineData("candidate.isdiffpos == true", true)]
    [InlineData("is_positive == true and is_moving == false", true)]
    [InlineData("is_moving != is_positive", true)]
    [InlineData("startswith(objectId, 'ZTF23') and endswith(objectId, 'g') and contains(objectId, 'abc')", true)]
    [InlineData("like(objectId, 'ZTF??a*g')", true)]
    [InlineData("like(objectId, 'ZTF??')", false)]
    [InlineData("like(lower(objectId), 'ztf*')", true)]
    [InlineData("text(candidate.candid) == '2000000000000000001'", true)]
    [InlineData("text(1.5) == '1.5'", true)]
    [InlineData("any(prv_candidates, magpsf < 19.2)", true)]
    [InlineData("all(prv_candidates, magpsf < 19.2)", false)]
    [InlineData("all(prv_candidates, fid in [1, 2])", true)]
    [InlineData("any(prv_candidates, false)", false)]
    [InlineData("last(prv_candidates, isdiffpos)", true)]
    [InlineData("any(history, ra == alert.ra and ra == packet.candidate.ra)", true)]
    [InlineData("cutoutScience is null and candidate is not null and prv_candidates is not null", true)]
    [InlineData("candidate.drb > 0.8 and candidate.magpsf < 19.5 and not is_moving and count(prv_candidates, magpsf != null and isdiffpos) >= 2 and age_days < 10", true)]
    public void Evaluate_Condition_Decides(string expression, bool expected) => Assert.Equal(expected, Alerts.Passes(expression));

    [Theory]
    [InlineData("candidate.classtar > 1", false)]
    [InlineData("candidate.classtar == 1", false)]
    [InlineData("candidate.classtar != 1", false)]
    [InlineData("not (candidate.classtar > 1)", true)]
    [InlineData("not (null > 1)", true)]
    [InlineData("candidate.classtar in [1]", false)]
    [InlineData("candidate.classtar not in [1]", false)]
    [InlineData("candidate.classtar between 0 and 1", false)]
    [InlineData("candidate.classtar not between 0 and 1", false)]
    [InlineData("mag not between candidate.classtar and 3", false)]
    [InlineData("candidate.classtar == candidate.classtar", false)]
    [InlineData("candidate.classtar is null", true)]
    [InlineData("candidate.classtar == null and null == null", true)]
    [InlineData("isnull(candidate.classtar) and not isnull(mag)", true)]
    [InlineData("candidate.classtar is not null", false)]
    [InlineData("(mag > 1) is null", false)]
    [InlineData("solar_system_name == 'x'", false)]
    [InlineData("solar_system_name != 'x'", false)]
    [InlineData("not startswith(solar_system_name, 'x')", true)]
    [InlineData("first(prv_candidates, magpsf < 19, fid == 9)", false)]
    [InlineData("first(prv_candidates, magpsf < 19, fid == 9) is null", true)]
    [InlineData("first(prv_candidates, magpsf < 19, fid == 9) ?? true", true)]
    [InlineData("not first(prv_candidates, magpsf < 19, fid == 9)", true)]
    [InlineData("(solar_system_name ?? 'none') == 'none'", true)]
    public void Evaluate_Nulls_FollowTheRules(string expression, bool expected) => Assert.Equal(expected, Alerts.Passes(expression));

    [Fact]
    public void Evaluate_NotANumberInPacket_IsNull() =>
        Assert.True(Alerts.Passes("candidate.drb is null and candidate.sky is null", Alerts.Ztf(("drb", double.NaN), ("sky", double.PositiveInfinity))));

    [Fact]
    public void Evaluate_NullArray_HasNoElements()
    {
        var packet = Alerts.Make(KnownLayouts.Ztf);

        Assert.True(Alerts.Passes("count(prv_candidates) == 0 and all(fp_hists, false) and not any(fp_hists, true) and sum(fp_hists, jd) == 0", packet));
        Assert.Equal(0.0, Alerts.Value("count(history, mag is not null)", packet));
    }

    // Oracle: astropy 5.2.1, SkyCoord(ra, dec).separation(other).arcsec and .galactic.b.deg.
    [Theory]
    [InlineData("separation_arcsec(10, 20, 10.001, 20)", 3.382893434822374, 1e-9)]
    [InlineData("separation_arcsec(0, 90, 180, 89)", 3600, 1e-6)]
    [InlineData("separation_arcsec(0, 0, 180, 0)", 648000, 1e-6)]
    [InlineData("separation_arcsec(33.1, -45.2, 210.7, 61.9)", 587671.3847784948, 1e-6)]
    [InlineData("galactic_latitude(192.85948, 27.12825)", 90, 1e-5)]
    [InlineData("galactic_latitude(266.4051, -28.936175)", -8.20090120410991e-05, 1e-5)]
    [InlineData("galactic_latitude(150.1, 2.2)", 42.10264795597322, 1e-5)]
    [InlineData("galactic_latitude(83.6, -5.4)", -19.582800874006526, 1e-5)]
    public void Evaluate_SkyFunctions_MatchOracle(string expression, double expected, double tolerance) =>
        Assert.Equal(expected, Assert.IsType<double>(Alerts.Value(expression)), tolerance);

    [Fact]
    public void Evaluate_OtherSchemaVersion_BindsFieldsByName()
    {
        var candidate = new PacketLayout("candidate", [new("drb", PacketFieldKind.Number, true), new("magpsf", PacketFieldKind.Text, true)]);
        var alert = new PacketLayout("alert", [new("extra", PacketFieldKind.Text, true), new("candidate", PacketFieldKind.Record, false, candidate)]);
        var old = new PacketRecord(alert, ["x", new PacketRecord(candidate, [0.95, "bright"])]);
        var filter = FilterCompiler.Compile(new("candidate.drb > 0.8 and (candidate.magpsf is null or mag < 19) and objectId is not null or candidate.jd is null"), FilterEnvironment.Ztf);

        Assert.True(filter.Evaluate(FilterEnvironment.Ztf.CreateContext(old)).Passed);
        Assert.True(filter.Evaluate(FilterEnvironment.Ztf.CreateContext(Alerts.Ztf())).Passed);
        Assert.True(filter.Evaluate(FilterEnvironment.Ztf.CreateContext(old)).Passed);
    }

    [Fact]
    public void Evaluate_Annotations_KeepTypes()
    {
        var filter = FilterCompiler.Compile(
            new("drb > 0.5", new Dictionary<string, string>
            {
                ["age"] = "age_days", ["id"] = "candidate.candid", ["n"] = "n_detections", ["moving"] = "is_moving", ["name"] = "objectId", ["none"] = "candidate.classtar",
            }),
            FilterEnvironment.Ztf);

        var passed = filter.Evaluate(FilterEnvironment.Ztf.CreateContext(Alerts.Ztf()));
        var failed = filter.Evaluate(FilterEnvironment.Ztf.CreateContext(Alerts.Ztf(("drb", 0.1))));

        Assert.True(passed.Passed);
        Assert.Equal(4.0, passed.Annotations["age"]);
        Assert.Equal(2_000_000_000_000_000_001L, passed.Annotations["id"]);
        Assert.Equal(4L, passed.Annotations["n"]);
        Assert.Equal(false, passed.Annotations["moving"]);
        Assert.Equal("ZTF23abcdefg", passed.Annotations["name"]);
        Assert.Null(passed.Annotations["none"]);
        Assert.False(failed.Passed);
        Assert.Empty(failed.Annotations);
    }

    [Fact]
    public void Evaluate_TooManyVisits_GivesUpAndSaysSo()
    {
        var previous = Alerts.Nested(KnownLayouts.Ztf, "prv_candidates");
        var row = Alerts.Make(previous, ("jd", Alerts.Jd));
        var packet = Alerts.Make(KnownLayouts.Ztf, ("prv_candidates", Enumerable.Repeat<object?>(row, 2_000).ToArray()));
        var filter = FilterCompiler.Compile(new("count(prv_candidates, count(prv_candidates) > 0) > 0 or true"), FilterEnvironment.Ztf);

        var outcome = filter.Evaluate(FilterEnvironment.Ztf.CreateContext(packet));

        Assert.True(outcome.IsExhausted);
        Assert.False(outcome.Passed);
    }

    [Fact]
    public void Evaluate_ContextOfAnotherSurvey_IsRefused()
    {
        var filter = FilterCompiler.Compile(new("mag < 19"), FilterEnvironment.Ztf);

        Assert.Throws<ArgumentException>(() => filter.Evaluate(FilterEnvironment.Lsst.CreateContext(Alerts.Lsst())));
    }
}
