using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Tests.Formats;

/// <summary>A small survey of our own that uses every part of Avro.</summary>
internal static class TestPackets
{
    public const string SchemaJson = """
        {
          "type": "record", "name": "alert", "namespace": "own.v1",
          "fields": [
            {"name": "objectId", "type": "string"},
            {"name": "candid", "type": "long"},
            {"name": "candidate", "type": {"type": "record", "name": "candidate", "fields": [
              {"name": "jd", "type": "double"},
              {"name": "fid", "type": "int"},
              {"name": "magpsf", "type": ["null", "float"], "default": null},
              {"name": "rb", "type": ["float", "null"], "default": 0.5},
              {"name": "isdiffpos", "type": "boolean"},
              {"name": "when", "type": {"type": "long", "logicalType": "timestamp-micros"}}
            ]}},
            {"name": "prv_candidates", "type": ["null", {"type": "array", "items": "candidate"}], "default": null},
            {"name": "any", "type": ["null", "long", "string", "own.v1.candidate"], "default": null},
            {"name": "notes", "type": {"type": "map", "values": "string"}, "default": {}},
            {"name": "band", "type": {"type": "enum", "name": "band", "symbols": ["g", "r", "i"]}},
            {"name": "digest", "type": {"type": "fixed", "name": "digest", "size": 4}},
            {"name": "numbers", "type": {"type": "array", "items": "double"}, "default": [1.5]},
            {"name": "parent", "type": ["null", "alert"], "default": null},
            {"name": "cutout", "type": ["null", "bytes"], "default": null}
          ]
        }
        """;

    public static AvroSchema Schema => AvroSchema.Parse(SchemaJson);

    public static PacketRecord Candidate(double jd, double? mag) => Schema.NewRecord("own.v1.candidate", new Dictionary<string, object?>
    {
        ["jd"] = jd,
        ["fid"] = 2L,
        ["magpsf"] = mag,
        ["isdiffpos"] = true,
        ["when"] = 1_700_000_000_000_000L,
    });

    public static PacketRecord Alert(PacketRecord? parent = null) => Schema.NewRecord("own.v1.alert", new Dictionary<string, object?>
    {
        ["objectId"] = "OWN25abc",
        ["candid"] = long.MaxValue,
        ["candidate"] = Candidate(2_460_000.5, 18.25),
        ["prv_candidates"] = new object?[] { Candidate(2_459_999.5, null), Candidate(2_459_998.5, 19.5) },
        ["any"] = "naïve",
        ["notes"] = new Dictionary<string, object?> { ["a"] = "1", ["b"] = "2" },
        ["band"] = "r",
        ["digest"] = new byte[] { 1, 2, 3, 4 },
        ["parent"] = parent,
        ["cutout"] = new byte[300],
    });
}
