namespace SkyPortal.Infrastructure.Operations;

/// <summary>
/// An advisory lock on a file, shared or exclusive. The kernel drops it when its process ends in whatever way, so
/// nothing is left behind after a kill.
/// </summary>
internal sealed class FileLease : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly FileStream file;

    private FileLease(FileStream file) => this.file = file;

    /// <summary>Takes the lock, waiting while another process holds it.</summary>
    /// <exception cref="PrivatePostgresException">It stayed taken for the whole <paramref name="limit"/>.</exception>
    public static async Task<FileLease> AcquireAsync(string path, bool exclusive, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (TryAcquire(path, exclusive) is { } lease) return lease;
            if (time.GetElapsedTime(start) > limit)
                throw new PrivatePostgresException($"Another process has held {path} for {limit.TotalSeconds:0} s; it is starting or stopping the database. Try again when it is done.");
            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>Takes the lock if it is free at this moment; null when it is not.</summary>
    /// <exception cref="PrivatePostgresException">The file cannot be opened by this user.</exception>
    public static FileLease? TryAcquire(string path, bool exclusive)
    {
        try
        {
            // On Unix FileShare.None is an exclusive flock, and read access with FileShare.Read a shared one.
            return new FileLease(exclusive
                ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                : new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read));
        }
        catch (UnauthorizedAccessException)
        {
            throw new PrivatePostgresException($"{path} belongs to another user. Use the user who created this data directory, or root.");
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
