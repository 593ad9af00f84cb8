using System.IO.Compression;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read spectra.</summary>
internal static class SpectrumReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new("ListSpectra", "all", async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/spectra?minimalPayload=true")), Seen),
        new("ListSpectraOld", "with samples", async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/spectrum")), Seen),
        new("GetSpectraRange", "all", async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/spectra/range")), Seen),
        new("GetSpectraRangeOld", "all", async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/spectrum/range")), Seen),
        new("GetSpectrum", "one", (client, world) => EachAsync(client, world, "/api/spectra/{0}"), Seen),
        new("GetSpectrumOld", "one", (client, world) => EachAsync(client, world, "/api/spectrum/{0}?includeOriginalFile=true"), Seen),
        new("GetSpectrumFile", "one", FilesAsync, Seen),
        new(
            "GetSourceSpectrumFiles",
            "all of each object",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var id in world.All<Obj>().Select(obj => obj.Id))
                {
                    using var reply = await client.Http.GetAsync($"/api/sources/{id}/spectra/files");
                    if (reply.IsSuccessStatusCode)
                    {
                        using var zip = new ZipArchive(await reply.Content.ReadAsStreamAsync());
                        seen.AddRange(zip.Entries.Select(entry => entry.Name.Split('-')[0]));
                    }
                }

                return seen;
            },
            Seen),
        new(
            "GetSourceSpectra",
            "of each object",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/spectra", data => ReadPaths.Ids(data.GetProperty("spectra"))),
            (oracle, world, person) => ReadPaths.Seen<Spectrum>(oracle, world, person).Select(spectrum => $"{spectrum.ObjId} {spectrum.Id}")),
        new(
            "GetCandidate",
            "spectra",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/candidates/{id}?includeSpectra=true", data => ReadPaths.Ids(data.GetProperty("spectra"))),
            (oracle, world, person) => ReadPaths.Seen<Spectrum>(oracle, world, person).Select(spectrum => $"{spectrum.ObjId} {spectrum.Id}")),
        new(
            "GetSpectraTogether",
            "sources",
            async (client, _) => ReadPaths.Ids((await client.PostAsync("/api/spectra/bulk", new { maxSources = 1000 })).GetProperty("sources")),
            (oracle, world, person) => ReadPaths.Seen<Spectrum>(oracle, world, person).Select(spectrum => spectrum.ObjId).Distinct()),
        new(
            "GetSpectraTogether",
            "spectra, by count",
            async (client, _) => [$"{(await client.PostAsync("/api/spectra/bulk", new { maxSources = 1000 })).GetProperty("spectra").GetArrayLength()}"],
            (oracle, world, person) => [$"{ReadPaths.Seen<Spectrum>(oracle, world, person).Count()}"]),
        new(
            "ListSources",
            "with a spectrum",
            async (client, _) => ReadPaths.Ids((await client.GetAsync("/api/sources?hasSpectrum=true&numPerPage=500")).GetProperty("sources")),
            (oracle, world, person) => ReadPaths.Saved(oracle, world, person)
                .Where(obj => ReadPaths.Seen<Spectrum>(oracle, world, person).Any(spectrum => spectrum.ObjId == obj.Id)).Select(obj => obj.Id)),
    ];

    private static IEnumerable<string> Seen(Oracle oracle, World world, Person person) => ReadPaths.Seen<Spectrum>(oracle, world, person).Select(spectrum => $"{spectrum.Id}");

    private static Task<IEnumerable<string>> EachAsync(TestClient client, World world, string path) => ReadPaths.EachAsync(
        world.All<Spectrum>().Select(spectrum => $"{spectrum.Id}"), id => client.SendAsync(HttpMethod.Get, path.Replace("{0}", id, StringComparison.Ordinal)));

    private static async Task<IEnumerable<string>> FilesAsync(TestClient client, World world)
    {
        var seen = new List<string>();
        foreach (var spectrum in world.All<Spectrum>())
        {
            using var reply = await client.Http.GetAsync($"/api/spectra/{spectrum.Id}/file");
            if (reply.IsSuccessStatusCode)
            {
                seen.Add($"{spectrum.Id}");
            }
        }

        return seen;
    }
}
