using System.Globalization;
using System.Text.RegularExpressions;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>A folder with the server programs (initdb, pg_ctl, postgres) and their major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int MajorVersion)
{
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    /// <summary>
    /// The programs to use: PATH first, then <c>/usr/lib/postgresql/*/bin</c>, the newest first. With
    /// <paramref name="dataMajorVersion"/> only programs of that version serve.
    /// </summary>
    /// <exception cref="PrivatePostgresException">None is installed, or none of the version of the data.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? dataMajorVersion, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in Folders().Distinct())
        {
            if (!Programs.All(p => File.Exists(Path.Combine(folder, p)))) continue;
            var answer = await ServerCommand.RunAsync(Path.Combine(folder, "postgres"), ["--version"], user: null, ct);
            if (VersionPattern().Match(answer.Output) is not { Success: true } match) continue;
            var binaries = new PostgresBinaries(folder, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            if (dataMajorVersion is null || dataMajorVersion == binaries.MajorVersion) return binaries;
            found.Add(binaries);
        }

        if (found.Count == 0)
            throw new PrivatePostgresException("No PostgreSQL server is installed. Install it (Debian, Ubuntu: apt-get install postgresql), or set SKYPORTAL_DATABASE to a PostgreSQL that runs already.");
        throw new PrivatePostgresException(
            $"The database was made by PostgreSQL {dataMajorVersion}, but only version {string.Join(", ", found.Select(b => b.MajorVersion))} is installed. "
            + $"Install PostgreSQL {dataMajorVersion} beside it (apt-get install postgresql-{dataMajorVersion}), or move the data with pg_upgrade or pg_dump.");
    }

    private static IEnumerable<string> Folders()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var program = new FileInfo(Path.Combine(folder, "postgres"));
            if (!program.Exists) continue;
            // A link in /usr/local/bin stands alone; its neighbours are where it points to.
            yield return Path.GetDirectoryName(program.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program.FullName)!;
        }

        const string packaged = "/usr/lib/postgresql";
        if (!Directory.Exists(packaged)) yield break;
        var versions = Directory.GetDirectories(packaged)
            .OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0);
        foreach (var version in versions) yield return Path.Combine(version, "bin");
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
