using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>A made-up ZTF packet with the fields that matter, written as a real one.</summary>
internal sealed record ZtfPacket(string ObjectId, long Candid)
{
    private const string SchemaJson = """
        {"type": "record", "name": "alert", "namespace": "ztf", "fields": [
          {"name": "objectId", "type": "string"},
          {"name": "candid", "type": "long"},
          {"name": "candidate", "type": {"type": "record", "name": "candidate", "namespace": "ztf.alert", "fields": [
            {"name": "jd", "type": "double"}, {"name": "fid", "type": "int"}, {"name": "programid", "type": "int"},
            {"name": "isdiffpos", "type": "string"}, {"name": "ra", "type": "double"}, {"name": "dec", "type": "double"},
            {"name": "magpsf", "type": "float"}, {"name": "sigmapsf", "type": "float"},
            {"name": "drb", "type": ["null", "float"], "default": null}, {"name": "rb", "type": ["null", "float"], "default": null},
            {"name": "magap", "type": ["null", "float"], "default": null}, {"name": "magnr", "type": ["null", "float"], "default": null},
            {"name": "distnr", "type": ["null", "float"], "default": null}, {"name": "distpsnr1", "type": ["null", "float"], "default": null},
            {"name": "objectidps1", "type": ["null", "long"], "default": null},
            {"name": "ssdistnr", "type": ["null", "float"], "default": null},
            {"name": "ssnamenr", "type": ["null", "string"], "default": null}]}},
          {"name": "prv_candidates", "default": null, "type": ["null", {"type": "array", "items":
            {"type": "record", "name": "prv_candidate", "namespace": "ztf.alert", "fields": [
            {"name": "jd", "type": "double"}, {"name": "fid", "type": "int"}, {"name": "programid", "type": "int"},
            {"name": "diffmaglim", "type": ["null", "float"], "default": null},
            {"name": "isdiffpos", "type": ["null", "string"], "default": null},
            {"name": "magpsf", "type": ["null", "float"], "default": null}, {"name": "sigmapsf", "type": ["null", "float"], "default": null},
            {"name": "magap", "type": ["null", "float"], "default": null}]}}]},
          {"name": "fp_hists", "default": null, "type": ["null", {"type": "array", "items":
            {"type": "record", "name": "fp_hist", "namespace": "ztf.alert", "fields": [
            {"name": "jd", "type": "double"}, {"name": "fid", "type": "int"}, {"name": "programid", "type": "int"},
            {"name": "magzpsci", "type": ["null", "float"], "default": null}, {"name": "procstatus", "type": ["null", "string"], "default": null},
            {"name": "forcediffimflux", "type": ["null", "float"], "default": null}, {"name": "forcediffimfluxunc", "type": ["null", "float"], "default": null}]}}]},
          {"name": "cutoutScience", "default": null, "type": ["null", {"type": "record", "name": "cutout", "namespace": "ztf.alert", "fields": [
            {"name": "fileName", "type": "string"}, {"name": "stampData", "type": "bytes"}]}]},
          {"name": "cutoutTemplate", "default": null, "type": ["null", "ztf.alert.cutout"]},
          {"name": "cutoutDifference", "default": null, "type": ["null", "ztf.alert.cutout"]}]}
        """;

    private static readonly AvroSchema Schema = AvroSchema.Parse(SchemaJson);

    public double Jd { get; init; } = 2_460_900.75;
    public int Fid { get; init; } = 1;
    public int Programme { get; init; } = 1;
    public string IsDiffPos { get; init; } = "t";
    public double Ra { get; init; } = 150.1;
    public double Dec { get; init; } = 2.2;
    public double Mag { get; init; } = 18.5;
    public double MagErr { get; init; } = 0.1;
    public double? Drb { get; init; } = 0.9;
    public double? Rb { get; init; }
    public double? MagAp { get; init; }
    public double? MagNr { get; init; }
    public double? DistNr { get; init; }
    public double? DistPs { get; init; }
    public long? ObjectIdPs { get; init; }
    public double? SsDistance { get; init; }
    public string? SsName { get; init; }

    /// <summary>Previous detections (mag) and limits (null).</summary>
    public IReadOnlyList<(double Jd, double? Mag, int Programme)> Previous { get; init; } = [];

    public IReadOnlyList<(double Jd, double Flux, double Error, string Status, int Programme)> Forced { get; init; } = [];

    public byte[]? Cutout { get; init; } = Picture();

    public AlertPacket Packet(string? name = null) => new(name ?? $"{Candid}.avro", Write());

    public byte[] Write()
    {
        var cutout = Cutout is null ? null : Schema.NewRecord("ztf.alert.cutout", new Dictionary<string, object?> { ["fileName"] = "a.fits", ["stampData"] = Cutout });
        return AvroWriter.WriteContainer(Schema,
        [
            Schema.NewRecord("ztf.alert", new Dictionary<string, object?>
            {
                ["objectId"] = ObjectId,
                ["candid"] = Candid,
                ["candidate"] = Schema.NewRecord("ztf.alert.candidate", new Dictionary<string, object?>
                {
                    ["jd"] = Jd, ["fid"] = (long)Fid, ["programid"] = (long)Programme, ["isdiffpos"] = IsDiffPos, ["ra"] = Ra, ["dec"] = Dec,
                    ["magpsf"] = Mag, ["sigmapsf"] = MagErr, ["drb"] = Drb, ["rb"] = Rb, ["magap"] = MagAp, ["magnr"] = MagNr,
                    ["distnr"] = DistNr, ["distpsnr1"] = DistPs, ["objectidps1"] = ObjectIdPs, ["ssdistnr"] = SsDistance, ["ssnamenr"] = SsName,
                }),
                ["prv_candidates"] = Previous.Select(object? (item) => Schema.NewRecord("ztf.alert.prv_candidate", new Dictionary<string, object?>
                {
                    ["jd"] = item.Jd, ["fid"] = (long)Fid, ["programid"] = (long)item.Programme, ["diffmaglim"] = 20.5, ["magpsf"] = item.Mag,
                    ["sigmapsf"] = item.Mag is null ? null : 0.1, ["isdiffpos"] = item.Mag is null ? null : "t", ["magap"] = item.Mag,
                })).ToArray(),
                ["fp_hists"] = Forced.Select(object? (item) => Schema.NewRecord("ztf.alert.fp_hist", new Dictionary<string, object?>
                {
                    ["jd"] = item.Jd, ["fid"] = (long)Fid, ["programid"] = (long)item.Programme, ["magzpsci"] = 26.4,
                    ["procstatus"] = item.Status, ["forcediffimflux"] = item.Flux, ["forcediffimfluxunc"] = item.Error,
                })).ToArray(),
                ["cutoutScience"] = cutout,
                ["cutoutTemplate"] = cutout,
                ["cutoutDifference"] = cutout,
            }),
        ]);
    }

    private static byte[] Picture()
    {
        var pixels = new float[63 * 63];
        pixels[(31 * 63) + 31] = 100;
        return FitsWriter.WriteImage(pixels, 63, 63, gzip: true);
    }
}
