using System.Security.Cryptography;
using System.Text;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>Where the files of a private database are.</summary>
/// <param name="Home">Folder of everything that the server's user owns.</param>
/// <param name="Account">The user that the server runs as.</param>
internal sealed record PrivatePostgresLayout(string Home, ServerAccount Account)
{
    public const int Port = 5432;

    // sun_path holds 108 bytes with the closing zero.
    private const int LongestSocketPath = 107;

    /// <summary>PostgreSQL's own data folder.</summary>
    public string Data => Path.Combine(Home, "data");

    /// <summary>A new database under construction; renamed to <see cref="Data"/> once complete.</summary>
    public string Unfinished => Path.Combine(Home, "data.new");

    /// <summary>What the server writes.</summary>
    public string Log => Path.Combine(Home, "server.log");

    /// <summary>Major version that made the data, or null when there is none yet.</summary>
    public int? DataMajorVersion
    {
        get
        {
            var file = Path.Combine(Data, "PG_VERSION");
            if (!File.Exists(file)) return null;
            var text = File.ReadAllText(file).Trim();
            return int.TryParse(text.Split('.')[0], out var major)
                ? major
                : throw new PrivatePostgresException($"{file} holds '{text}', not a PostgreSQL version; the database is damaged.");
        }
    }

    /// <summary>
    /// Folder of the socket: beside the data, or a short one under /tmp (named by a hash of the data's path) where
    /// that path is too long for a socket.
    /// </summary>
    public string SocketFolder
    {
        get
        {
            var near = Path.Combine(Home, "run");
            if (Encoding.UTF8.GetByteCount(Path.Combine(near, $".s.PGSQL.{Port}")) <= LongestSocketPath) return near;
            return Path.Combine("/tmp", $"skyportal-{Account.UserId}-{HashOf(Home)}");
        }
    }

    /// <summary>Finds or creates the folders for a data directory.</summary>
    /// <exception cref="PrivatePostgresException">This user, or the server's, cannot use them.</exception>
    public static async Task<PrivatePostgresLayout> PrepareAsync(PrivatePostgresOptions options, CancellationToken ct)
    {
        var dataDirectory = LinuxFiles.RealPath(options.DataDirectory);
        var near = Path.Combine(dataDirectory, "postgres");
        var far = Path.Combine(options.FallbackRoot, HashOf(dataDirectory));
        var home = !Directory.Exists(near) && Directory.Exists(far) ? far : near;
        var account = ServerAccount.Choose(Directory.Exists(home) ? home : null);

        if (!Directory.Exists(home) && account.Name is not null && !await account.CanEnterAsync(dataDirectory, ct))
        {
            // Typical for a clone below /root, which only root may enter.
            Directory.CreateDirectory(options.FallbackRoot);
            home = far;
            if (!await account.CanEnterAsync(options.FallbackRoot, ct))
                throw new PrivatePostgresException(
                    $"PostgreSQL does not run as root, and {account.Name} can enter neither {dataDirectory} nor {options.FallbackRoot}. "
                    + "Give --data-dir a folder whose parents everyone may enter (chmod o+x), or run as an ordinary user.");
        }

        account.OwnFolder(home);
        if (!await account.CanUseAsync(home, ct))
            throw new PrivatePostgresException($"{account.Name ?? "This user"} cannot enter and write {home}. Check the permissions of every folder above it.");
        return new PrivatePostgresLayout(home, account);
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
}
